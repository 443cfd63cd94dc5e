"""No DHCP server answers (RFC 2131 section 4.4.1: the client repeats its DISCOVER).

The commonest finding of all, and the generic one: what says more precisely why nobody answers suppresses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.dhcp_facts import absence_severity, sent_words, servers_seen, unanswered_discovers
from pxedebug.diagnose.facts import spread
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Step, advice
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.firmware.programs import StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message

__all__ = ["RULE"]

_TWO_WINDOWS = 6 * SECOND
"""Two unanswered DISCOVERs say little before."""
_SAME_LEASE = 120 * SECOND
"""A stage that begins within this time of the ACK of the one before it was let down by something new."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """DISCOVERs without any reply; provisional while the client may still be answered [measured: fl4]."""
    asked = unanswered_discovers(case)
    turn = case.last
    if not asked or _told_elsewhere(case, turn, asked):
        return
    severity = absence_severity(case, asked)
    if severity is None and len(asked) > 1 and spread(asked) >= _TWO_WINDOWS:
        severity = Severity.WARNING
    if severity is None:
        return
    says = f"nobody answered {sent_words(asked)}"
    if not _answer_would_show(network, asked):
        says = f"no usable offer reached the client: it sent {sent_words(asked)} and never a REQUEST"
    yield Found(
        turn,
        Confidence.INFERRED,
        says,
        cite_each(asked, "no answer to this"),
        more=servers_seen(case, network, asked),
        severity=severity,
    )


def _told_elsewhere(case: Case, turn: Turn, asked: Sequence[Message]) -> bool:
    """What was loaded gets no answer where its loader had one: `second-stage-dhcp-silence`,
    `os-dhcp-failure-after-kernel`."""
    if turn.index == 0:
        return False
    if turn.kind is StageKind.OS:
        return True
    granted = [before.ack.packet.time for before in case.turns[: turn.index] if before.ack is not None]
    return turn.kind is StageKind.IPXE and bool(granted) and asked[0].packet.time - granted[-1] <= _SAME_LEASE


def _answer_would_show(network: Network, asked: Sequence[Message]) -> bool:
    """An OFFER would pass this capture point: it is broadcast if the client asks for that, else unicast (V1)."""
    return network.sees_unicast or network.relay_side or all(dhcp_of(message).broadcast for message in asked)


RULE = Rule(
    id="no-dhcp-offer",
    title="No DHCP server answers",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=NO_OFFER,
    causes=(
        "there is no DHCP server on this segment, and no relay that passes the DISCOVERs on",
        "the DHCP server is down, or not authorised (Windows: in Active Directory)",
        "a firewall on the server drops UDP port 67",
        "the server has no subnet declared for the interface or relay that the DISCOVERs come in by",
        "the server runs in a container that does not see broadcasts",
        "the server listens on another interface",
        "the switch port does not forward yet, or lies in another VLAN",
    ),
    remedies=(
        Remedy(Product.LINUX, "ss -lunp 'sport = 67'", "on the server: does anything listen on UDP port 67"),
        Remedy(Product.DNSMASQ, "interface=$interface\ndhcp-range=10.0.0.100,10.0.0.199,12h"),
        Remedy(Product.KEA, '"interfaces-config": {"interfaces": ["*"], "dhcp-socket-type": "raw"}'),
        Remedy(
            Product.ISC_DHCPD,
            "subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.100 10.0.0.199; }",
            "for the network of the receiving interface",
        ),
        Remedy(
            Product.NFTABLES,
            "add table inet filter\nadd chain inet filter input { type filter hook input priority 0; }\n"
            "insert rule inet filter input udp dport 67 accept",
        ),
        Remedy(Product.LINUX, "firewall-cmd --permanent --add-service=dhcp && firewall-cmd --reload"),
        Remedy(Product.WINDOWS_DHCP, "Add-DhcpServerInDC", "authorises the server in Active Directory"),
        Remedy(Product.DOCKER, "network_mode: host", "in the compose file: bridged containers see no broadcasts"),
        *advice("put a DHCP relay on the client's router if the server lies in another network"),
    ),
    sources=(
        "RFC 2131 sections 4.1 and 4.4.1",
        "PXE 2.1 section 2.2.3",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c, PxeBcDhcp4.c",
        "iPXE src/config/dhcp.h, src/net/udp/dhcp.c",
    ),
    next_measurement=(
        "capture on the DHCP server at the same time (`udp port 67 or udp port 68`): do the DISCOVERs arrive, and does "
        "an OFFER leave"
    ),
)
