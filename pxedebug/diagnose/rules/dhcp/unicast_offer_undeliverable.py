"""The server sends its OFFER to an address that the client does not have yet (RFC 2131 section 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.dhcp_facts import ignored, unanswered_discovers
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import BAD, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.diagnose.shown import NO_OFFER_BY_PROGRAM
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, Offer, SeenEvent
from pxedebug.wire.neighbours import Arp
from pxedebug.wire.packet import Address

__all__ = ["RULE"]

_AT_ONCE = 1_500_000_000
"""From a DISCOVER to the ARP request that holds up its answer."""
_BURST = 4 * SECOND


def check(case: Case, network: Network) -> Iterator[Found]:
    """All offers that the client passed over are unicast at the IP layer; or none comes, and after each DISCOVER
    somebody asks by ARP for one and the same address that nobody has: a server without raw sockets, whose own system
    holds the OFFER back. Such ARP before an OFFER is a ping check (B-30)."""
    turn = case.last
    if turn.offers:
        offers = ignored(case)
        if offers and all(_unicast(offer.message) for offer in offers):
            yield _sent(case, offers)
        return
    asked = unanswered_discovers(case)
    if len(asked) < 2 or case.outcome not in BAD:
        return
    for target, (requests, answers) in network.story.neighbours.resolutions.items():
        held = [] if answers else _held_up(case, asked, requests)
        if held:
            yield _waited(case, asked, target, held)
            return


def _unicast(offer: Message) -> bool:
    """To the client's own new address; a broadcast IP packet in a unicast frame (Kea) is fine."""
    return offer.packet.destination == dhcp_of(offer).yiaddr and offer.packet.destination_port == 68


def _sent(case: Case, offers: Sequence[Offer]) -> Found:
    turn, first = case.last, offers[0]
    wanted = any(dhcp_of(message).broadcast for message in turn.discovers)
    how = "although the client asks for broadcast" if wanted else "which the client does not have yet"
    return Found(
        turn,
        Confidence.INFERRED,
        f"the DHCP server {first.server} sends its OFFER to {first.address} alone, {how}, and no REQUEST follows",
        cite_each([offer.message for offer in offers], "OFFER to the client's future address", 4)
        + cite_each(turn.discovers, "DISCOVER" + (" with the broadcast flag" if wanted else ""), 4),
        server=first.server,
        values={"dhcp": str(first.server)},
        absence=True,
    )


def _held_up(case: Case, asked: Sequence[Message], requests: Sequence[SeenEvent]) -> list[SeenEvent]:
    """The ARP requests, when they follow two DISCOVERs or more at once, and come at no other time."""
    times = [message.packet.time for message in asked]
    others = [s for s in requests if isinstance(s.event, Arp) and s.event.sender_mac != case.client.mac]
    if len(others) < 2 or not all(any(0 <= seen.time - time <= _BURST for time in times) for seen in others):
        return []
    followed = sum(any(0 <= seen.time - time <= _AT_ONCE for seen in others) for time in times)
    return others if followed >= 2 else []


def _waited(case: Case, asked: Sequence[Message], target: Address, held: Sequence[SeenEvent]) -> Found:
    event = held[0].event
    assert isinstance(event, Arp)
    return Found(
        case.last,
        Confidence.INFERRED,
        f"{event.sender_ip} looks for {target} by ARP after each DISCOVER instead of sending an OFFER",
        cite(held[0].frame, "ARP for an address that nobody has yet")
        + cite_each([seen.frame for seen in held[1:]], "again", 4)
        + cite_each(asked, "no answer to this", 4),
        server=event.sender_ip,
        values={"dhcp": str(event.sender_ip)},
        absence=True,
    )


RULE = Rule(
    id="unicast-offer-undeliverable",
    title="The DHCP server's unicast answer does not reach the client",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=(
        *NO_OFFER_BY_PROGRAM,
        Screen("No DHCP offer received, though the server's log shows DHCPOFFER over and over"),
    ),
    causes=(
        "the server has no raw sockets (Kea with `dhcp-socket-type: udp`, a server in a container or of home make)",
        "the switch inspects ARP and drops what does not fit its table",
        "a wireless bridge does not pass unicast frames on to the client",
    ),
    remedies=(
        Remedy(Product.KEA, '"interfaces-config": {"interfaces": ["*"], "dhcp-socket-type": "raw"}'),
        Remedy(Product.ISC_DHCPD, "always-broadcast on;"),
        Remedy(Product.DNSMASQ, "dhcp-broadcast"),
    ),
    sources=("RFC 2131 section 4.1", "Kea Administrator Reference Manual, interface configuration"),
    next_measurement="capture at the client's switch port: does the OFFER arrive there",
)
