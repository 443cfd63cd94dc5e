"""There is a router on the client's segment, no DHCP server, and nobody passes the DISCOVERs on (RFC 1542)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.dhcp_facts import absence_severity, sent_words, unanswered_discovers
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Step
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.wire.neighbours import Hsrp, RouterAdvertisement, Vrrp

__all__ = ["RULE"]

_ROUTERS = ((Vrrp, "VRRP"), (Hsrp, "HSRP"), (RouterAdvertisement, "router advertisement"))


def check(case: Case, network: Network) -> Iterator[Found]:
    """Seen on the client's side only: unanswered DISCOVERs that no relay has touched, a router that says that it is
    one (VRRP, HSRP, an IPv6 router advertisement; ARP and router solicitations prove none), and not one frame of a
    DHCP server in the whole capture.

    The catalogue's other signs are left out: GLBP and packets routed from other networks are not followed, and at
    the server nothing tells which subnets ought to be relayed.
    """
    asked = unanswered_discovers(case)
    severity = absence_severity(case, asked) if len(asked) > 1 else None
    if severity is None or case.last.index > 0 or any(int(dhcp_of(message).giaddr) for message in asked):
        return
    router = _router(network)
    if not router or network.relay_side:
        return
    if network.has_dhcp_server:
        return
    yield Found(
        case.last,
        Confidence.INFERRED,
        f"nobody answered {sent_words(asked)}: a router is here, but no DHCP server and no relay",
        cite_each(asked, "no answer to this, and no relayed copy") + router,
        severity=severity,
    )


def _router(network: Network) -> tuple[Evidence, ...]:
    for kind, words in _ROUTERS:
        for seen in network.events(kind):
            if not isinstance(seen.event, RouterAdvertisement) or seen.event.lifetime:
                return cite(seen.frame, f"{words}: a router on this segment")
    return ()


RULE = Rule(
    id="relay-missing",
    title="No DHCP relay on the client's router",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=NO_OFFER,
    causes=(
        "the router has no helper address on this VLAN's interface",
        "the helper address lies in another VRF",
        "an access list drops UDP 67 and 68",
        "the router's DHCP service is off (`no service dhcp`)",
        "a DHCP server of this segment is down",
    ),
    remedies=(
        Remedy(Product.CISCO_IOS, "interface Vlan$vlan\n ip helper-address $dhcp\n ip helper-address $proxy"),
        Remedy(Product.CISCO_IOS, "service dhcp"),
        Remedy(Product.JUNIPER, "set forwarding-options dhcp-relay server-group boot $dhcp"),
        Remedy(Product.DNSMASQ, "dhcp-relay=$router,$dhcp", "on a Linux router; its own address first"),
        Remedy(Product.LINUX, "dhcrelay -i $interface $dhcp"),
    ),
    sources=("RFC 1542 section 4", "RFC 2131 section 4.1"),
    next_measurement="capture on the router's other side (`udp port 67`): do DISCOVERs with giaddr leave it",
)
