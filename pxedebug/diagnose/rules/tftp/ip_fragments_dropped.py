"""Only some fragments of each block reach this point."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import icmp_of, server_values, tftp_reads
from pxedebug.track.story import Transfer, TransferStatus
from pxedebug.wire.neighbours import IcmpError

__all__ = ["RULE"]

_LEAST = 2
_REASSEMBLY = 1
"""Code of "time exceeded": fragment reassembly time (RFC 792, RFC 4443 section 3.3)."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """Two or more datagrams of which fragments are missing, in a transfer that the client cannot go on with, or its
    own ICMP that it gave up putting one together.

    A capture that misses fragments which the client has (a filter on ports, drops of the capture itself) shows its
    ACKs, and nothing is said. Datagrams whose first fragment is missing carry no ports and are not counted.
    """
    for turn, transfer, facts in tftp_reads(case, TransferStatus.STALLED, TransferStatus.UNREACHABLE):
        if not facts.fragments or transfer.server_port is None:
            continue
        told = next((s for s, e in icmp_of(network, transfer) if _gave_up(e, transfer)), None)
        incomplete = facts.fragments - facts.fragments_whole
        if told is None and (incomplete < _LEAST or facts.highest_ack > facts.highest_block):
            continue
        evidence = cite(told.frame, "ICMP: reassembly time exceeded") if told is not None else ()
        if facts.fragment_frame is not None:
            evidence += cite(facts.fragment_frame, "a first fragment")
        says = f"{count(incomplete, 'block')} of {name(transfer.file)} came without all IP fragments"
        yield Found(
            turn,
            Confidence.CERTAIN,
            says if incomplete else f"the client could not put the fragments of {name(transfer.file)} together",
            evidence + cite_each(facts.repeats, "repeated in vain") + cite(transfer.first_frame, "the request"),
            server=transfer.server,
            values={**server_values(transfer), "blksize": "1432", "mtu": "1464"},
        )


def _gave_up(event: IcmpError, transfer: Transfer) -> bool:
    return event.time_exceeded and event.code == _REASSEMBLY and event.source == transfer.client


RULE = Rule(
    id="ip-fragments-dropped",
    title="IP fragments are dropped on the way",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E35: TFTP read timeout, or PXE-E32: TFTP open timeout", INTEL),
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI)", IPXE),
        Screen("progress stops at 0 %"),
    ),
    causes=(
        "a firewall or access list drops fragments: later ones carry no ports",
        "a NAT gateway or load balancer does not keep fragments together",
        "a Wi-Fi bridge or a network card's offload loses them",
        "several paths of unequal length (ECMP)",
    ),
    remedies=(
        Remedy(Product.TFTPD_HPA, "--blocksize $blksize", "in TFTP_OPTIONS: no fragments at all"),
        Remedy(Product.DNSMASQ, "tftp-mtu=$mtu", "likewise"),
        Remedy(Product.CISCO_ASA, "fragment chain 24"),
        *advice("permit IP fragments between server and client, or choose blocks that fit one packet"),
    ),
    sources=("RFC 791 section 3.2", "RFC 8900 (IP fragmentation considered fragile)"),
)
