"""Finding the flow of a million datagrams at once: a direct-mapped hash table over endpoint keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["EndpointTable"]

_BITS = 16
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: Fibonacci hashing spreads neighbouring ports
_SHIFT = np.uint64(64 - _BITS)


class EndpointTable:
    """Maps endpoint keys (`wire.frames.endpoint_key`) to slot numbers, for whole arrays at a time.

    Keys that share a bucket with an earlier key stand in a small sorted overflow list, so look-ups are exact.
    """

    def __init__(self) -> None:
        self._table: NDArray[np.int32] = np.full(1 << _BITS, -1, np.int32)
        self._keys: NDArray[np.uint64] = np.zeros(1, np.uint64)
        self._slots: NDArray[np.int32] = np.full(1, -1, np.int32)
        self._overflow_keys: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._overflow_slots: NDArray[np.int32] = np.zeros(0, np.int32)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def rebuild(self, slots: dict[int, int]) -> None:
        """Replace the contents by `slots`, endpoint key to slot number."""
        self._length = len(slots)
        keys = np.fromiter(slots, np.uint64, len(slots))
        values = np.fromiter(slots.values(), np.int32, len(slots))
        bucket = _bucket(keys)
        self._table.fill(-1)
        self._table[bucket] = np.arange(len(keys), dtype=np.int32)
        placed = self._table[bucket] == np.arange(len(keys), dtype=np.int32)
        # One element more than keys: an empty bucket's -1 then points at a slot of -1.
        self._keys = np.append(keys, np.uint64(0))
        self._slots = np.append(values, np.int32(-1))
        late = np.flatnonzero(~placed)
        late = late[np.argsort(keys[late], kind="stable")]
        self._overflow_keys, self._overflow_slots = keys[late], values[late]

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The slot of each key, -1 where it is unknown."""
        if not self._length or not len(keys):
            return np.full(len(keys), -1, np.int32)
        entry = self._table[_bucket(keys)]
        found = self._slots[entry]
        found[self._keys[entry] != keys] = -1
        if len(self._overflow_keys):
            self._find_overflow(keys, found)
        return found

    def _find_overflow(self, keys: NDArray[np.uint64], found: NDArray[np.int32]) -> None:
        missing = np.flatnonzero(found < 0)
        at = np.searchsorted(self._overflow_keys, keys[missing])
        at[at == len(self._overflow_keys)] = 0
        hit = self._overflow_keys[at] == keys[missing]
        found[missing[hit]] = self._overflow_slots[at[hit]]


def _bucket(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    return ((keys * _MULTIPLIER) >> _SHIFT).view(np.int64)
