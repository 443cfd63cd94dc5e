"""The tracker: batches of frames in, the story of every boot out.

It collects (DHCP messages, transfers, neighbour frames; each in a module of its own) and assembles the story
only when asked, client by client, from the collected logs. Time is what the frames say, or what `advance` is told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.assemble import AssemblyContext
from pxedebug.track.bystanders import BystanderLog
from pxedebug.track.clients import ClientRegistry
from pxedebug.track.dhcp import DhcpCollector, Observe
from pxedebug.track.dns import DnsLog
from pxedebug.track.http.connection import HttpTransfer
from pxedebug.track.http.follower import HttpFollower
from pxedebug.track.limits import Limits
from pxedebug.track.neighbours import NeighbourLog
from pxedebug.track.outcome import Surroundings
from pxedebug.track.owners import OwnerFinder
from pxedebug.track.points import VantagePoints
from pxedebug.track.presence import PresenceLog
from pxedebug.track.sources import SourceCounter
from pxedebug.track.story import CaptureWarning, SourceFacts, Story, Vantage
from pxedebug.track.telling import Telling
from pxedebug.track.tftp.follower import TftpFollower, Trace
from pxedebug.track.tftp.transfer import TftpTransfer
from pxedebug.track.vantage import with_other_direction
from pxedebug.wire.batch import Batch
from pxedebug.wire.frames import Columns, decode_batch
from pxedebug.wire.linktypes import link_type_name
from pxedebug.wire.packets import SegmentEndpoints
from pxedebug.wire.reassembly import Reassembler

__all__ = ["Tracker"]

Item = TypeVar("Item")

_UDP = 17
_FEW_BACKWARDS, _MANY_BACKWARDS = 20, 20
"""Frames that run backwards: so many are jitter; more than one in so many, and the order of the capture is lost."""


class Tracker:
    """Fed with batches in capture order; asked for the story at any moment.

    `point_of` numbers the vantage point of a source: sources that were captured at the same time have different ones.
    `observe` is told of every decoded DHCP and DHCPv6 message and `trace` of the frames and first words of every
    TFTP packet (arrays): both are for tests and for tools that want more than the story.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        point_of: Callable[[int], int] = lambda _source: 0,
        observe: Observe | None = None,
        trace: Trace | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._clients = ClientRegistry(self.limits)
        self._sources: dict[int, SourceCounter] = {}
        self._dhcp = DhcpCollector(self._clients, self._sources, observe)
        self._tftp = TftpFollower(self.limits, self._tftp_opened, trace)
        self._http = HttpFollower(self.limits, self._boots_since, self._http_opened, self._clients.url_ports)
        self.neighbours = NeighbourLog(self.limits, self._unreachable)
        self.presence = PresenceLog()
        self.bystanders = BystanderLog(self.limits.neighbours)
        self.dns = DnsLog(self.limits, self._boots_since)
        self._fragments = Reassembler(self.limits.fragments, self.limits.fragment_bytes, self.limits.fragment_age)
        self._owners = OwnerFinder(self._clients)
        self._points = VantagePoints(point_of)
        self._unsupported: dict[int, int] = {}
        self._backwards = 0
        self._pauses: list[tuple[int, int]] = []
        """Stretches without any frame, longer than `Limits.pause`: start and end, oldest first."""
        self.now = 0
        """Capture time, nanoseconds since the Unix epoch; never runs backwards."""

    def feed(self, batch: Batch) -> None:
        """Take the next frames of the capture. Nothing of `batch` is kept."""
        if not len(batch):
            return
        columns = decode_batch(batch)
        SourceCounter.feed(self._sources, columns)
        self._points.separate(columns)
        for link_type, frames in columns.unsupported.items():
            self._unsupported[link_type] = self._unsupported.get(link_type, 0) + frames
        before = self.now
        self._note_time(batch.time)
        self.presence.feed(columns.mac, batch.time)
        self.bystanders.feed(columns)
        if len(columns.fragments.row):
            self._tftp.expect(columns)
        whole = self._fragments.feed(columns, self._wants)
        self._dhcp.feed(columns, whole.packets)
        onwards = _never_back(columns, before)
        self._tftp.feed(onwards, whole)
        self._http.feed(onwards)
        self.dns.feed(columns)
        self.neighbours.feed(columns)
        self._expire()

    def advance(self, to: int) -> None:
        """The clock stands at `to` (nanoseconds since the Unix epoch) and no frame came since."""
        self.now = max(self.now, to)
        self._expire()

    def story(self, names: Sequence[str] = (), warnings: Sequence[CaptureWarning] = ()) -> Story:
        """The story as it stands. `names` are the sources' names by index, `warnings` what their readers had to say."""
        sources = self._source_facts(names)
        telling = Telling(self._clients, self._context, self.limits.boots)
        return Story(
            sources=sources,
            warnings=(*warnings, *self._warnings()),
            evicted={
                "clients": self._clients.evicted_clients,
                "boots": telling.evicted,
                "frames": self._clients.lost + self.neighbours.more + self.dns.more,
            },
            boots=_Told(telling.boots),
            others=_Told(telling.others),
            first_time=min((s.first_time for s in sources if s.first_time is not None), default=None),
            last_time=max((s.last_time for s in sources if s.last_time is not None), default=None),
            neighbours=self.neighbours.view(),
            presence=self.presence.seen,
            names=self.dns.view(),
            unheard=self.presence.unheard,
            bystanders=self.bystanders.heard,
        )

    def _expire(self) -> None:
        self._tftp.expire(self.now)
        self._http.expire(self.now)

    def _context(self) -> AssemblyContext:
        vantages = [self._vantage(source) for source in self._sources]
        unicast = any(vantage.unicast_seen for vantage in vantages)
        hidden = bool(vantages) and not any(vantage.high_ports_seen for vantage in vantages)
        frames = sum(counter.frames for counter in self._sources.values())
        disordered = self._backwards > max(_FEW_BACKWARDS, frames // _MANY_BACKWARDS)
        surroundings = Surroundings(self._unanswered_arp, unicast, hidden, disordered)
        return AssemblyContext(self._now_after, self.limits, self._tftp.settle, surroundings)

    def _now_after(self, time: int) -> int:
        """Up to when the capture shows what followed `time`: a long pause of everything is a capture put together of
        pieces, or one that was stopped, and proves no absence."""
        at = bisect_left(self._pauses, (time,))
        return self._pauses[at][0] if at < len(self._pauses) else self.now

    def _unanswered_arp(self, mac: bytes, since: int) -> Sequence[int]:
        found = self.neighbours.asked_without_answer(mac, since)
        return [seen.time for seen in found[1]] if found else ()

    def _note_time(self, time: NDArray[np.int64]) -> None:
        if len(time) > 1:
            self._backwards += int((time[1:] < time[:-1]).sum())
        self._backwards += int(time[0]) < self.now
        latest = int(time.max())
        if (self.now and latest - self.now > self.limits.pause) or latest - int(time[0]) > self.limits.pause:
            self._note_pauses(time)
        self.now = max(self.now, latest)

    def _note_pauses(self, time: NDArray[np.int64]) -> None:
        before = np.maximum.accumulate(np.concatenate(([self.now or int(time[0])], time)))[:-1]
        for row in np.flatnonzero(time - before > self.limits.pause).tolist():
            if len(self._pauses) < self.limits.pauses:
                self._pauses.append((int(before[row]), int(time[row])))

    def _wants(self, _source: NDArray[np.uint64], destination: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Of which fragmented datagrams the bytes are wanted: those that hold the start of a file."""
        wanted = (self._tftp.wants(key) for key in destination.tolist())
        return np.fromiter(wanted, bool, len(destination))

    def _tftp_opened(self, transfer: TftpTransfer) -> None:
        log = self._owners.owner(transfer.packet)
        self._clients.keep_transfer(log, log.tftp, transfer)

    def _http_opened(self, transfer: HttpTransfer, ends: SegmentEndpoints) -> None:
        log = self._owners.owner(ends, transfer.connection.last_time)
        self._clients.keep_transfer(log, log.http, transfer)

    def _boots_since(self, key: int, ref: int) -> int | None:
        """Since when the client with the endpoint `key`, as seen in the frame `ref`, is known to boot."""
        return self._clients.interesting.get((key ^ self._points.mark(ref)) >> 16)

    def _unreachable(self, client: int, protocol: int, frame: int, time: int) -> None:
        client ^= self._points.mark(frame)
        if protocol == _UDP:
            self._tftp.unreachable(client, frame, time)
        else:
            self._http.unreachable(client, frame, time)

    def _source_facts(self, names: Sequence[str]) -> tuple[SourceFacts, ...]:
        count = max(len(names), max(self._sources, default=-1) + 1)
        labels = [names[i] if i < len(names) else f"source {i}" for i in range(count)]
        facts = (self._sources.get(i, SourceCounter()).facts(label) for i, label in enumerate(labels))
        return tuple(fact._replace(vantage=self._vantage(i)) for i, fact in enumerate(facts))

    def _vantage(self, source: int) -> Vantage:
        """What `source` could have seen: with the other direction of its tap, where that is a file of its own."""
        point_of = self._points.point_of
        tap = (counter.sights for other, counter in self._sources.items() if point_of(other) == point_of(source))
        return with_other_direction(self._sources.get(source, SourceCounter()).vantage(), tap)

    def _warnings(self) -> Iterator[CaptureWarning]:
        for link_type, frames in sorted(self._unsupported.items()):
            yield CaptureWarning(
                "unsupported-link-type",
                f"{frames} frames of link type {link_type_name(link_type)} were not decoded: it is not supported.",
            )
        if self._backwards:
            yield CaptureWarning("time-backwards", f"Timestamps run backwards at {self._backwards} frames.")
        if self._dhcp.malformed:
            yield CaptureWarning(
                "malformed-dhcp", f"{self._dhcp.malformed} packets on DHCP ports could not be decoded as DHCP."
            )
        if self._fragments.given_up:
            yield CaptureWarning(
                "incomplete-fragments", f"{self._fragments.given_up} fragmented datagrams never became complete."
            )
        truncated = sum(counter.truncated for counter in self._sources.values())
        if truncated:
            yield CaptureWarning(
                "snap-length", f"{truncated} frames were cut by the capture's snap length; capture with -s 0."
            )
        if self._dhcp.cut:
            yield CaptureWarning(
                "dhcp-cut",
                f"The options of {self._dhcp.cut} DHCP messages were cut by the snap length: "
                "it cannot be told who boots.",
            )


def _never_back(columns: Columns, now: int) -> Columns:
    """The columns with times that only go on, from `now`: whose clock is set back shortens no silence. Mostly the same
    object."""
    time = columns.batch.time
    if int(time[0]) >= now and not (time[1:] < time[:-1]).any():
        return columns
    return replace(columns, batch=replace(columns.batch, time=np.maximum(np.maximum.accumulate(time), now)))


class _Told(Generic[Item]):
    """A pass over the story, made anew at every iteration."""

    def __init__(self, told: Callable[[], Iterator[Item]]) -> None:
        self._told = told

    def __iter__(self) -> Iterator[Item]:
        return self._told()
