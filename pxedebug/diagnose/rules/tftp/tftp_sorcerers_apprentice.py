"""Every block travels twice: the Sorcerer's Apprentice Syndrome."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.track.clocks import SECOND

__all__ = ["RULE"]

_LEAST = 10
_LATE = SECOND // 5
"""The shortest timeout of any firmware is 250 ms (iPXE)."""
_DENSE = 8
"""Of ten blocks in the run so many must be doubled."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """Ten or more blocks, nearly all in a run, that came twice as DATA and as ACK, sooner than any timeout.

    The syndrome begins with a packet that was late. Where every packet came twice from the first block on and nothing
    was ever late, a device or the server doubles them [measured: fp1]: that costs little and is explanation only.
    Frames that the capture point itself sees twice carry the same IP identification, or the client's DHCP messages
    are doubled, too (B-13): nothing is said then.
    """
    for turn, transfer, facts in tftp_reads(case):
        if facts.twins < _LEAST or facts.twins * 10 < facts.twin_run * _DENSE or _mirrored(case):
            continue
        first = () if facts.twin_frame is None else cite(facts.twin_frame, "the first block that comes a second time")
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{count(facts.twins, 'block')} of {name(transfer.file)} in a row were sent and acknowledged twice",
            first + cite_each(facts.repeats, "the latest") + cite(transfer.first_frame, "the request"),
            severity=None if facts.twin_block > 1 or transfer.longest_gap >= _LATE else Severity.INFO,
            server=transfer.server,
            values=server_values(transfer),
        )


def _mirrored(case: Case) -> bool:
    """Messages straight from the client stand in the capture more than once."""
    exchanges = (exchange for turn in case.turns for exchange in turn.stage.exchanges)
    return any(m.copy_of is not None and m.from_client for exchange in exchanges for m in exchange.messages)


RULE = Rule(
    id="tftp-sorcerers-apprentice",
    title="Every TFTP block is sent twice",
    severity=Severity.WARNING,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    outcomes=ANY,
    screens=(Screen("nothing; loading takes twice as long"),),
    causes=(
        "the server sends DATA again when an ACK comes twice, after one packet was late",
        "the server, or something between, sends every packet twice",
    ),
    remedies=advice(
        "upgrade the TFTP server, or use another: it must not answer a repeated ACK (RFC 1123)",
        "look for two bridges or bonded links that both forward the packet",
    ),
    sources=("RFC 1123 section 4.2.3.1",),
)
