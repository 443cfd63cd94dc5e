"""A large file came, and slowly."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import TftpFacts, Transfer, TransferStatus

__all__ = ["RULE"]

_LARGE = 4 << 20
_SLOW = 1 << 20
"""Bytes a second."""
_LONG = 60 * SECOND
_LEAST = 1 << 20
_DEFAULT, _FULL = 512, 1468
"""Bytes of a block: without option blksize, and as many as one Ethernet frame carries."""
_COUNTS = (TransferStatus.COMPLETE, TransferStatus.IN_PROGRESS)


def check(case: Case, network: Network) -> Iterator[Found]:
    """Less than 1 MiB/s over more than 4 MiB, or a minute and more still to come at that speed (of files that are
    1 MiB in before it is said). Stalled transfers have rules of their own."""
    for turn, transfer, facts in tftp_reads(case, *_COUNTS):
        took = transfer.ended - transfer.started
        if transfer.size < _LEAST or took < SECOND:
            continue
        speed = transfer.size * SECOND // took
        left = max(0, (transfer.declared_bytes or 0) - transfer.size)
        waiting = transfer.status is TransferStatus.IN_PROGRESS and left * SECOND > speed * _LONG
        if speed >= _SLOW or not (transfer.size > _LARGE or waiting):
            continue
        words = f"{transfer.size:,} bytes in {seconds(took)}, {speed // 1024:,} KiB/s"
        if waiting:
            words += f", and {seconds(left * SECOND // max(speed, 1))} to go"
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{name(transfer.file)} from {transfer.server} came slowly: {words}",
            cite(transfer.first_frame, "the request") + cite(transfer.last_frame, "the end"),
            more=_limit(transfer, facts, took),
            server=transfer.server,
            values=server_values(transfer),
        )


def _limit(transfer: Transfer, facts: TftpFacts, took: int) -> str:
    """What took the time: waiting for timeouts, the server's way, or the client."""
    server, client = facts.server_turnaround or 0, facts.client_turnaround or 0
    shape = f"Blocks of {transfer.block_size} bytes, {transfer.window_size or 1} to a window; "
    times = f"the server's answers came after {_ms(server)} on average, the client's after {_ms(client)}"
    windows = facts.highest_block // (transfer.window_size or 1)
    if transfer.retransmissions and windows * (server + client) * 2 < took:
        return f"{shape}{times}: most of the time went into waiting after {transfer.retransmissions:,} losses."
    block = transfer.block_size or _DEFAULT
    if block <= _DEFAULT and transfer.size * _FULL // block * SECOND // took >= _SLOW:
        return f"{shape}{times}: the small blocks set the pace."
    whose = "the server, or the way to it" if server >= client else "the client"
    return f"{shape}{times}: {whose} sets the pace."


def _ms(nanoseconds: int) -> str:
    return f"{nanoseconds / 1_000_000:.1f} ms"


RULE = Rule(
    id="tftp-slow-transfer",
    title="The TFTP transfer is slow",
    severity=Severity.WARNING,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    outcomes=ANY,
    screens=(Screen("a long `Loading files...` bar"),),
    causes=(
        "small blocks, or windows of one block: each waits for its ACK (`small-blksize-slow`)",
        "a long way to the server: one round trip a block",
        "slow firmware: it looks for packets at long intervals",
        "packet loss with timers of 1 to 5 s",
        "a duplex mismatch, or energy-efficient Ethernet",
    ),
    remedies=(
        Remedy(Product.IPXE, "chain http://$server/boot.ipxe", "fetch large files over HTTP"),
        Remedy(Product.CONFIGMGR, "RamDiskTFTPBlockSize=1456 and RamDiskTFTPWindowSize=8", "in the registry"),
        *advice("place a server near the clients", "ask for larger blocks and windows, as far as one packet carries"),
    ),
    sources=("RFC 1350 section 2 (lock step)", "RFC 7440"),
)
