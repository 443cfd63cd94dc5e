"""Blocks that are larger than the path can carry in one piece never arrive."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, about_the_data, final, server_values, tftp_reads
from pxedebug.firmware import Phase
from pxedebug.track.story import SeenEvent, TftpFacts, Transfer, TransferStatus
from pxedebug.wire.neighbours import IcmpError

__all__ = ["RULE"]

_ETHERNET = 1500
_HEADERS_V4, _HEADERS_V6 = 32, 52
"""IP, UDP and TFTP headers of a DATA packet."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """No full block was acknowledged, and DATA was fragmented on the wire, or a hop says by ICMP that it is too big,
    or the agreed block does not fit Ethernet.

    The usable MTU is the ICMP's, or what the server's first fragments were cut to; that of the path itself is not on
    the wire. Where all fragments are seen they may still be lost further on [measured: fj1]. Sizes of single frames
    prove nothing (offload, V5), so the third form is no more than inferred.
    """
    for read in tftp_reads(case, TransferStatus.STALLED, TransferStatus.UNREACHABLE):
        _, transfer, facts = read
        if transfer.server_port is None or facts.highest_ack > 0:
            continue
        told = next(((seen, e) for seen, e in about_the_data(network, transfer) if e.too_big), None)
        v6 = transfer.server.version == 6
        overhead = _HEADERS_V6 if v6 else _HEADERS_V4
        size = (transfer.block_size or 0) + overhead
        too_long = facts.highest_block > 0 and size > _ETHERNET
        if told is None and not facts.fragments and not too_long:
            continue
        yield _found(case, read, told, overhead)


def _found(case: Case, read: Read, told: tuple[SeenEvent, IcmpError] | None, overhead: int) -> Found:
    turn, transfer, facts = read
    over = final(case, turn, transfer, Phase.TFTP_ACK)
    confidence = Confidence.STRONG if told is not None or facts.fragments else Confidence.INFERRED
    mtu = (told[1].mtu if told is not None else None) or facts.fragment_size or None
    fitting = (mtu if mtu is not None and overhead + 8 <= mtu < _ETHERNET else 1400) - overhead
    return Found(
        turn,
        confidence,
        f"blocks of {transfer.block_size or 512} bytes of {name(transfer.file)} {_what(transfer, facts, told)}",
        _evidence(transfer, facts, told),
        more="" if mtu is None or mtu >= _ETHERNET else f"No more than {mtu} bytes fit one packet on this path.",
        severity=Severity.FATAL if over and confidence is not Confidence.INFERRED else Severity.ERROR,
        server=transfer.server,
        values={**server_values(transfer), "blksize": str(fitting), "mtu": str(fitting + overhead)},
        absence=told is None,
    )


def _what(transfer: Transfer, facts: TftpFacts, told: tuple[SeenEvent, IcmpError] | None) -> str:
    if told is not None:
        return f"are too large for {told[1].source}, which says so by ICMP"
    if facts.fragments:
        return "travel in IP fragments, and the client acknowledges none"
    return "are larger than an Ethernet frame, and the client acknowledges none"


def _evidence(transfer: Transfer, facts: TftpFacts, told: tuple[SeenEvent, IcmpError] | None) -> tuple[Evidence, ...]:
    evidence: tuple[Evidence, ...] = ()
    if told is not None:
        evidence += cite(told[0].frame, "ICMP: too big")
    if facts.fragment_frame is not None:
        evidence += cite(facts.fragment_frame, "the first fragment of DATA")
    elif facts.data_frame is not None:
        evidence += cite(facts.data_frame, "DATA that is not acknowledged")
    evidence += cite_each(facts.answers[:1], "the agreed options") + cite_each(facts.repeats, "repeated in vain")
    return evidence + cite(transfer.first_frame, "the request")


RULE = Rule(
    id="blksize-fragmentation",
    title="Blocks too large for the path: fragments do not arrive",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E35: TFTP read timeout, or PXE-E32: TFTP open timeout", INTEL),
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI)", IPXE),
        Screen("progress stops at 0 %; Windows 0xc0000001 with blocks of 4096 to 16384 bytes"),
    ),
    causes=(
        "a tunnel on the way (VPN, VXLAN, PPPoE, WireGuard) has a smaller MTU, and fragments are dropped",
        "the block size was raised (RamDiskTFTPBlockSize, WDS) beyond what one packet carries",
        "the server does not look at its interface's MTU when it agrees to a block size",
        "the client's firmware cannot put fragments together",
    ),
    remedies=(
        Remedy(Product.TFTPD_HPA, "--blocksize $blksize", "in TFTP_OPTIONS"),
        Remedy(Product.DNSMASQ, "tftp-mtu=$mtu"),
        Remedy(Product.CONFIGMGR, "RamDiskTFTPBlockSize=1456", "in the distribution point's registry"),
        *advice("let block size and headers (32 bytes over IPv4, 52 over IPv6) fit the smallest MTU on the path"),
    ),
    sources=("RFC 2348", "RFC 791 section 3.2", "RFC 1191"),
    next_measurement="capture at the client's switch port: do all fragments of the first block arrive there?",
)
