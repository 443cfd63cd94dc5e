"""The transfer stops where 16-bit block numbers end."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, server_values, tftp_reads
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_LAST = 0xFFFF


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last block or ACK that both agree on is 65535: the server goes on with 0 or 1 and the client repeats ACK
    65535, or the server stops or says ERROR there.

    Both rolling over to 0 and going on is the common extension and no fault (B-09).
    """
    ended = (TransferStatus.STALLED, TransferStatus.UNREACHABLE, TransferStatus.REFUSED, TransferStatus.ABORTED)
    for read in tftp_reads(case, *ended):
        turn, transfer, facts = read
        window = transfer.window_size or 1
        if facts.highest_block < _LAST or facts.highest_ack & 0xFFFF not in (_LAST - 1, _LAST, 0):
            continue
        if facts.highest_block - facts.highest_ack > window + 1:
            continue
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{name(transfer.file)} stopped at block {facts.highest_ack:,}, where the numbers begin anew: {_who(read)}",
            _evidence(read),
            more=f"{transfer.size:,} bytes had come, in blocks of {transfer.block_size}.",
            server=transfer.server,
            values=server_values(transfer),
        )


def _who(read: Read) -> str:
    _, transfer, facts = read
    if transfer.status is TransferStatus.REFUSED:
        return "the server ends it with an error"
    if facts.highest_block > facts.highest_ack:
        return f"the server goes on with number {facts.highest_block & 0xFFFF}, which the client does not take"
    return "the server sends nothing more"


def _evidence(read: Read) -> tuple[Evidence, ...]:
    _, transfer, facts = read
    evidence: tuple[Evidence, ...] = ()
    if transfer.error_frame is not None:
        evidence += cite(transfer.error_frame, f"ERROR {transfer.error_code}")
    if facts.data_frame is not None:
        evidence += cite(facts.data_frame, f"the last new block, number {facts.highest_block & 0xFFFF}")
    if facts.ack_frame is not None:
        evidence += cite(facts.ack_frame, f"the last new ACK, number {facts.highest_ack & 0xFFFF}")
    evidence += cite_each(facts.repeats, "repeated in vain") + cite_each(facts.answers[:1], "the agreed block size")
    return evidence + cite(transfer.first_frame, "the request")


RULE = Rule(
    id="tftp-blocknum-rollover-stall",
    title="The file is too large for the TFTP block numbers",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(Screen("stops near 32 MiB (blocks of 512), 64 MiB (1024), 87 to 91 MiB (1408 to 1468)"),),
    causes=(
        "the server does not go on after block 65535",
        "the client does not (Raspberry Pi 5 bootloaders, for one)",
        "one side goes on with 0, the other with 1",
    ),
    remedies=(
        *advice(
            "ask for larger blocks: 65,535 blocks of 1468 bytes are 91 MiB",
            "fetch the file over HTTP, or make it smaller",
            "use a server that goes on with 0: tftpd-hpa, dnsmasq",
        ),
        Remedy(Product.TFTPD_HPA, "--rollover 0", "in TFTP_OPTIONS (1 for clients that go on with 1)"),
    ),
    sources=("RFC 1350 section 2", "RFC 2348", "EDK2 Mtftp4Support.c"),
)
