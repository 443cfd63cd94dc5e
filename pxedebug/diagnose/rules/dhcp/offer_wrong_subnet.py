"""Address, mask and router of a lease contradict each other, or the network that the client is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from typing import NamedTuple

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.firmware import server_identity
from pxedebug.track.story import Message
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["RULE"]

_MASK, _ROUTER, _RELAY_AGENT, _SUBNET_SELECTION, _ROUTES, _WANTED = 1, 3, 82, 118, 121, 55
_LINK_SELECTION = 5
_ALL = 0xFFFFFFFF
_NEAR = 0xFFFFFF00
"""Servers in one /24 with the client are taken for neighbours where no mask is given."""


class _Fault(NamedTuple):
    says: str
    severity: Severity


def check(case: Case, network: Network) -> Iterator[Found]:
    """The ACK, else the offer that was taken, else all offers, if all are wrong: the address lies outside the relay's
    subnet, the router outside the address's, or the mask is missing or has holes.

    Proxies' replies carry neither mask nor router and are not looked at. A server that answered the client's ARP for
    its router, or any packet of its transfers, shows that the numbers work: a warning. A lease that lies outside the
    relay's subnet but agrees with its own router may be a shared network by design: a warning, too. A missing mask is
    a fault where it misleads: the boot server lies in another network, but in the client's by class. (UEFI declines
    such a lease: `ack-rejected-by-client`.)
    """
    for turn in case.turns:
        faults = [(message, fault) for message in _leases(turn) for fault in [_fault(turn, message)]]
        if not faults or any(fault is None for _, fault in faults):
            continue
        message, fault = faults[-1]
        assert fault is not None
        server = server_identity(dhcp_of(message), message.packet.source)
        works = _works(turn, network, message)
        yield Found(
            turn,
            Confidence.CERTAIN,
            fault.says,
            cite(message, f"{message.type} with address, mask and router"),
            severity=min(fault.severity, Severity.WARNING) if works else fault.severity,
            server=server,
            values={"dhcp": str(server), "address": str(dhcp_of(message).yiaddr)},
        )


def _leases(turn: Turn) -> list[Message]:
    ack = turn.ack
    if ack is not None:
        return [ack] if ack.type == "ACK" and int(dhcp_of(ack).yiaddr) and not ack.packet.cut else []
    if turn.chosen is not None:
        return [] if turn.chosen.message.packet.cut else [turn.chosen.message]
    offers = [offer.message for offer in turn.offers if offer.address is not None and offer.message.port == 67]
    return [message for message in offers if message.type == "OFFER" and not message.packet.cut]


def _fault(turn: Turn, message: Message) -> _Fault | None:
    dhcp = dhcp_of(message)
    given = int(dhcp.yiaddr)
    raw = dhcp.options.get(_MASK)
    if raw is None:
        return _without_mask(turn, dhcp) if message.type == "ACK" else None
    mask = int.from_bytes(raw[:4], "big")
    if len(raw) != 4 or (~mask & _ALL) & ((~mask & _ALL) + 1):
        return _Fault(f"the lease of {dhcp.yiaddr} has the subnet mask {raw[:8].hex()}, which is none", Severity.ERROR)
    routers = _addresses(dhcp.options.get(_ROUTER, b""))
    outside = [router for router in routers if (int(router) ^ given) & mask]
    by_routes = mask == _ALL and _ROUTES in dhcp.options
    if routers and len(outside) == len(routers) and not by_routes:
        place = IPv4Address(mask)
        return _Fault(f"the router {routers[0]} lies outside the subnet of {dhcp.yiaddr} ({place})", Severity.ERROR)
    if int(dhcp.giaddr) and (int(dhcp.giaddr) ^ given) & mask and not _subnet_selected(turn, dhcp):
        says = f"the address {dhcp.yiaddr} lies outside the relay's subnet ({dhcp.giaddr}, {IPv4Address(mask)})"
        return _Fault(says, Severity.WARNING if routers else Severity.ERROR)
    return None


def _without_mask(turn: Turn, dhcp: DhcpMessage) -> _Fault | None:
    """The client takes the mask of the address's class, and a boot server in another network seems near to it."""
    lists = [dhcp_of(m).options.get(_WANTED) for m in (*turn.discovers, *turn.requests)]
    server = turn.boot.server if turn.boot is not None else None
    if server is None or server.version != 4 or any(wanted is not None and _MASK not in wanted for wanted in lists):
        return None
    apart = int(server) ^ int(dhcp.yiaddr)
    if apart & _classful(dhcp.yiaddr) or not apart & _NEAR:
        return None
    says = f"the lease of {dhcp.yiaddr} has no subnet mask (option 1), so the boot server {server} seems to be near"
    return _Fault(says, Severity.ERROR)


