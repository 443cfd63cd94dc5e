"""The client asks for the boot server's link address, or its router's, and gets no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address

from pxedebug.diagnose.boot_info import option_addresses, subnet_of
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, GRUB, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase, boot_url_address, exhausted, schedule
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import SeenEvent
from pxedebug.wire.neighbours import Arp
from pxedebug.wire.packet import Address

__all__ = ["RULE"]

_LEAST = 3
_CLOSE = 12 * SECOND
"""Three requests within it are tries of one resolution (U-Boot's come every 5 s), not refreshes of a known address."""
_ANSWER = 1 * SECOND
"""An ARP reply that comes later than this after the last request was not to it."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """Three or more ARP requests for the server (or for the router, where the server is off-link), no answer, and no
    request for a file, SYN or request to port 4011 after them.

    An ARP reply is unicast and may pass the capture point unseen, but then a request for the file would follow. One
    that was seen while the client goes on asking did not reach it: that is said.
    """
    turn = case.last
    if turn.ack is None or network.relay_side:
        return
    since = turn.ack.packet.time
    for target, router in _next_hops(turn):
        asked = _asked_by(case, network.asked(target, since, case.quiet_until))
        if len(asked) < _LEAST or asked[_LEAST - 1].time - asked[0].time > _CLOSE:
            continue
        if _reached(turn, target, router, asked[0].time) or _asked_a_proxy(turn, asked[-1].time):
            continue
        answers = network.answered(target, asked[0].time, case.quiet_until)
        if answers and answers[-1].time > asked[-1].time and answers[-1].time - asked[-1].time < _ANSWER:
            continue
        yield _found(case, turn, network, target, router=router, asked=asked, answers=answers)
        return


def _next_hops(turn: Turn) -> Iterator[tuple[IPv4Address, bool]]:
    """Whose link address the client needs: the server on its own network, or its routers; with True for a router."""
    assert turn.ack is not None
    dhcp = dhcp_of(turn.ack)
    subnet = subnet_of(dhcp)
    servers = [turn.boot.server, boot_url_address(turn.boot.file or b"")] if turn.boot is not None else []
    routers = [router for router in option_addresses(dhcp, 3) if int(router)]
    for server in dict.fromkeys(servers):
        if isinstance(server, IPv4Address) and int(server):
            yield server, False
            if subnet is not None and server not in subnet:
                yield from ((router, True) for router in routers)


def _asked_by(case: Case, asked: Sequence[SeenEvent]) -> list[SeenEvent]:
    mac = case.client.mac
    return [seen for seen in asked if isinstance(seen.event, Arp) and seen.event.sender_mac == mac]


def _reached(turn: Turn, target: Address, router: bool, since: int) -> bool:
    """A packet went that way after all."""
    return any(t.started >= since and (router or t.server == target) for t in turn.transfers)


def _asked_a_proxy(turn: Turn, since: int) -> bool:
    return any(message.from_client and message.packet.time > since for message in turn.proxy_requests)


def _found(
    case: Case, turn: Turn, network: Network, target: Address, *, router: bool, asked: Sequence[SeenEvent],
    answers: Sequence[SeenEvent],
) -> Found:  # fmt: skip
    assert turn.ack is not None
    settled = case.over or exhausted(schedule(turn.program, Phase.ARP), [seen.time for seen in asked], case.quiet_until)
    evidence = cite_each([seen.frame for seen in asked], "who has this address?", 6)
    evidence += cite(turn.ack, "the ACK")
    more = ""
    if answers:
        evidence += cite(answers[0].frame, "an answer that did not reach the client")
        more = "Somebody does answer, and the client does not hear it."
    others = [seen for seen in network.answered(target, None, asked[0].time) if isinstance(seen.event, Arp)]
    if others:
        evidence += cite(others[-1].frame, "it answered before")
        more = more or "It answered others before."
    what = "the router" if router else "the boot server"
    return Found(
        turn,
        Confidence.STRONG if settled else Confidence.INFERRED,
        f"nobody answers the client's {count(len(asked), 'ARP request')} for {what} {target}",
        evidence,
        more=more,
        severity=Severity.FATAL if settled else Severity.ERROR,
        server=target,
        values={"router" if router else "server": str(target)},
        absence=True,
    )


RULE = Rule(
    id="next-server-arp-unanswered",
    title="Nobody answers ARP for the boot server",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.LEASED,
    screens=(
        Screen("PXE-E11: ARP timeout, or PXE-E38: TFTP cannot open connection (PXE-E39: cannot read)", INTEL),
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI)", IPXE),
        Screen("Connection timed out (https://ipxe.org/4c376035, 4c376092)", IPXE),
        Screen("ARP Retry count exceeded; starting again", U_BOOT),
        Screen("error: timeout: could not resolve hardware address.", GRUB),
        Screen("ARP timeout"),
    ),
    causes=(
        "the server is off, or next-server (siaddr) names an address that nobody has",
        "the client is in another VLAN than the server, or its mask is too wide: it takes the server for a neighbour",
        "the switch drops ARP: dynamic ARP inspection, port isolation, private VLAN",
        "the router that DHCP names (option 3) is wrong",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-boot=$file,,$server", "with the address of the machine that serves the file"),
        Remedy(Product.KEA, '"next-server": "$server"'),
        Remedy(Product.ISC_DHCPD, "next-server $server;"),
        Remedy(Product.CISCO_IOS, "show ip arp inspection statistics", "drops there need a binding or a trusted port"),
        *advice("check the mask and the router of the lease, and ping the server from the client's network"),
    ),
    sources=("RFC 826", "PXE 2.1 section 2 (PXE-E11)", "U-Boot net/arp.c"),
    next_measurement="capture on the server, or at its switch port: does the ARP request arrive there?",
)  # fmt: skip
