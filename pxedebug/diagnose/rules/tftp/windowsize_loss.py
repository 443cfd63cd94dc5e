"""A window of several blocks is more than the client or the path can take."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, EDK2, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.track.story import TftpFacts, Transfer, TransferStatus

__all__ = ["RULE"]

_MANY = 5
_SHARE = 50
"""One window in so many."""
_STUCK = 3


def check(case: Case, network: Network) -> Iterator[Found]:
    """More than five ACKs inside a window of a finished transfer, and the server sent blocks again; or three of them
    in one that then stalled.

    "More than five" alone would blame a gigabyte of 60,000 windows for a handful: they must be one in fifty, too. What
    the ACKs cost shows in their number, so goodput is not weighed beside it.
    """
    for turn, transfer, facts in tftp_reads(case):
        window = transfer.window_size or 1
        if window < 2 or not facts.short_acks or not transfer.retransmissions:
            continue
        stuck = transfer.status in (TransferStatus.STALLED, TransferStatus.UNREACHABLE, TransferStatus.ABORTED)
        # The last window of a file may be short.
        short = facts.short_acks - (transfer.status is TransferStatus.COMPLETE)
        windows = max(1, facts.highest_block // window)
        if short < _STUCK if stuck else (short <= _MANY or short * _SHARE < windows):
            continue
        what = (
            "and the transfer stopped" if stuck else f"and {count(transfer.retransmissions, 'block')} had to come again"
        )
        yield Found(
            turn,
            Confidence.STRONG,
            f"the client lost blocks of {count(short, 'window')} of {window} of {name(transfer.file)}, {what}",
            _evidence(transfer, facts),
            severity=Severity.ERROR if stuck else Severity.WARNING,
            server=transfer.server,
            values=server_values(transfer),
        )


def _evidence(transfer: Transfer, facts: TftpFacts) -> tuple[Evidence, ...]:
    evidence = cite_each(facts.answers[:1], "the agreed window") + cite_each(facts.repeats, "sent again")
    return evidence + cite(transfer.first_frame, "the request")


RULE = Rule(
    id="windowsize-loss",
    title="Blocks are lost inside TFTP windows",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    outcomes=ANY,
    screens=(
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen("a slow or stuck percentage; Windows 0xc0000001"),
    ),
    causes=(
        "the network card or firmware has too few receive buffers for the window",
        "policing, or a burst from a fast server's link into a slower one",
        "the variable window extension of WDS, with the updates of 2019",
        "packet loss on the path, which a window makes dearer",
    ),
    remedies=(
        Remedy(Product.CONFIGMGR, "RamDiskTFTPWindowSize=4", "in the distribution point's registry; 1 to 8"),
        *advice(
            "in the WDS server's properties, TFTP tab: clear `Enable Variable Window Extension`",
            "ask for windows of 1 to 8 blocks",
            "update the firmware of the machine or its network card",
        ),
    ),
    sources=("RFC 7440 section 3",),
    next_measurement="capture at the client's switch port: do all blocks of a window arrive there?",
)
