"""The server answers the relay, and the client goes on asking (RFC 2131 section 4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.dhcp_facts import fitting
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Step, advice
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.firmware import choose_offer
from pxedebug.track.clocks import SECOND
from pxedebug.wire.neighbours import IcmpError

__all__ = ["RULE"]

_RELAY_PORT, _CLIENT_PORT = 67, 68
_COLLECTING = 3 * SECOND
"""A DISCOVER sooner after the OFFER is the client's own habit (B-02, B-07)."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """OFFERs leave for the relay's address, no copy of them is seen on the client's side, and two DISCOVERs or more
    follow although the client would take the offer. `secs` is not asked for: programs leave it at 0 (B-22)."""
    turn = case.last
    if not turn.discovers or turn.requests or turn.transfers or turn.ack is not None:
        return
    sent_back = [
        offer
        for offer in fitting(turn)
        if offer.message.packet.destination_port == _RELAY_PORT
        and offer.message.packet.destination == dhcp_of(offer.message).giaddr
    ]
    if not sent_back or choose_offer([dhcp_of(offer.message) for offer in sent_back], turn.program) is None:
        return
    all_seen = [message for exchange in turn.stage.exchanges for message in exchange.messages]
    if any(not m.from_client and m.packet.destination_port == _CLIENT_PORT for m in all_seen):
        return
    first = sent_back[0].message
    repeats = [m for m in turn.discovers if m.packet.time >= first.packet.time + _COLLECTING]
    if len(repeats) < 2:
        return
    relay = dhcp_of(first).giaddr
    errors = [
        seen.frame
        for seen in network.icmp(first.packet.time, case.seen_until)
        if isinstance(seen.event, IcmpError) and seen.event.quoted and seen.event.quoted.destination == relay
    ]
    yield Found(
        turn,
        Confidence.STRONG,
        f"the server {sent_back[0].server} answers to the relay {relay}, but the client asks "
        f"{count(len(repeats), 'more time')} as if nothing came",
        cite(first, "OFFER to the relay")
        + cite_each(repeats, "asked again all the same")
        + cite_each(errors, "ICMP error about an answer to the relay", 2),
        server=relay,
        values={"dhcp": str(sent_back[0].server), "router": str(relay)},
    )


RULE = Rule(
    id="relay-reply-lost",
    title="Answers of the DHCP server do not get back through the relay",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=NO_OFFER,
    causes=(
        "the relay's address (giaddr) cannot be reached from the server, or the answer leaves by another interface",
        "a firewall lets UDP 68 to 67 pass but not 67 to 67",
        "the relay drops answers whose option 82 or 54 it does not know",
        "the relay speaks for a virtual (HSRP, VRRP) address that another router holds",
        "the relay does not listen on the interface towards the server",
    ),
    remedies=(
        Remedy(Product.LINUX, "ip route get $router", "on the server: is there a way back to the relay"),
        Remedy(
            Product.NFTABLES,
            "add table inet filter\nadd chain inet filter forward { type filter hook forward priority 0; }\n"
            "insert rule inet filter forward udp sport 67 udp dport 67 accept",
        ),
        Remedy(Product.CISCO_IOS, "ip dhcp relay source-interface Loopback0"),
        *advice("permit UDP 67 to 67 both ways between relay and server"),
    ),
    sources=("RFC 2131 section 4.1", "RFC 1542 section 5.4", "RFC 3046 section 2.1"),
    next_measurement="capture on the client's segment at the same time: does the relay send the OFFER there",
)
