"""What each capture source was and what it could have seen (catalogue 1.3): counted while frames pass by."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.story import SourceFacts, Vantage
from pxedebug.track.vantage import Sights, judge_vantage
from pxedebug.wire.batch import Batch, frame_source
from pxedebug.wire.columns.gather import distinct
from pxedebug.wire.frames import Columns
from pxedebug.wire.linktypes import LINKTYPE_ETHERNET

__all__ = ["SourceCounter"]

_WELL_KNOWN = np.zeros(65536, bool)
_WELL_KNOWN[[67, 68, 69, 546, 547, 4011]] = True
_TFTP = 69
_MAC_LENGTH = 6
_IPV4_DESTINATION, _IPV6_DESTINATION = 16, 24


@dataclass(slots=True)
class SourceCounter:
    """Running facts of one source."""

    frames: int = 0
    bytes: int = 0
    truncated: int = 0
    link_types: dict[int, None] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    sights: Sights = field(default_factory=Sights)

    @staticmethod
    def feed(counters: dict[int, SourceCounter], columns: Columns) -> None:
        """Count one batch, which may hold frames of several sources."""
        batch = columns.batch
        first, last = frame_source(int(batch.ref[0])), frame_source(int(batch.ref[-1]))
        if first == last == frame_source(int(batch.ref.max())) == frame_source(int(batch.ref.min())):
            counters.setdefault(first, SourceCounter()).count(batch, None)
            counters[first].see_ports(columns, None)
            return
        source = batch.ref >> 48
        for index in distinct(source).tolist():
            counter = counters.setdefault(int(index), SourceCounter())
            counter.count(batch, source == index)
            counter.see_ports(columns, source == index)

    def facts(self, name: str) -> SourceFacts:
        """The record of the report."""
        return SourceFacts(
            name,
            self.frames,
            self.bytes,
            tuple(sorted(self.link_types)),
            self.truncated,
            self.first,
            self.last,
            self.vantage(),
        )

    def vantage(self) -> Vantage:
        """What this capture point could have seen at all."""
        return judge_vantage(self.sights, cut_frames=self.truncated > 0)

    def count(self, batch: Batch, mine: NDArray[np.bool_] | None) -> None:
        """Count the frames of `batch`, or those of `mine`."""
        captured, wire = batch.captured, batch.wire_length
        time, link = batch.time, batch.link_type
        if mine is not None:
            captured, wire, time, link = captured[mine], wire[mine], time[mine], link[mine]
        self.frames += len(captured)
        self.bytes += int(captured.sum(dtype=np.int64))
        self.truncated += int((captured < wire).sum())
        first, last = int(time.min()), int(time.max())
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)
        if link[0] == link[-1] and (link == link[0]).all():
            self.link_types[int(link[0])] = None
        else:
            self.link_types.update(dict.fromkeys(distinct(link).tolist()))

    def see_ports(self, columns: Columns, mine: NDArray[np.bool_] | None) -> None:
        """Look for unicast and for ports, until both have been seen."""
        sights = self.sights
        segments = columns.segments.row if mine is None else columns.segments.row[mine[columns.segments.row]]
        neighbours = columns.neighbours if mine is None else columns.neighbours[mine[columns.neighbours]]
        sights.unfiltered |= len(neighbours) > 0 or len(segments) > 0
        if sights.high_ports and sights.unicast and sights.tftp_requests:
            return
        datagrams = columns.datagrams
        source, destination, row = datagrams.source, datagrams.destination, datagrams.row
        if mine is not None:
            ours = mine[row]
            source, destination, row = source[ours], destination[ours], row[ours]
        port = (destination & np.uint64(0xFFFF)).astype(np.int64)
        high = ~_WELL_KNOWN[(source & np.uint64(0xFFFF)).astype(np.int64)] & ~_WELL_KNOWN[port]
        # A server that answers from port 69 itself shows its data through any filter on ports.
        served = (source & np.uint64(0xFFFF)) == np.uint64(_TFTP)
        sights.high_ports |= bool((high | served).any())
        sights.tftp_requests |= bool((port == _TFTP).any())
        if not sights.unicast:
            sights.unicast = bool(_unicast(columns, row).any()) or len(segments) > 0


def _unicast(columns: Columns, row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which datagrams went to one host: by the Ethernet destination's group bit, else by the IP destination."""
    batch = columns.batch
    ethernet = (columns.link_type[row] == LINKTYPE_ETHERNET) & (batch.captured[row] >= _MAC_LENGTH)
    network = columns.network[row]
    version = batch.buffer[network] >> 4
    first = batch.buffer[network + np.where(version == 4, _IPV4_DESTINATION, _IPV6_DESTINATION)]
    # 224.0.0.0/3 holds multicast and the broadcast address, ff00::/8 IPv6's multicast.
    several = np.where(version == 4, first >= 0xE0, first == 0xFF)
    group = batch.buffer[np.where(ethernet, columns.link[row], 0)] & 1
    unicast: NDArray[np.bool_] = np.where(ethernet, group == 0, ~several)
    return unicast
