"""No DHCPv6 server answers a client that tries to boot over IPv6 (RFC 8415 section 18.2.1).

Firmware that found no boot over IPv4 goes on to IPv6 by itself (B-28), and a boot over IPv4 may follow a vain try over
IPv6 (B-10): the judge lets the attempt that came furthest speak, and this becomes explanation. A program that asks over
both at once, as iPXE does, is judged by its DHCPv4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.dhcp6_facts import answers, questions
from pxedebug.diagnose.facts import absent_for_good, seconds, spread
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import (
    BAD,
    EDK2,
    EDK2_HTTP,
    GRUB,
    IPXE,
    Product,
    Reach,
    Remedy,
    Rule,
    Screen,
    Step,
    advice,
)
from pxedebug.firmware import Phase
from pxedebug.firmware.programs import Program
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, SeenEvent
from pxedebug.wire.neighbours import RouterAdvertisement

__all__ = ["RULE"]

_AT_ONCE = 16 * SECOND
"""iPXE tries IPv4 for so long, and IPv6 beside it."""
_TWO_WINDOWS = 6 * SECOND
"""Two unanswered SOLICITs say little before."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """SOLICITs that ask to boot, again and again, and nothing else: no ADVERTISE, no REQUEST that would show one."""
    turn = case.last
    if not turn.messages6 or turn.messages or turn.transfers:
        return
    asked = questions(turn)
    if len(asked) < 2 or any(message.type != "SOLICIT" for message in asked) or answers(turn, asked):
        return
    if turn.program is Program.IPXE and _over_ipv4_too(case, network, asked):
        return
    severity = None
    if not absent_for_good(case, turn, asked, Phase.SOLICIT):
        if case.outcome not in BAD and spread(asked) < _TWO_WINDOWS:
            return
        severity = Severity.ERROR if case.outcome in BAD else Severity.WARNING
    sent = f"{count(len(asked), 'SOLICIT')} in {seconds(spread(asked))}"
    says = f"no DHCPv6 server answered {sent}"
    if not network.sees_unicast and not network.relay_side:
        says = f"no usable ADVERTISE reached the client: it sent {sent} and never a REQUEST"
    evidence = cite_each(asked, "no answer to this")
    routers = _routers(case, network)
    if routers:
        evidence += cite(routers[-1].frame, "a router of this link")
    other = [m for m in turn.messages6 if m.type in ("ADVERTISE", "REPLY")]
    if other:
        evidence += cite(other[-1], "an answer to a question without a boot class")
    yield Found(
        turn,
        Confidence.INFERRED,
        says,
        evidence,
        f"The server {other[-1].packet.source} answered what the firmware asked without a boot class."
        if other
        else _router_words(routers),
        severity=severity,
    )


def _over_ipv4_too(case: Case, network: Network, asked: Sequence[Message]) -> bool:
    """The same machine sends DISCOVERs at the same time, in whichever boot they were put."""
    since, until = asked[0].packet.time - _AT_ONCE, asked[-1].packet.time + _AT_ONCE
    records = network.boots_by_mac.get(case.client.mac, ())
    return any(since <= time <= until for record in records for time, _ in record.discovers)


def _routers(case: Case, network: Network) -> list[SeenEvent]:
    """The router advertisements up to the end of the attempt."""
    return list(network.events(RouterAdvertisement, None, case.ended))


def _router_words(routers: list[SeenEvent]) -> str:
    if not routers:
        return "No router advertised itself either: this link may have no IPv6 at all."
    last = routers[-1].event
    if isinstance(last, RouterAdvertisement) and not last.managed:
        return f"The router {last.source} says that addresses do not come by DHCPv6 here (its M flag is off)."
    return "A router says that addresses come by DHCPv6 here (its M flag is on)."


RULE = Rule(
    id="dhcpv6-no-advertise",
    title="No DHCPv6 server answers",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen(">>Start PXE over IPv6, and a minute later PXE-E16: No valid offer received", EDK2),
        Screen(">>Start HTTP Boot over IPv6, then Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
        Screen("Connection timed out (https://ipxe.org/4c3b6035 on BIOS, 4c3b6092 on UEFI)", IPXE),
        Screen("couldn't autoconfigure", GRUB),
        Screen("No DHCPv6 server found"),
    ),
    causes=(
        "there is no DHCPv6 server on this link, and no relay that passes the SOLICITs on",
        "the network boots over IPv4 only, and the firmware tried IPv6 as well",
        "a switch with MLD snooping does not pass on frames to ff02::1:2",
        "a firewall drops UDP port 547 at the server or 546 at the client's side",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "enable-ra\ndhcp-range=2001:db8::100,2001:db8::1ff,64,12h"),
        Remedy(
            Product.NFTABLES,
            "add table inet filter\nadd chain inet filter input { type filter hook input priority 0; }\n"
            "insert rule inet filter input udp dport 547 accept",
        ),
        Remedy(Product.CISCO_IOS, "ipv6 dhcp relay destination 2001:db8::2", "on the interface of the clients"),
        *advice("disable the IPv6 boot entries in the firmware setup where the network boots over IPv4 only"),
    ),
    sources=(
        "RFC 8415 sections 15 and 18.2.1",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp6.c",
        "iPXE src/net/udp/dhcpv6.c",
    ),
    next_measurement=(
        "capture on the DHCPv6 server or relay at the same time (`udp port 546 or udp port 547`): do the SOLICITs "
        "arrive, and does an ADVERTISE leave"
    ),
)
"""SOLICITs that nobody answers."""
