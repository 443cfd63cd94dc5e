"""A router or firewall on the way says by ICMP that the request may not or cannot pass."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.icmp import refusal
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import about_the_request, tftp_reads, unanswered
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """ICMP unreachable, quoting the request: administratively prohibited, no route, or a closed port told by a host
    that is not the server."""
    for turn, transfer, facts in tftp_reads(case, TransferStatus.UNREACHABLE, TransferStatus.UNANSWERED):
        if not unanswered(transfer, facts):
            continue
        told = next(((s, e) for s, e in about_the_request(network, transfer) if refusal(e, transfer.server)), None)
        if told is None:
            continue
        seen, event = told
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{event.source} refuses the request to {transfer.server}: it {refusal(event, transfer.server)}",
            cite(seen.frame, f"ICMP type {event.type} code {event.code}") + cite(transfer.first_frame, "the request"),
            server=transfer.server,
            values={"server": str(transfer.server), "router": str(event.source)},
        )


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
