"""When each hardware address was first and last heard at all, whatever it sent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PresenceLog"]

_BITS = 16
_BUCKETS = 1 << _BITS
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _BITS)


class PresenceLog:
    """First and last time of any frame per source MAC, for at most one address a bucket of a fixed table.

    The first address in a bucket keeps it; with a few thousand machines on a segment, a handful share one and
    are not tracked. A flood of forged addresses fills the table and no more memory than that.
    """

    def __init__(self) -> None:
        self._owner = np.zeros(_BUCKETS, np.uint64)
        self._first = np.zeros(_BUCKETS, np.int64)
        self._last = np.zeros(_BUCKETS, np.int64)

    def feed(self, mac: NDArray[np.uint64], time: NDArray[np.int64]) -> None:
        """Take the source MACs (as integers, 0 for none) and times of a batch's frames."""
        if not len(mac):
            return
        bucket = ((mac * _MULTIPLIER) >> _SHIFT).view(np.int64)
        free = np.flatnonzero((self._owner[bucket] == 0) & (mac != 0))
        if len(free):
            # Assigned backwards, so that the earliest frame of each bucket wins.
            self._owner[bucket[free[::-1]]] = mac[free[::-1]]
            self._first[bucket[free[::-1]]] = time[free[::-1]]
        mine = self._owner[bucket] == mac
        self._last[bucket[mine]] = time[mine]

    def unheard(self, mac: bytes) -> bool:
        """No frame of a six-byte address was seen; False where that is not known."""
        if len(mac) != 6 or not any(mac):
            return False
        return int(self._owner[_bucket(mac)]) == 0

    def seen(self, mac: bytes) -> tuple[int, int] | None:
        """First and last time of a six-byte address, None when it was not tracked."""
        if len(mac) != 6 or not any(mac):
            return None
        bucket = _bucket(mac)
        if self._owner[bucket] != int.from_bytes(mac, "big"):
            return None
        return int(self._first[bucket]), int(self._last[bucket])


def _bucket(mac: bytes) -> int:
    return int((np.array([int.from_bytes(mac, "big")], np.uint64) * _MULTIPLIER)[0] >> _SHIFT)
