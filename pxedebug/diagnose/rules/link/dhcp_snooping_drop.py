"""A switch between server and client drops DHCP: DHCP snooping, or option 82 that it put in (RFC 3046).

Two captures of the same time show it: the server's OFFERs at one, none at the other, which is nearer to the client.
From one capture it can only be inferred: a DISCOVER with option 82 and without a relay's address, which many servers
and relays discard (RFC 3046 section 2.1.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import absent_for_good
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Remedy, Rule, Step, advice
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.firmware import Phase, choose_offer
from pxedebug.track.story import Message, Offer
from pxedebug.wire.batch import frame_source
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["RULE"]

_CLIENT_PORT = 68
_OPTION_82 = 82
_FEWEST = 2


def check(case: Case, network: Network) -> Iterator[Found]:
    """OFFERs at one capture point only, or option 82 without a relay and no answer."""
    for turn in case.turns:
        if len(turn.discovers) < _FEWEST:
            continue
        if network.several_points and turn.offers:
            yield from _lost_between(turn, network)
        elif not turn.received("OFFER", "ACK", "NAK", "BOOTREPLY"):
            yield from _with_option_82(turn, network)


def _lost_between(turn: Turn, network: Network) -> Iterator[Found]:
    """All OFFERs that the client would take are lost, or all of its proxies."""
    seen = _sources(turn)
    ours = [offer for offer in turn.offers if offer.message.packet.destination_port == _CLIENT_PORT]
    for near in sorted({source for message in turn.discovers for source in seen[message.packet.frame]}):
        lost = [o for o in ours if near not in seen[o.message.packet.frame] and _would_show(o, near, network)]
        if len(lost) < _FEWEST:
            continue
        arrived = [offer for offer in ours if near in seen[offer.message.packet.frame]]
        asked = [message for message in turn.discovers if near in seen[message.packet.frame]]
        if not arrived and _never_taken(turn, lost):
            yield _found(turn, network, near, lost, asked, "no OFFER")
        elif arrived and all(o.proxy for o in lost) and not any(o.proxy for o in arrived) and not turn.transfers:
            yield _found(turn, network, near, lost, asked, "no proxy OFFER")


def _sources(turn: Turn) -> dict[int, set[int]]:
    """Captures that show each message, by the frame of its first sight."""
    return {first: {frame_source(m.packet.frame) for m in seen} for first, seen in turn.sightings.items()}


def _would_show(offer: Offer, near: int, network: Network) -> bool:
    """The other capture ran when this OFFER was sent, and shows such frames."""
    facts, packet = network.story.sources[near], offer.message.packet
    if facts.first_time is None or facts.last_time is None:
        return False
    ran = facts.first_time <= packet.time <= facts.last_time
    return ran and (packet.destination_mac == b"\xff" * 6 or facts.vantage.unicast_seen)


def _never_taken(turn: Turn, lost: Sequence[Offer]) -> bool:
    if turn.requests or turn.acks:
        return False
    usable = choose_offer([dhcp_of(offer.message) for offer in lost], turn.program) is not None
    return usable and absent_for_good(turn.case, turn, turn.discovers, Phase.DISCOVER)


def _found(
    turn: Turn, network: Network, near: int, lost: Sequence[Offer], asked: Sequence[Message], what: str
) -> Found:  # fmt: skip
    server = lost[0].server
    far = network.story.sources[frame_source(lost[0].message.packet.frame)].name
    says = f"the server {server} sends {count(len(lost), 'OFFER')}, and none of them reaches the client's side"
    more = f"{what[0].upper()}{what[1:]} of it is in {network.story.sources[near].name}; they are in {far}."
    evidence = cite_each([offer.message for offer in lost], "OFFER that only this capture shows", 4)
    evidence += cite_each(asked, "DISCOVER", 4)
    return Found(turn, Confidence.STRONG, says, evidence, more, server=server, values={"server": str(server)})


def _with_option_82(turn: Turn, network: Network) -> Iterator[Found]:
    sent = [m for m in turn.discovers if _unrelayed(dhcp_of(m))]
    if len(sent) < len(turn.discovers) or not absent_for_good(turn.case, turn, sent, Phase.DISCOVER):
        return
    if any(_relayed(m) for exchange in turn.stage.exchanges for m in exchange.messages):
        return
    if network.answers_unrelayed_82:
        return
    number = count(len(sent), "DISCOVER")
    says = f"a switch put option 82 into {number} without being their relay, and nobody answered"
    evidence = cite_each(sent, "DISCOVER with option 82, giaddr 0.0.0.0")
    yield Found(turn, Confidence.INFERRED, says, evidence, causes=(RULE.causes[1], RULE.causes[0], *RULE.causes[2:]))


def _unrelayed(dhcp: DhcpMessage) -> bool:
    """With option 82, and no relay took it on."""
    return _OPTION_82 in dhcp.options and not int(dhcp.giaddr) and not dhcp.hops


def _relayed(message: Message) -> bool:
    return message.from_client and isinstance(message.dhcp, DhcpMessage) and bool(int(message.dhcp.giaddr))


RULE = Rule(
    id="dhcp-snooping-drop",
    title="A switch drops DHCP between server and client",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    screens=NO_OFFER,
    causes=(
        "DHCP snooping is on, and the port to the server or the uplink is not trusted",
        "the access switch puts in option 82, and the next relay or server discards that without a relay address",
        "a filter against rogue servers lists only the main DHCP server, so the proxy's offers are lost",
        "the rate limit of DHCP snooping has disabled a port",
    ),
    remedies=(
        Remedy(Product.CISCO_IOS, "interface Gi1/0/48\n ip dhcp snooping trust", "every uplink and server port"),
        Remedy(Product.CISCO_IOS, "no ip dhcp snooping information option", "on the access switch"),
        Remedy(Product.CISCO_IOS, "ip dhcp relay information trust-all", "on the relay"),
        Remedy(Product.HPE, "dhcp-snooping option 82 untrusted-policy keep"),
        Remedy(Product.HPE, "dhcp-snooping authorized-server $server"),
        Remedy(Product.JUNIPER, "set vlans v20 forwarding-options dhcp-security group up overrides trusted"),
        *advice("add the boot server to the list of DHCP servers that the switch allows"),
    ),
    sources=("RFC 3046 sections 2.1 and 2.1.1",),
    next_measurement="capture at the server and at the client at the same time, and give both files to pxedebug",
)
