"""Neighbour evidence: what ARP, ICMP and the link said around the boots, summed up within limits.

ARP (and IPv6 neighbour discovery) is kept by the address asked for: who asked, when, and who answered. ICMP
errors are matched to the packet they quote. Everything else is kept as a bounded list of events a kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pxedebug.errors import MalformedFrame
from pxedebug.track.limits import Limits
from pxedebug.track.story import Neighbours, SeenEvent
from pxedebug.wire.frames import Columns, endpoint_key
from pxedebug.wire.neighbours import (
    Arp,
    IcmpError,
    NeighbourAdvertisement,
    NeighbourEvent,
    NeighbourSolicitation,
    decode,
)
from pxedebug.wire.packet import Address

__all__ = ["NeighbourLog", "Resolution"]

_UDP, _TCP = 17, 6


@dataclass(slots=True)
class Resolution:
    """Who asked for the link address of one IP address, and what came back."""

    asked: list[SeenEvent] = field(default_factory=list)
    answered: list[SeenEvent] = field(default_factory=list)
    more: int = 0
    """Events beyond the cap."""
    last_answer: int | None = None
    """Time of the latest answer, kept or not."""


class NeighbourLog:
    """Fed with the columns of each batch; `unreachable` is told the client endpoint, protocol, frame and time of
    every ICMP error about a packet that this endpoint sent."""

    def __init__(self, limits: Limits, unreachable: Callable[[int, int, int, int], None]) -> None:
        self._limits = limits
        self._unreachable = unreachable
        self.resolutions: dict[Address, Resolution] = {}
        self._asked_by: dict[bytes, dict[Address, None]] = {}
        """The addresses that each hardware address asked for, in order."""
        self.icmp: list[SeenEvent] = []
        self.events: dict[type, list[SeenEvent]] = {}
        self.more = 0
        """Frames beyond the caps."""

    def feed(self, columns: Columns) -> None:
        """Take the neighbour frames of one batch."""
        batch = columns.batch
        for row in columns.neighbours.tolist():
            network = int(columns.network[row])
            offset = int(batch.offset[row])
            try:
                event = decode(batch.frame(row), int(batch.link_type[row]), network - offset if network >= 0 else -1)
            except MalformedFrame:
                continue
            if event is not None:
                self._take(SeenEvent(int(batch.ref[row]), int(batch.time[row]), event))

    def view(self) -> Neighbours:
        """What has been seen so far, as values for diagnosis."""
        return Neighbours(
            {address: (tuple(r.asked), tuple(r.answered)) for address, r in self.resolutions.items()},
            tuple(self.icmp),
            {kind: tuple(events) for kind, events in self.events.items()},
        )

    def asked_without_answer(self, mac: bytes, since: int) -> tuple[Address, list[SeenEvent]] | None:
        """The address that `mac` asked for most often after `since` without any answer, and those requests."""
        best: tuple[Address, list[SeenEvent]] | None = None
        for address in self._asked_by.get(mac, ()):
            resolution = self.resolutions[address]
            asked = [seen for seen in resolution.asked if seen.time >= since and _sender(seen.event) == mac]
            answer = resolution.last_answer
            if not asked or (answer is not None and answer >= asked[0].time):
                continue
            if best is None or len(asked) > len(best[1]):
                best = address, asked
        return best

    def _take(self, seen: SeenEvent) -> None:
        event = seen.event
        if isinstance(event, Arp):
            self._arp(seen, event)
            if event.gratuitous and not event.sender_ip.is_unspecified:
                self._keep(seen)
        elif isinstance(event, IcmpError):
            self._icmp(seen, event)
        elif isinstance(event, NeighbourSolicitation):
            self._note(event.target, seen, asked=True)
        elif isinstance(event, NeighbourAdvertisement):
            self._note(event.target, seen, asked=False)
        else:
            self._keep(seen)

    def _keep(self, seen: SeenEvent) -> None:
        """As an event of its kind; of ARP these are announcements, which ask nobody (RFC 5227 section 3)."""
        kept = self.events.setdefault(type(seen.event), [])
        if len(kept) < self._limits.neighbours:
            kept.append(seen)
        else:
            self.more += 1

    def _arp(self, seen: SeenEvent, event: Arp) -> None:
        if event.operation == 1:
            # An address conflict check asks for the sender's own address, and hopes for no answer (B-19, RFC 5227).
            if event.sender_ip != event.target_ip and not event.sender_ip.is_unspecified:
                self._note(event.target_ip, seen, asked=True)
        elif event.operation == 2:
            self._note(event.sender_ip, seen, asked=False)

    def _note(self, address: Address, seen: SeenEvent, *, asked: bool) -> None:
        resolution = self.resolutions.get(address)
        if resolution is None:
            if len(self.resolutions) >= self._limits.neighbours:
                self._forget_oldest()
            resolution = self.resolutions[address] = Resolution()
        if not asked:
            resolution.last_answer = max(seen.time, resolution.last_answer or seen.time)
        kept = resolution.asked if asked else resolution.answered
        if len(kept) >= self._limits.neighbour_events:
            resolution.more += 1
            return
        kept.append(seen)
        if asked and (sender := _sender(seen.event)) is not None:
            self._asked_by.setdefault(sender, {})[address] = None

    def _forget_oldest(self) -> None:
        """The entry that was made first goes: dictionaries keep the order of insertion."""
        address = next(iter(self.resolutions))
        resolution = self.resolutions.pop(address)
        self.more += len(resolution.asked) + len(resolution.answered) + resolution.more
        for sender in {_sender(seen.event) for seen in resolution.asked}:
            mine = self._asked_by.get(sender or b"", {})
            mine.pop(address, None)
            if not mine:
                self._asked_by.pop(sender or b"", None)

    def _icmp(self, seen: SeenEvent, event: IcmpError) -> None:
        if len(self.icmp) < self._limits.neighbours:
            self.icmp.append(seen)
        else:
            self.more += 1
        quoted = event.quoted
        if not event.unreachable or event.too_big:
            return  # "fragmentation needed" and "time exceeded" do not say that nobody is there
        if quoted is not None and quoted.source_port is not None and quoted.protocol in (_UDP, _TCP):
            key = endpoint_key(quoted.source.packed, quoted.source_port)
            self._unreachable(key, quoted.protocol, seen.frame, seen.time)


def _sender(event: NeighbourEvent) -> bytes | None:
    if isinstance(event, Arp):
        return event.sender_mac
    if isinstance(event, NeighbourSolicitation):
        return event.source_link
    return None
