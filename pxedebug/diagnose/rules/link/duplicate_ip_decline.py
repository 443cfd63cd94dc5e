"""The client found its new address in use and gave it back (RFC 2131 section 3.1, step 5).

A DECLINE that says something of the lease, or one after an ACK with another address than was offered, is no conflict:
see `ack-rejected-by-client`. A router that answers ARP for every address makes a client decline any: the catalogue
has it both as a cause and as a reason to be silent. The DECLINE is a fact, so it is named as the first cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.claims import Claim, answers_for_many, claims, is_virtual
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import server_identity
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message
from pxedebug.wire.packet import format_mac

__all__ = ["RULE"]

_REQUESTED_ADDRESS, _TEXT = 50, 56
_CHECK = 10 * SECOND
"""Between the ACK and the DECLINE that its conflict check leads to."""
_PROXY_ARP = "a router does proxy ARP on this network and answers the client's check for a free address"


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last DECLINE of each turn, and who answered the client's ARP for the address."""
    for turn in case.turns:
        declines = [message for message in turn.sent("DECLINE") if _names_a_conflict(turn, message)]
        if not declines:
            continue
        decline = declines[-1]
        address = _address(decline)
        since = decline.packet.time - _CHECK
        own = {case.client.mac, decline.packet.source_mac}
        found = claims(network, address, since, decline.packet.time) if address is not None else []
        yield _found(turn, network, declines, address, [claim for claim in found if claim.mac not in own])


def _names_a_conflict(turn: Turn, decline: Message) -> bool:
    if b"lease" in dhcp_of(decline).options.get(_TEXT, b"").lower():
        return False
    offered = {offer.address for offer in turn.offers}
    address = _address(decline)
    return address is None or not offered or address in offered


def _address(decline: Message) -> IPv4Address | None:
    asked = dhcp_of(decline).options.get(_REQUESTED_ADDRESS, b"")
    return IPv4Address(asked) if len(asked) == 4 else None


def _found(
    turn: Turn, network: Network, declines: Sequence[Message], address: IPv4Address | None, others: Sequence[Claim]
) -> Found:
    decline = declines[-1]
    acks = [ack for ack in turn.acks if ack.packet.time <= decline.packet.time]
    what = f"the address {address}" if address is not None else "its address"
    says = f"the client declined {what}, because another machine has it"
    if others:
        says = f"the client declined {what}: {format_mac(others[0].mac)} has it"
    evidence = cite(decline, "DECLINE") + cite_each(
        [claim.frame for claim in others], "says that it has the address", 3
    )
    evidence += cite(acks[-1], "the ACK that gave the address") if acks else ()
    evidence += cite_each(declines[:-1], "an earlier DECLINE", 4)
    server = server_identity(dhcp_of(acks[-1]), acks[-1].packet.source) if acks else None
    recovered = any(ack.packet.time > decline.packet.time for ack in turn.acks)
    proxied = any(is_virtual(claim.mac) or answers_for_many(network, claim.mac) for claim in others)
    return Found(
        turn,
        Confidence.CERTAIN,
        says,
        evidence,
        severity=Severity.WARNING if recovered else None,
        server=server,
        values={"address": str(address)} if address is not None else {},
        causes=(_PROXY_ARP, *(cause for cause in RULE.causes if cause != _PROXY_ARP)) if proxied else None,
    )


RULE = Rule(
    id="duplicate-ip-decline",
    title="The address that the server gave is in use",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    outcomes=ANY,
    reach=Reach.ANYWHERE,
    screens=(
        Screen("the client starts over with DHCP after a pause of 10 s; the loaded system says it, firmware is mute"),
    ),
    causes=(
        "a machine with a fixed address inside the pool",
        "two DHCP servers give out overlapping ranges",
        _PROXY_ARP,
        "the server gives out addresses without looking whether they are free",
    ),
    remedies=(
        *advice("find the other machine by its MAC address, and take fixed addresses out of the pool"),
        Remedy(Product.ISC_DHCPD, "ping-check true;"),
        Remedy(Product.KEA, '"decline-probation-period": 86400'),
        Remedy(Product.DNSMASQ, "dhcp-range=10.0.0.100,10.0.0.199,1h", "a range without the fixed addresses"),
        Remedy(Product.WINDOWS_DHCP, "Set-DhcpServerSetting -ConflictDetectionAttempts 2"),
        Remedy(Product.CISCO_IOS, "interface Vlan20\n no ip proxy-arp"),
    ),
    sources=(
        "RFC 2131 section 3.1 step 5 and section 4.3.3",
        "RFC 5227 section 2.1",
        "EDK2 NetworkPkg/Dhcp4Dxe/Dhcp4Io.c",
    ),
)
