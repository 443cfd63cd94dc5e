"""The switch port belongs to a link aggregation that is not up, so it does not forward what firmware sends.

Firmware speaks no LACP (iPXE does answer it), so a port without fallback to individual operation stays shut. The other
form: the aggregation is up on the switch's side, and it sends the answers out of another member port.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import absent_for_good
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.port import places, port_words, silence_of
from pxedebug.diagnose.rule import Product, Remedy, Rule, Step, advice
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.firmware import Phase
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import SeenEvent
from pxedebug.wire.neighbours import Lacp, LacpState
from pxedebug.wire.packet import format_mac

__all__ = ["RULE"]

_SLOW = 30 * SECOND
"""Between LACPDUs with the long timeout (IEEE 802.1AX-2014 clause 6.4.4)."""
_FEWEST = 2


def check(case: Case, network: Network) -> Iterator[Found]:
    """LACPDUs of a switch that neither collects nor distributes, and nothing but link control out of the port."""
    if not network.events(Lacp):
        return
    for turn in case.turns:
        yield from _shut(turn, network)
        yield from _another_member(turn, network)


def _shut(turn: Turn, network: Network) -> Iterator[Found]:
    quiet = silence_of(turn)
    if quiet is None or not quiet.stuck:
        return
    own = {message.packet.source_mac for message in quiet.unanswered} | {turn.case.client.mac}
    told = [seen for seen in quiet.frames_of(network, Lacp, before=_SLOW) if _lacp(seen).actor_system not in own]
    before = [seen for seen in told if seen.time <= quiet.last]
    if not told or any(_lacp(seen).forwarding for seen in before):
        return
    shut = [seen for seen in told if not _lacp(seen).forwarding]
    until = quiet.last if quiet.first_answered else quiet.until
    if not shut or not quiet.closed(network, told[0], until):
        return
    answered = quiet.first_answered is not None
    number = count(len(quiet.unanswered), "DISCOVER")
    says = f"the switch port belongs to a link aggregation and does not forward: {number} went unanswered"
    if answered:
        says = f"the switch port did not forward at first, as part of a link aggregation: {number} went unanswered"
    evidence = cite_each([seen.frame for seen in shut], _state(_lacp(shut[0])), 3)
    evidence += cite_each(quiet.unanswered, "DISCOVER without an answer")
    if quiet.first_answered is not None:
        evidence += cite(quiet.first_answered, "the first DISCOVER that was answered")
    severity = Severity.WARNING if answered else None
    yield Found(turn, Confidence.STRONG, says, evidence, port_words(network, shut[0]), severity)


def _another_member(turn: Turn, network: Network) -> Iterator[Found]:
    """Every answer comes out of a port that the client did not ask through."""
    offers = [offer.message for offer in turn.offers]
    if len(offers) < _FEWEST or turn.requests or turn.acks:
        return
    asked, came = places(turn, "DISCOVER"), places(turn, "OFFER")
    if asked & came or not absent_for_good(turn.case, turn, turn.discovers, Phase.DISCOVER):
        return
    says = "the answers come out of another port of the link aggregation than the one that the client asks through"
    evidence = cite_each(offers, "OFFER on another port", 3) + cite_each(turn.discovers, "DISCOVER", 3)
    evidence += cite(network.events(Lacp)[0].frame, "LACPDU")
    yield Found(turn, Confidence.STRONG, says, evidence)


def _lacp(seen: SeenEvent) -> Lacp:
    assert isinstance(seen.event, Lacp)
    return seen.event


def _state(lacp: Lacp) -> str:
    partner = format_mac(lacp.partner_system) if any(lacp.partner_system) else "none"
    bits = ", ".join(str(flag.name).lower() for flag in LacpState if flag in lacp.actor_state) or "no bits"
    return f"LACPDU of {format_mac(lacp.actor_system)}: partner {partner}; {bits}"


RULE = Rule(
    id="lacp-port-not-forwarding",
    title="The switch port waits for LACP and does not forward",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    screens=NO_OFFER,
    causes=(
        "the port channel has no fallback to individual ports: it needs LACP, which firmware does not speak",
        "the two switches of a multi-chassis port channel send the answers to the other member port",
        "the fallback timer is longer than the client keeps asking",
    ),
    remedies=(
        Remedy(Product.CISCO_NXOS, "interface port-channel 10\n no lacp suspend-individual"),
        Remedy(Product.CISCO_IOS, "interface Gi1/0/10\n no channel-group", "a plain access port for the boot"),
        Remedy(
            Product.DELL_OS10,
            "interface port-channel 10\n lacp fallback enable\n lacp fallback timeout 3",
        ),
        Remedy(Product.ARISTA_EOS, "interface Port-Channel10\n port-channel lacp fallback static"),
        Remedy(Product.JUNIPER, "set interfaces ae10 aggregated-ether-options lacp force-up"),
        Remedy(Product.HPE, "interface lag 10\n lacp fallback"),
        Remedy(Product.OTHER, "configure sharing 10 lacp fallback enable", "Extreme"),
        Remedy(Product.IPXE, "#define DHCP_DISC_END_TIMEOUT_SEC 32", "in config/dhcp.h: wait for the fallback"),
        *advice("plug in only the port that the machine boots from until the system has set up its bond"),
    ),
    sources=("IEEE 802.1AX-2014 clauses 6.3.6 and 6.4.2.3", "iPXE src/net/eth_slow.c"),
    next_measurement="ask the switch for the state of the port channel and its members (`show lacp neighbor`)",
)
