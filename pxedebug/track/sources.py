"""What each capture source was and what it could have seen (catalogue 1.3): counted while frames pass by."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.story import SourceFacts, Vantage
from pxedebug.wire.batch import Batch, frame_source
from pxedebug.wire.frames import Columns

__all__ = ["SourceCounter"]

_WELL_KNOWN = np.zeros(65536, bool)
_WELL_KNOWN[[67, 68, 69, 546, 547, 4011]] = True
_ENOUGH_FRAMES = 4


@dataclass(slots=True)
class SourceCounter:
    """Running facts of one source."""

    frames: int = 0
    bytes: int = 0
    truncated: int = 0
    link_types: dict[int, None] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    unicast_to: int = 0
    """Unicast UDP or TCP frames towards servers' well-known ports or clients."""
    high_ports: bool = False
    relayed: bool = False
    dhcp_replies: int = 0
    broadcast_replies: int = 0
    dhcp_requests: int = 0

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
        for index in np.unique(source).tolist():
            counter = counters.setdefault(int(index), SourceCounter())
            counter.count(batch, source == index)
            counter.see_ports(columns, source[columns.datagrams.row] == index)

    def facts(self, name: str) -> SourceFacts:
        """The record of the report."""
        return SourceFacts(
            name, self.frames, self.bytes, tuple(self.link_types), self.truncated, self.first, self.last, self.vantage()
        )

    def vantage(self) -> Vantage:
        """What this capture point could have seen at all."""
        kind, text = self._kind()
        return Vantage(
            kind, text, self.unicast_to > 0, self.relayed, self.high_ports, self.truncated > 0
        )  # fmt: skip

    def _kind(self) -> tuple[str, str]:
        if not self.frames:
            return "unknown", "The capture holds no frame."
        if self.relayed and not self.broadcast_replies and self.unicast_to:
            return "relay-uplink", (
                "DHCP was seen between a relay and the server: what reached the client's own segment is not shown."
            )
        if not self.unicast_to:
            if self.dhcp_requests or self.dhcp_replies:
                return "broadcast-only", (
                    "Only broadcast and multicast was seen: unicast answers, port 4011, TFTP and HTTP would not show."
                )
            return "unknown", "Nothing in the capture tells what this capture point could see."
        if not self.high_ports and self.dhcp_requests:
            return "ports-filtered", (
                "No UDP beyond the well-known DHCP and TFTP ports was seen: a filter on ports hides TFTP data."
            )
        return "both-directions", "Broadcast and unicast frames of both directions were seen."

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
            self.link_types.update(dict.fromkeys(np.unique(link).tolist()))

    def see_ports(self, columns: Columns, mine: NDArray[np.bool_] | None) -> None:
        """Once unicast and high ports have been seen, there is nothing more to learn."""
        if self.high_ports and self.unicast_to >= _ENOUGH_FRAMES:
            return
        datagrams = columns.datagrams
        source, destination, row = datagrams.source, datagrams.destination, datagrams.row
        if mine is not None:
            source, destination, row = source[mine], destination[mine], row[mine]
        high = ~_WELL_KNOWN[(source & np.uint64(0xFFFF)).astype(np.int64)]
        high &= ~_WELL_KNOWN[(destination & np.uint64(0xFFFF)).astype(np.int64)]
        self.high_ports |= bool(high.any())
        batch = columns.batch
        ethernet = batch.captured[row] >= 6
        first_byte = batch.buffer[np.where(ethernet, batch.offset[row], 0)]
        mac = columns.mac[row] != 0
        unicast = np.where(mac, (first_byte & 1) == 0, destination >> np.uint64(16) != 0xFFFFFFFF)
        # DHCP answers that happen to be unicast to one client prove it for that client's answers too.
        self.unicast_to += int(unicast.sum()) + len(columns.segments.row)
