"""Whether anybody but the client sends ordinary frames: what tells a closed switch port from a server that is silent.

Nothing comes out of a port that does not forward but link control: spanning tree, LACP, LLDP, CDP, 802.1X.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.clocks import SECOND
from pxedebug.wire.batch import frame_source
from pxedebug.wire.columns.gather import distinct, words
from pxedebug.wire.frames import Columns
from pxedebug.wire.linktypes import LINKTYPE_ETHERNET

__all__ = ["BystanderLog"]

_HEADER: Final = 14
_BRIDGE_GROUP: Final = np.uint64(0x0180C2000000)
"""IEEE 802.1Q-2018 table 8-1: bridges do not forward what is sent to 01:80:c2:00:00:00 to :0f (:10 to :2f: GARP)."""
_BRIDGE_ADDRESSES: Final = np.uint64(0x30)
_CISCO_GROUP: Final = np.uint64(0x01000CCCCCCC)
"""CDP, VTP, DTP, PAgP, UDLD; PVST is the next address."""


class BystanderLog:
    """Second by second, the lowest and the highest source MAC of ordinary frames: two numbers that tell for any
    machine whether another one was heard.

    It begins with the first frame of link control; a capture without any pays nothing. Only the latest `seconds` in
    which something was heard are kept, of each source.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._heard: dict[int, dict[int, tuple[int, int]]] = {}
        self._since: dict[int, int] = {}
        """By source: from when on everything is known."""

    def feed(self, columns: Columns) -> None:
        """Take the frames of one batch."""
        if not self._since and not len(columns.neighbours):
            return
        ref = columns.batch.ref
        first, last = frame_source(int(ref.min())), frame_source(int(ref.max()))
        sources = [first] if first == last else distinct(ref >> 48).tolist()
        starts = {index: self._start(columns, index) for index in sources}
        if all(start is None for start in starts.values()):
            return
        ordinary = np.flatnonzero(_ordinary(columns))
        for index, start in starts.items():
            if start is not None:
                mine = ordinary if first == last else ordinary[ref[ordinary] >> 48 == index]
                self._take(columns, mine[mine >= start] if start else mine, index)

    def heard(self, source: int, mac: bytes, since: int, until: int) -> bool | None:
        """Somebody but `mac` sent an ordinary frame in a second that lies between two times (nanoseconds), as seen by
        `source`; None where that is not known."""
        first, last = -(-max(since, self._since.get(source, until)) // SECOND), until // SECOND
        if first >= last or len(mac) != 6:
            return None
        own = int.from_bytes(mac, "big")
        heard = self._heard.get(source, {})
        seconds = range(first, last)
        if len(seconds) > len(heard):  # times that jump may be years apart
            return any(second in seconds and macs != (own, own) for second, macs in heard.items())
        return any(heard.get(second, (own, own)) != (own, own) for second in seconds)

    def _start(self, columns: Columns, source: int) -> int | None:
        """The row from which a source is followed: that of its first frame of link control; None before it."""
        if source in self._since:
            return 0
        rows = columns.neighbours
        found = rows[_control(columns, rows) & (columns.batch.ref[rows] >> 48 == source)]
        if not len(found):
            return None
        self._since[source] = int(columns.batch.time[found[0]])
        return int(found[0])

    def _take(self, columns: Columns, rows: NDArray[np.int64], source: int) -> None:
        if not len(rows):
            return
        mac, second = columns.mac[rows], columns.batch.time[rows] // SECOND
        starts = np.concatenate(([0], np.flatnonzero(second[1:] != second[:-1]) + 1))
        lowest, highest = np.minimum.reduceat(mac, starts), np.maximum.reduceat(mac, starts)
        heard = self._heard.setdefault(source, {})
        for at, low, high in zip(second[starts].tolist(), lowest.tolist(), highest.tolist(), strict=True):
            before = heard.get(at, (low, high))
            heard[at] = min(low, before[0]), max(high, before[1])
        while len(heard) > self._seconds:
            oldest = next(iter(heard))
            del heard[oldest]
            self._since[source] = max(self._since[source], (oldest + 1) * SECOND)


def _ordinary(columns: Columns) -> NDArray[np.bool_]:
    """Which frames are of somebody and no link control; what carries UDP or TCP is, wherever it goes."""
    ordinary: NDArray[np.bool_] = columns.mac != 0
    suspect = ordinary.copy()
    suspect[columns.datagrams.row] = suspect[columns.segments.row] = False
    rows = np.flatnonzero(suspect)
    ordinary[rows] = ~_control(columns, rows)
    return ordinary


def _control(columns: Columns, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which frames stay on their link: sent to a group that bridges do not forward, or to the sender itself."""
    first, second = words(columns.batch.buffer, columns.link[rows], 2)
    target = first.astype(np.uint64) << np.uint64(16) | second >> np.uint32(16)
    control: NDArray[np.bool_] = target - _BRIDGE_GROUP < _BRIDGE_ADDRESSES
    control |= target - _CISCO_GROUP <= np.uint64(1)
    control |= target == columns.mac[rows]
    control &= (columns.link_type[rows] == LINKTYPE_ETHERNET) & (columns.batch.captured[rows] >= _HEADER)
    return control
