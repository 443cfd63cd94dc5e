"""The boot server lies outside the client's subnet, and the ACK gives no way there.

iPXE then sends nothing at all, not even an ARP request [measured]; a few programs ask for the distant server's link
address directly, which only a router with proxy ARP would answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network

from pxedebug.diagnose.boot_info import boot_server, option_addresses, sees_files, subnet_of
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, GRUB, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.track.story import Message, SeenEvent
from pxedebug.wire.dhcp import ClasslessRoute, DhcpMessage
from pxedebug.wire.neighbours import Arp
from pxedebug.wire.packet import Address

__all__ = ["RULE"]

_ASKED_ITSELF = 3
"""ARP requests for the distant server that show a client without a sense of its router."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """Server, mask and routers of the last ACK."""
    turn = case.last
    ack = turn.ack
    if ack is None or (server := boot_server(turn)) is None:
        return
    dhcp = dhcp_of(ack)
    subnet = subnet_of(dhcp)
    if subnet is None or subnet.prefixlen == 32 or server in subnet or _routed(dhcp, server):
        return
    routers = [router for router in option_addresses(dhcp, 3) if int(router)]
    asked = _asked_itself(case, turn, ack, server, network)
    if not any(router in subnet for router in routers):
        says = f"the boot server {server} is outside the client's subnet {subnet}, and "
        says += f"the ACK's router {routers[0]} is outside it, too" if routers else "the ACK names no router"
        yield _found(case, turn, ack, server, subnet, says, asked, network)
    elif len(asked) >= _ASKED_ITSELF and not turn.transfers:
        says = f"the boot server {server} is outside the client's subnet {subnet}, and the client asks for it directly"
        says += f" instead of going through its router {routers[0]}"
        yield _found(case, turn, ack, server, subnet, says, asked, network)


def _routed(dhcp: DhcpMessage, server: IPv4Address) -> bool:
    """A classless static route (option 121) leads to the server."""
    routes = dhcp.value(121)
    if not isinstance(routes, tuple):
        return False
    return any(isinstance(route, ClasslessRoute) and _covers(route, server) for route in routes)


def _covers(route: ClasslessRoute, server: IPv4Address) -> bool:
    return server in IPv4Network((route.destination, route.prefix_length), strict=False)


def _asked_itself(case: Case, turn: Turn, ack: Message, server: Address, network: Network) -> Sequence[SeenEvent]:
    """ARP requests of this client for the server, none of them answered."""
    since = ack.packet.time
    if network.answered(server, since, case.quiet_until):
        return ()
    mac = case.client.mac
    seen = network.asked(server, since, case.quiet_until)
    return [each for each in seen if isinstance(each.event, Arp) and each.event.sender_mac == mac]


def _found(
    case: Case, turn: Turn, ack: Message, server: IPv4Address, subnet: IPv4Network, says: str,
    asked: Sequence[SeenEvent], network: Network,
) -> Found:  # fmt: skip
    """Fatal once the client's time to ask for a file is over; a request that left shows that somebody leads there."""
    evidence = cite_each([each.frame for each in asked], "the client asks for the distant server itself", 5)
    evidence += cite(ack, "the ACK with mask, router and boot server")
    if turn.boot is not None and turn.boot.source_frame != ack.packet.frame:
        evidence += cite(turn.boot.source_frame, "names the boot server")
    severity, more = None, "Without a route the client sends no request for its file."
    if turn.transfers:
        severity, more = Severity.WARNING, "A router answers for the server (proxy ARP): without it nothing would work."
    elif not quiet_for(case, pauses.IPXE):
        severity = Severity.ERROR
    return Found(
        turn,
        Confidence.CERTAIN if sees_files(network) else Confidence.INFERRED,
        says,
        evidence,
        more,
        severity,
        server=server,
        values={"server": str(server), "subnet": str(subnet.network_address), "mask": str(subnet.netmask)},
    )


RULE = Rule(
    id="gateway-missing-for-remote-server",
    title="The boot server is in another subnet and no router leads there",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED | Reach.FETCHING,
    screens=(
        Screen("PXE-E11: ARP timeout, or PXE-E32: TFTP open timeout", INTEL),
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen(
            "Connection timed out (https://ipxe.org/4c126035), or Network unreachable (28056011 on BIOS, 28056090 on "
            "UEFI)",
            IPXE,
        ),
        Screen("error: destination unreachable", GRUB),
    ),
    causes=(
        "the scope or subnet has no router option",
        "the client did not ask for option 3, and the server sends only what was asked for",
        "the subnet mask is too narrow: the server is on the same wire",
        "the router option names an address of another subnet",
        "the program ignores routers (the Raspberry Pi 3's boot ROM)",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-option-force=3,$router"),
        Remedy(Product.KEA, '"option-data": [{"name": "routers", "data": "$router", "always-send": true}]'),
        Remedy(Product.ISC_DHCPD, "option routers $router;"),
        *advice(
            "or give the boot server an address in the client's subnet",
            "for programs that ignore routers: proxy ARP on the router",
        ),
    ),
    sources=("RFC 2132 sections 3.3 and 3.5", "RFC 3442", "EDK2 NetworkPkg/UefiPxeBcDxe (GatewayIp)"),
    next_measurement="capture on the client's segment: does it ask for the server, for a router, or for nothing?",
)
