"""A router or firewall on the way says by ICMP that the request may not or cannot pass."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import about_the_request, reads, unanswered
from pxedebug.track.story import Transfer, TransferStatus
from pxedebug.wire.neighbours import IcmpError

__all__ = ["RULE"]

_WORDS = {
    (4, 0): "has no route to its network",
    (4, 1): "cannot reach it",
    (4, 9): "forbids traffic to its network",
    (4, 10): "forbids traffic to it",
    (4, 13): "forbids the request",
    (6, 0): "has no route to it",
    (6, 1): "forbids the request",
    (6, 3): "cannot reach it",
    (6, 5): "forbids its source address",
}
"""IP version and code of "destination unreachable" (RFC 1812 section 5.2.7.1, RFC 4443 section 3.1)."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """ICMP unreachable, quoting the request: administratively prohibited, no route, or a closed port told by a host
    that is not the server."""
    for turn, transfer, facts in reads(case, TransferStatus.UNREACHABLE, TransferStatus.UNANSWERED):
        if not unanswered(transfer, facts):
            continue
        told = next(((s, e) for s, e in about_the_request(network, transfer) if _refusal(e, transfer)), None)
        if told is None:
            continue
        seen, event = told
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{event.source} refuses the request to {transfer.server}: it {_refusal(event, transfer)}",
            cite(seen.frame, f"ICMP type {event.type} code {event.code}") + cite(transfer.first_frame, "the request"),
            server=transfer.server,
            values={"server": str(transfer.server), "router": str(event.source)},
        )


def _refusal(event: IcmpError, transfer: Transfer) -> str | None:
    """What the ICMP error says, as words; None when it says something else."""
    if event.port_unreachable:
        return None if event.source == transfer.server else "rejects it in the server's place"
    return _WORDS.get((event.version, event.code)) if event.unreachable else None


RULE = Rule(
    id="tftp-port-filtered",
    title="A router or firewall refuses the TFTP request",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E22: Client received ICMP error from server, or PXE-E99: Unexpected network error", EDK2),
        Screen("PXE-E32: TFTP open timeout", INTEL),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI): ICMP is ignored", IPXE),
        Screen("TFTP open timeout"),
    ),
    causes=(
        "an access list or firewall between client and server does not permit UDP port 69",
        "a firewall on the server rejects it (firewalld's REJECT)",
        "no route to the server's network, or the server is off and its router says so",
    ),
    remedies=(
        *advice("permit UDP port 69 to $server and the answers from its high ports, or use the firewall's TFTP helper"),
        Remedy(Product.LINUX, "firewall-cmd --permanent --add-service=tftp && firewall-cmd --reload", "on the server"),
        Remedy(Product.CISCO_IOS, "permit udp any host $server eq tftp"),
        Remedy(
            Product.NFTABLES,
            "add table inet filter\n"
            "add chain inet filter forward { type filter hook forward priority 0; }\n"
            "insert rule inet filter forward ip daddr $server udp dport 69 accept",
        ),
    ),
    sources=("RFC 792", "RFC 1812 section 5.2.7.1", "RFC 4443 section 3.1"),
)
