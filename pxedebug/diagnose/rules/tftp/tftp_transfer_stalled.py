"""A transfer began and stopped in the middle."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import quiet_after, seconds
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, final, server_values, tftp_reads
from pxedebug.firmware import Phase
from pxedebug.track.clocks import SILENCE
from pxedebug.track.story import TftpFacts, Transfer, TransferStatus

__all__ = ["RULE"]

_REPEATS = 3
"""Retransmissions without a new block; fewer that recover are loss [measured: ff1]."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """The client took up the transfer, the last block did not come, and then: nothing but retransmissions, ICMP about
    the transfer's own port, or silence for more than 10 s.

    A program that leaves a file unread for the next request, without any repeat, has seen enough of it: no stall.
    """
    for read in tftp_reads(case, TransferStatus.STALLED, TransferStatus.UNREACHABLE):
        turn, transfer, facts = read
        if transfer.server_port is None or (not facts.highest_block and facts.highest_ack < 0):
            continue
        gone = transfer.status is TransferStatus.UNREACHABLE
        silence = quiet_after(turn, transfer)
        repeats = max(facts.data_tries, transfer.unanswered_tries - 1)
        if not gone and repeats < 1 and silence <= SILENCE:
            continue
        settled = gone or final(case, turn, transfer, Phase.TFTP_ACK)
        sure = Confidence.CERTAIN if gone or repeats >= _REPEATS else Confidence.STRONG
        yield Found(
            turn,
            sure if repeats or gone else Confidence.INFERRED,
            f"{name(transfer.file)} from {transfer.server} stopped {_where(transfer)}: {_who(read, silence)}",
            _evidence(transfer, facts, gone=gone),
            severity=Severity.FATAL if settled else Severity.ERROR,
            title=None if transfer.size else "The TFTP transfer stopped before its first block",
            server=transfer.server,
            values=server_values(transfer),
            causes=_GONE if gone else None,
        )


def _where(transfer: Transfer) -> str:
    if not transfer.size:
        return "before its first block"
    if transfer.declared_bytes:
        return f"at {min(transfer.size * 100 // transfer.declared_bytes, 100)} % of {transfer.declared_bytes:,} bytes"
    return f"after {transfer.size:,} bytes"


def _who(read: Read, silence: int) -> str:
    """Which side fell silent, by who still repeats."""
    _, transfer, facts = read
    tries = transfer.unanswered_tries
    if transfer.status is TransferStatus.UNREACHABLE:
        return "the server's port is closed (ICMP), its process is gone"
    if tries > 1 and facts.data_tries:
        return "both sides repeat themselves, packets are lost on the way"
    if tries > 1:
        return f"the server sends nothing more, though the client sent ACK {facts.highest_ack} {count(tries, 'time')}"
    if facts.data_tries:
        sent = count(facts.data_tries + 1, "time")
        return f"the client acknowledges nothing more, though the server sent block {facts.highest_block} {sent}"
    return f"nothing more came from either side in {seconds(silence)}"


def _evidence(transfer: Transfer, facts: TftpFacts, *, gone: bool) -> tuple[Evidence, ...]:
    evidence: tuple[Evidence, ...] = ()
    if gone and transfer.error_frame is not None:
        evidence += cite(transfer.error_frame, "ICMP: the server's port is closed")
    if facts.data_frame is not None:
        evidence += cite(facts.data_frame, f"the last new block, {facts.highest_block}")
    if facts.ack_frame is not None:
        evidence += cite(facts.ack_frame, f"the last new ACK, {facts.highest_ack}")
    return evidence + cite_each(facts.repeats, "repeated in vain") + cite(transfer.first_frame, "the request")


_GONE = (
    "the TFTP server process died or was restarted during the transfer",
    "the server ended the transfer by a limit of its own and closed the port",
    "a firewall on the server began to reject the port",
)

RULE = Rule(
    id="tftp-transfer-stalled",
    title="The TFTP transfer stopped in the middle",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E35: TFTP read timeout", INTEL),
        Screen("PXE-E18: Server response timeout, or PXE-E99: Unexpected network error after ICMP", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI)", IPXE),
        Screen("T T T T, then Retry count exceeded; starting again", U_BOOT),
        Screen("TFTP read timeout"),
    ),
    causes=(
        "the link of the client or the server went down for a while",
        "the client crashed or was reset",
        "the server stopped: a crash, or a limit (dnsmasq ends a transfer after 120 s)",
        "packets of one direction are lost: a full or policed link, a firewall that forgot the flow",
        "two machines use the same address",
        "a fault of the network card's driver (VMware vmxnet among others)",
    ),
    remedies=(
        *advice(
            "look into the TFTP server's log at the time of the last block",
            "fetch large files over HTTP: iPXE, GRUB and UEFI HTTP Boot can",
        ),
        Remedy(Product.LINUX, "journalctl -u dnsmasq -u tftpd-hpa --since -1h"),
    ),
    sources=("RFC 1350 section 4", "RFC 1123 section 4.2.3.1", "dnsmasq config.h (TFTP_TRANSFER_TIME)"),
    next_measurement="capture on both sides at once: which packet leaves one and does not reach the other?",
)
