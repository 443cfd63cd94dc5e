"""The switch port wants 802.1X first: it asks the client who it is, and firmware does not say.

Where the switch falls back to the MAC address (MAB) or to a guest VLAN, the port opens after its requests ran out, by
default after 90 s: the late form. The catalogue asks that no response was seen; what counts here is that no Success
was, because newer iPXE does respond and may be turned down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.port import Silence, port_words, silence_of
from pxedebug.diagnose.rule import Product, Remedy, Rule, Step
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import SeenEvent
from pxedebug.wire.neighbours import Eapol

__all__ = ["RULE"]

_BEFORE = 60 * SECOND
"""Requests this long before the first DISCOVER belong to the same link-up: machines take their time to start."""
_FEWEST = 2
_OPENS_WITHIN = 5 * SECOND
_REQUEST, _SUCCESS, _FAILURE = 1, 3, 4
_IDENTITY = 1


def check(case: Case, network: Network) -> Iterator[Found]:
    """Requests for an identity, no Success, and DISCOVERs without an answer meanwhile."""
    if not network.events(Eapol):
        return
    for turn in case.turns:
        quiet = silence_of(turn)
        if quiet is None or not quiet.stuck:
            continue
        told = quiet.frames_of(network, Eapol, before=_BEFORE)
        asked = [seen for seen in told if _eapol(seen).eap_code == _REQUEST and _eapol(seen).eap_type == _IDENTITY]
        refused = [seen for seen in told if _eapol(seen).eap_code == _FAILURE]
        if len(asked) + len(refused) < _FEWEST or not asked:
            continue
        if any(_eapol(seen).eap_code == _SUCCESS and seen.time <= quiet.last for seen in told):
            continue
        if quiet.first_answered is None:
            yield _blocked(quiet, network, asked, refused)
        elif _opened_late(quiet, asked):
            yield _late(quiet, network, asked)


def _eapol(seen: SeenEvent) -> Eapol:
    assert isinstance(seen.event, Eapol)
    return seen.event


def _opened_late(quiet: Silence, asked: Sequence[SeenEvent]) -> bool:
    """DISCOVERs failed as long as the switch asked and waited, and no longer."""
    if len(asked) < _FEWEST:
        return False
    period = asked[-1].time - asked[-2].time
    return quiet.last <= asked[-1].time + period + _OPENS_WITHIN


def _blocked(
    quiet: Silence, network: Network, asked: Sequence[SeenEvent], refused: Sequence[SeenEvent]
) -> Found:  # fmt: skip
    number = count(len(quiet.unanswered), "DISCOVER")
    what = "turned the client down" if refused else "asked the client for an 802.1X identity and got none"
    says = f"the switch port {what}: {number} went unanswered"
    evidence = cite_each([seen.frame for seen in refused], "EAP failure", 2)
    evidence += cite_each([seen.frame for seen in asked], "EAP request for an identity", 4)
    evidence += cite_each(quiet.unanswered, "DISCOVER without an answer")
    closed = quiet.closed(network, asked[0], quiet.until)
    confidence = Confidence.STRONG if closed else Confidence.INFERRED
    return Found(quiet.turn, confidence, says, evidence, port_words(network, asked[0]))


def _late(quiet: Silence, network: Network, asked: Sequence[SeenEvent]) -> Found:
    assert quiet.first_answered is not None
    assert quiet.answer is not None
    waited = seconds(quiet.first_answered.packet.time - quiet.since)
    given = dhcp_of(quiet.answer).yiaddr
    says = f"the switch port opened only after its 802.1X requests had run out: the first answer came after {waited}"
    more = f"The client was offered {given}: see that this is no guest network. " if int(given) else ""
    evidence = cite_each([seen.frame for seen in asked], "EAP request for an identity", 4)
    evidence += cite_each(quiet.unanswered, "DISCOVER without an answer", 4)
    evidence += cite(quiet.first_answered, "the first DISCOVER that was answered") + cite(quiet.answer, "its answer")
    return Found(quiet.turn, Confidence.STRONG, says, evidence, (more + port_words(network, asked[0])).strip())


RULE = Rule(
    id="dot1x-port-blocked",
    title="The switch port is blocked until 802.1X authentication",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    screens=NO_OFFER,
    causes=(
        "the port asks for 802.1X and has no MAC authentication bypass (MAB)",
        "MAB begins only after the client has given up: the timers are longer than its retries",
        "the machine's MAC address is not enrolled at the RADIUS server",
    ),
    remedies=(
        Remedy(
            Product.CISCO_IOS,
            "interface Gi1/0/10\n mab\n authentication order mab dot1x\n dot1x timeout tx-period 3",
        ),
        Remedy(
            Product.CISCO_IOS,
            "interface Gi1/0/10\n authentication open\n ip access-group PREAUTH in",
            "low-impact mode; the access list permits UDP 67, 68, 69 and 4011",
        ),
        Remedy(Product.ARISTA_EOS, "interface Ethernet10\n dot1x mac based authentication"),
        Remedy(Product.JUNIPER, "set protocols dot1x authenticator interface ge-0/0/10 mac-radius"),
        Remedy(Product.HPE, "aaa port-access mac-based 10"),
    ),
    sources=("IEEE 802.1X-2010 clauses 8 and 11", "RFC 3748 section 4"),
    next_measurement="ask the switch for the port's session (`show authentication sessions interface Gi1/0/10`)",
)
