"""No router advertises itself to a client that boots over IPv6 (RFC 4861 section 6.3.4), so it has no way off its link.

DHCPv6 knows no router option. EDK2 waits ten seconds after the REPLY for a default route and then goes on without one,
which does on the server's own link: there it is explanation. Only where the server's address lies in another /64 than
the client's, and no request for the file came, is the route what is missing. Router solicitations are cited, not
required of one machine: EDK2 sends them from :: without its link address. In boots over IPv4 they mean nothing (B-29).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv6Address, IPv6Network

from pxedebug.diagnose.boot_info import sees_files
from pxedebug.diagnose.case import Case, dhcp6_of
from pxedebug.diagnose.dhcp6_facts import boot_url, granted
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, IPXE, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_url_address, pauses
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, SeenEvent
from pxedebug.wire.neighbours import RouterAdvertisement, RouterSolicitation

__all__ = ["RULE"]

_BEFORE = 10 * SECOND
"""Firmware solicits routers when its IPv6 starts, shortly before its first SOLICIT."""
_FEW = 2


def check(case: Case, network: Network) -> Iterator[Found]:
    """The client has an address and a URL, asked for routers twice or more, and none is there."""
    turn = case.last
    if not turn.messages6 or turn.messages:
        return
    reply = granted(turn)
    given = dhcp6_of(reply).addresses if reply is not None else ()
    if reply is None or not given:
        return
    asked = _solicitations(case, network, reply)
    routers = network.events(RouterAdvertisement, None, case.quiet_until)
    if len(asked) < _FEW or any(_leads_out(seen) for seen in routers):
        return
    server = boot_url_address(boot_url(reply))
    far = isinstance(server, IPv6Address) and not _on_link(server, given[0], routers)
    lost = far and not turn.transfers and sees_files(network)
    more = "Firmware waits ten seconds for a default route before it goes on."
    if lost:
        more = f"The server {server} is on another link than the client's address {given[0]}. {more}"
    wanting = "advertises itself" if not routers else "offers itself as a default router"
    yield Found(
        turn,
        Confidence.STRONG,
        f"no router {wanting}, though the client sent {count(len(asked), 'router solicitation')}",
        cite_each([seen.frame for seen in asked], "asks for a router", 4)
        + cite_each([seen.frame for seen in routers][-1:], "router lifetime 0")
        + cite(reply, "gives the address and the URL"),
        more,
        severity=_severity(case) if lost else Severity.INFO,
        absence=True,
    )


def _severity(case: Case) -> Severity:
    """Of a client that has no way to its server: fatal when it went on to something else."""
    if case.over:
        return Severity.FATAL
    return Severity.ERROR if quiet_for(case, pauses.IPV6_ROUTE) else Severity.WARNING


def _solicitations(case: Case, network: Network, reply: Message) -> list[SeenEvent]:
    """Those that this client sent, or that name no sender."""
    own = {IPv6Address(0), *case.client.addresses}
    until = min(case.quiet_until, reply.packet.time + pauses.IPV6_ROUTE)
    return [
        seen
        for seen in network.events(RouterSolicitation, case.started - _BEFORE, until)
        if isinstance(seen.event, RouterSolicitation)
        and (seen.event.source in own or seen.event.source_link == case.client.mac)
    ]


def _leads_out(seen: SeenEvent) -> bool:
    return isinstance(seen.event, RouterAdvertisement) and seen.event.lifetime > 0


def _on_link(server: IPv6Address, own: IPv6Address, routers: Sequence[SeenEvent]) -> bool:
    """Both are in one /64, or an advertised prefix says that the server is here."""
    if server.is_link_local or server in IPv6Network((own, 64), strict=False):
        return True
    told = (seen.event for seen in routers)
    prefixes = (prefix for event in told if isinstance(event, RouterAdvertisement) for prefix in event.prefixes)
    return any(prefix.on_link and server in prefix.network for prefix in prefixes)


RULE = Rule(
    id="ipv6-ra-missing",
    title="No router advertises itself to a client that boots over IPv6",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    screens=(
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen("net0: fe80::... (inaccessible)", IPXE),
        Screen("No route to the server"),
    ),
    causes=(
        "the router does not send router advertisements on this link",
        "RA guard on the switch drops them: the router's port is not trusted",
        "the router advertises itself with lifetime 0",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "enable-ra\ndhcp-range=2001:db8::100,2001:db8::1ff,64,12h", "on the router itself"),
        Remedy(
            Product.CISCO_IOS,
            "no ipv6 nd ra suppress\nipv6 nd managed-config-flag\nipv6 nd other-config-flag",
            "on the interface of the clients",
        ),
        Remedy(
            Product.OTHER,
            "interface $interface { AdvSendAdvert on; AdvManagedFlag on; AdvOtherConfigFlag on; };",
            "in radvd.conf",
        ),
        *advice("let RA guard trust the port of the router"),
    ),
    sources=(
        "RFC 4861 sections 6.3.4 and 6.3.7",
        "EDK2 NetworkPkg/UefiPxeBcDxe, PXEBC_IP6_ROUTE_TABLE_TIMEOUT",
        "iPXE src/net/ndp.c",
    ),
    next_measurement="capture on the router's port (`icmp6 and ip6[40] == 134`): do advertisements leave it",
)
"""No way off the link."""
