"""The client's switch port: how long its DISCOVERs found no answer, and what came out of the port meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pxedebug.diagnose.case import Turn, dhcp_of
from pxedebug.diagnose.facts import absent_for_good
from pxedebug.diagnose.finding import name
from pxedebug.diagnose.network import Network
from pxedebug.firmware import Phase, gives_up_after_ns, schedule
from pxedebug.track.clocks import SECOND, SILENCE
from pxedebug.track.story import Message, Outcome, SeenEvent
from pxedebug.wire.batch import frame_source
from pxedebug.wire.neighbours import Cdp, Lldp

__all__ = ["Silence", "places", "port_words", "silence_of"]

_FEWEST = 2
_MIRROR = SECOND // 20
"""Between a frame and its copy on a slow mirror port."""


class Silence(NamedTuple):
    """DISCOVERs of one turn that nobody answered."""

    turn: Turn
    unanswered: list[Message]
    """At least two, in order."""
    first_answered: Message | None
    """The first DISCOVER after them that got an answer."""
    answer: Message | None
    until: int
    """When the silence ended: with `first_answered`, or when the client stopped waiting, or the capture ended."""

    @property
    def since(self) -> int:
        """When the first DISCOVER was sent."""
        return self.unanswered[0].packet.time

    @property
    def last(self) -> int:
        """When the last DISCOVER was sent that got no answer."""
        return self.unanswered[-1].packet.time

    @property
    def settled(self) -> bool:
        """It is known how it ended: with an answer, or with the client giving up."""
        turn = self.turn
        return self.first_answered is not None or absent_for_good(turn.case, turn, self.unanswered, Phase.DISCOVER)

    @property
    def stuck(self) -> bool:
        """It is over, or the boot stands still in it: enough where link frames themselves say that the port is shut."""
        return self.settled or (self.turn.last and self.turn.case.outcome is Outcome.STALLED)

    def frames_of(self, network: Network, kind: type, before: int = 0) -> list[SeenEvent]:
        """Link frames of one class during the silence (and `before` nanoseconds earlier), of captures that saw this
        client's DISCOVERs; without a mirror's copies (B-13)."""
        where = {source for source, _ in places(self.turn, "DISCOVER", "BOOTREQUEST")}
        found: list[SeenEvent] = []
        for seen in network.events(kind, self.since - before, self.until):
            copy = bool(found) and seen.event == found[-1].event and seen.time - found[-1].time < _MIRROR
            if frame_source(seen.frame) in where and not copy:
                found.append(seen)
        return found

    def closed(self, network: Network, seen: SeenEvent, until: int) -> bool | None:
        """Nothing but link control, such as `seen`, and the client's own frames passed its port until then; None where
        that is not known."""
        mac = self.unanswered[0].packet.source_mac
        heard = network.others_heard(frame_source(seen.frame), mac, self.since, until)
        return None if heard is None else not heard


def silence_of(turn: Turn) -> Silence | None:
    """The DISCOVERs of this turn that went without an answer before the first one that had one; None if fewer than
    two."""
    sent = turn.discovers
    if len(sent) < _FEWEST:
        return None
    answer = next((m for m in turn.messages if not m.from_client and m.port == 67), None)
    if answer is None:
        return Silence(turn, sent, None, None, _end(turn, sent))
    asked = [m for m in sent if m.packet.time <= answer.packet.time]
    xid = dhcp_of(answer).xid
    answered = next((m for m in reversed(asked) if dhcp_of(m).xid == xid), asked[-1] if asked else None)
    if answered is None:
        return None
    unanswered = [m for m in asked if m.packet.time < answered.packet.time]
    if len(unanswered) < _FEWEST:
        return None
    return Silence(turn, unanswered, answered, answer, answered.packet.time)


def _end(turn: Turn, sent: Sequence[Message]) -> int:
    """When the client stopped waiting, as far as the capture goes."""
    first, last = sent[0].packet.time, sent[-1].packet.time
    patience = gives_up_after_ns(schedule(turn.program, Phase.DISCOVER))
    waited = last + SILENCE if patience is None else max(first + patience, last)
    bound = turn.case.quiet_until if turn.next is None else turn.next.stage.started
    return min(waited, max(bound, last))


def places(turn: Turn, *types: str) -> set[tuple[int, int]]:
    """Where messages of these types were seen, copies too: source and interface of each."""
    return {
        (frame_source(m.packet.frame), m.packet.interface)
        for exchange in turn.stage.exchanges
        for m in exchange.messages
        if m.type in types and m.port == 67
    }


def port_words(network: Network, seen: SeenEvent) -> str:
    """Which port that is, as a sentence, where LLDP or CDP in the same capture names just one; else empty."""
    source = frame_source(seen.frame)
    told = [each.event for kind in (Lldp, Cdp) for each in network.events(kind) if frame_source(each.frame) == source]
    by_lldp = {(event.port, event.system_name or event.chassis) for event in told if isinstance(event, Lldp)}
    by_cdp = {(event.port or "", event.device or "") for event in told if isinstance(event, Cdp)}
    named = by_lldp or by_cdp
    if len(named) != 1:
        return ""
    port, device = (name(word.encode("utf-8", "surrogateescape")) for word in named.pop())
    return f"The port names itself {port} of {device}."
