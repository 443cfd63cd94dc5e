"""Client and server are not in the same VLAN, as the tags of their frames show.

The catalogue also asks whether the address given lies in the subnet of a VLAN that LLDP or CDP announces. Which subnet
a VLAN has is not on the wire, so that is left to the reader: what the port announces is told beside the finding. A
client whose only fault is a VLAN set in its firmware looks, at a trunk's mirror, like any other machine of that VLAN.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import absent_for_good
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Remedy, Rule, Step, advice
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.firmware import Phase, choose_offer
from pxedebug.track.story import Message
from pxedebug.wire.batch import frame_source
from pxedebug.wire.neighbours import Cdp, Lldp

__all__ = ["RULE"]

_CLIENT_PORT = 68
_FEWEST = 2
Tags = tuple[int, ...]


def check(case: Case, network: Network) -> Iterator[Found]:
    """DISCOVERs in one VLAN and answers in another, or DISCOVERs in two, and no lease."""
    for turn in case.turns:
        sent = [message for message in turn.discovers if message.packet.source_port == _CLIENT_PORT]
        if len(sent) < _FEWEST or turn.requests or turn.acks:
            continue
        tags = _tags(turn)
        asked = [tags[message.packet.frame] for message in sent]
        came = [o.message for o in turn.offers if o.message.packet.destination_port == _CLIENT_PORT]
        if not any(any(seen) for seen in asked) and not any(message.packet.vlans for message in came):
            continue
        if not absent_for_good(case, turn, sent, Phase.DISCOVER) or network.tags_differ:
            continue
        if came:
            yield from _answered_elsewhere(turn, network, sent, came, tags)
        else:
            yield from _asked_in_two(turn, network, sent, tags)


def _tags(turn: Turn) -> dict[int, set[Tags]]:
    """VLAN tags with which each message was seen, copies included, by the frame of the first."""
    return {first: {message.packet.vlans for message in seen} for first, seen in turn.sightings.items()}


def _answered_elsewhere(
    turn: Turn, network: Network, sent: list[Message], came: list[Message], tags: dict[int, set[Tags]]
) -> Iterator[Found]:
    asked = set[Tags]().union(*(tags[message.packet.frame] for message in sent))
    answers = set[Tags]().union(*(tags[message.packet.frame] for message in came))
    if asked & answers or choose_offer([dhcp_of(message) for message in came], turn.program) is None:
        return
    server = came[0].packet.source
    says = f"the client asks {_words(asked)} and the server {server} answers {_words(answers)}"
    evidence = cite_each(came, f"OFFER {_words(answers)}", 3) + cite_each(sent, f"DISCOVER {_words(asked)}", 4)
    evidence += _announced(network, sent[0])
    vlan = min((tag for stack in answers for tag in stack), default=None)
    values = {"vlan": str(vlan)} if vlan is not None else {}
    yield Found(turn, Confidence.STRONG, says, evidence, server=server, values=values)


def _asked_in_two(
    turn: Turn, network: Network, sent: list[Message], tags: dict[int, set[Tags]]
) -> Iterator[Found]:  # fmt: skip
    first = tags[sent[0].packet.frame]
    other = next((message for message in sent if not first & tags[message.packet.frame]), None)
    if other is None:
        return
    then = tags[other.packet.frame]
    says = f"the client asked {_words(first)} and then {_words(then)}, and nobody answered"
    evidence = cite(other, f"DISCOVER {_words(then)}") + cite(sent[0], f"DISCOVER {_words(first)}")
    yield Found(turn, Confidence.STRONG, says, evidence + _announced(network, sent[0]))


def _announced(network: Network, message: Message) -> tuple[Evidence, ...]:
    """What LLDP or CDP in the same capture says of the port's VLAN."""
    source = frame_source(message.packet.frame)
    for seen in (*network.events(Lldp), *network.events(Cdp)):
        event = seen.event
        vlan = event.vlan if isinstance(event, Lldp) else event.native_vlan if isinstance(event, Cdp) else None
        if vlan is not None and frame_source(seen.frame) == source:
            return cite(seen.frame, f"{type(event).__name__.upper()}: untagged frames of the port are VLAN {vlan}")
    return ()


def _words(tags: set[Tags]) -> str:
    """`untagged`, `in VLAN 20`."""
    if not any(tags):
        return "untagged"
    return "in VLAN " + " or ".join(".".join(map(str, stack)) for stack in sorted(tags) if stack)


RULE = Rule(
    id="vlan-mismatch",
    title="Client and server are in different VLANs",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    screens=NO_OFFER,
    causes=(
        "the access VLAN of the switch port is wrong",
        "the native VLAN of the trunk is not the one that machines are installed in",
        "a VLAN is still set in the machine's firmware or network card",
        "the port group of the hypervisor has another VLAN",
    ),
    remedies=(
        Remedy(Product.CISCO_IOS, "interface Gi1/0/10\n switchport access vlan $vlan", "an access port"),
        Remedy(Product.CISCO_IOS, "interface Gi1/0/10\n switchport trunk native vlan $vlan", "a trunk"),
        Remedy(Product.LINUX, "bridge vlan add dev $interface vid $vlan pvid untagged", "a port of a Linux bridge"),
        *advice("clear the VLAN in the firmware's network settings (VLAN Configuration), and look at the voice VLAN"),
    ),
    sources=("IEEE 802.1Q-2018 clause 9.6", "EDK2 NetworkPkg/VlanConfigDxe"),
    next_measurement="capture at the client's port with link headers and look at the tags of both directions",
)