def _classful(address: IPv4Address) -> int:
    """The mask by an address's first bits (RFC 950 section 1)."""
    first = int(address) >> 24
    return 0xFF000000 if first < 128 else 0xFFFF0000 if first < 192 else 0xFFFFFF00


def _addresses(raw: bytes) -> list[IPv4Address]:
    found = [IPv4Address(raw[at : at + 4]) for at in range(0, len(raw) - 3, 4)]
    return [router for router in found if int(router)]


def _subnet_selected(turn: Turn, reply: DhcpMessage) -> bool:
    """Client or relay named another subnet (RFC 3011, RFC 3527)."""
    said = [reply, *(dhcp_of(message) for message in turn.messages if message.from_client)]
    said += [dhcp for m in _copies(turn) if isinstance(dhcp := m.dhcp, DhcpMessage)]
    return any(_SUBNET_SELECTION in dhcp.options or _selects(dhcp.options.get(_RELAY_AGENT, b"")) for dhcp in said)


def _copies(turn: Turn) -> Sequence[Message]:
    """What relays forwarded."""
    return [m for e in turn.stage.exchanges for m in e.messages if m.copy_of is not None and m.from_client]


def _selects(agent: bytes) -> bool:
    at = 0
    while at + 1 < len(agent):
        if agent[at] == _LINK_SELECTION:
            return True
        at += 2 + agent[at + 1]
    return False


def _works(turn: Turn, network: Network, message: Message) -> bool:
    """Something answered the client at its new address."""
    if any(t.server_port is not None or t.error_code is not None for t in turn.transfers) or not turn.last:
        return True
    routers = _addresses(dhcp_of(message).options.get(_ROUTER, b""))
    return any(network.answered(router, since=message.packet.time) for router in routers)


RULE = Rule(
    id="offer-wrong-subnet",
    title="The lease does not fit the client's network",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ANYWHERE,
    screens=(
        Screen("PXE-E11: ARP timeout, or PXE-E32: TFTP open timeout", INTEL),
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen("Network unreachable (https://ipxe.org/28056011 on BIOS, 28056090 on UEFI)", IPXE),
        Screen("the address is taken, and the boot server is not reached"),
    ),
    causes=(
        "a second DHCP server answers with addresses of its own network",
        "the scope or superscope is wrong, or the router option belongs to another subnet",
        "the relay puts a secondary address into giaddr",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-option=option:netmask,$mask\ndhcp-option=option:router,$router"),
        Remedy(Product.KEA, '"option-data": [{"name": "routers", "data": "$router"}]', "inside the right subnet4"),
        Remedy(
            Product.ISC_DHCPD,
            "shared-network wire {\n  subnet 10.0.0.0 netmask 255.255.255.0 { option routers 10.0.0.1; }\n"
            "  subnet 10.0.1.0 netmask 255.255.255.0 { option routers 10.0.1.1; }\n}",
            "one shared-network for each wire",
        ),
        Remedy(Product.CISCO_IOS, "ip dhcp smart-relay"),
    ),
    sources=("RFC 2132 sections 3.3 and 3.5", "RFC 2131 section 4.3.1", "RFC 3011", "RFC 3527"),
)
