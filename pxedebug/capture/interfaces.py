"""The interfaces of a pcapng file as columns, and the conversion of their timestamps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.records import Interface

__all__ = ["InterfaceTable", "ticks_per_second"]

_BILLION = 1_000_000_000
_FARTHEST = 9_200_000_000
"""Seconds from the epoch that still fit in 64 bits of nanoseconds; forged times stop there."""
_SUMMAND = (1 << 62) - 1
"""Seconds that can still be added to another such number; other epochs than Unix's need more than `_FARTHEST`."""

_ROW = np.dtype(
    [
        ("link_type", np.int32),
        ("snap_length", np.uint32),
        ("fcs_length", np.int64),
        ("coarsen", np.uint64),
        ("ticks", np.uint64),
        ("multiply", np.uint64),
        ("divide", np.uint64),
        ("offset", np.int64),
    ]
)


def ticks_per_second(resolution: int) -> int:
    """The meaning of if_tsresol: a power of ten, or of two with the top bit set (section 4.2 of the draft)."""
    return int(2 ** (resolution & 0x7F)) if resolution & 0x80 else int(10**resolution)


class InterfaceTable:
    """Interfaces by their index over all sections of a file; grows by doubling."""

    def __init__(self) -> None:
        self._rows = np.zeros(4, dtype=_ROW)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, interface: Interface) -> None:
        """Add an interface; its index is the table's length before."""
        if self._count == len(self._rows):
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        coarsen, ticks, multiply, divide = _scale(interface.ticks_per_second)
        offset = min(max(interface.offset_seconds, -_SUMMAND), _SUMMAND)
        self._rows[self._count] = (
            interface.link_type,
            interface.snap_length,
            interface.fcs_length,
            coarsen,
            ticks,
            multiply,
            divide,
            offset,
        )
        self._count += 1

    def column(self, name: str, index: NDArray[np.int64]) -> NDArray[Any]:
        """One property of the interface of each row; a single value where the file has only one interface."""
        values: NDArray[Any] = self._rows[name][: self._count]
        return values if self._count == 1 else values[index]

    def nanoseconds(self, ticks: NDArray[np.uint64], index: NDArray[np.int64]) -> NDArray[np.int64]:
        """Timestamps as nanoseconds since the Unix epoch; those that do not fit in 64 bits stop at the limit."""
        coarsen = self.column("coarsen", index)
        if (coarsen != 1).any():
            ticks = ticks // coarsen
        per_second = self.column("ticks", index)
        seconds = ticks // per_second
        fraction = (ticks - seconds * per_second) * self.column("multiply", index) // self.column("divide", index)
        whole = np.minimum(seconds, np.uint64(_SUMMAND)).astype(np.int64) + self.column("offset", index)
        time: NDArray[np.int64] = np.clip(whole, -_FARTHEST, _FARTHEST) * _BILLION + fraction.astype(np.int64)
        return time


def _scale(ticks: int) -> tuple[int, int, int, int]:
    """Divisor to coarsen timestamps first, ticks per second then, and the fraction that turns ticks into nanoseconds.

    A resolution finer than the arithmetic allows (2**-34 s, 10**-18 s) loses less than a nanosecond by coarsening.
    """
    if ticks & (ticks - 1) == 0:
        coarsen = max(ticks >> 34, 1)
        kept = ticks // coarsen
        return min(coarsen, 1 << 63), kept, _BILLION, kept
    coarsen = max(ticks // 10**18, 1)
    kept = ticks // coarsen
    if kept <= _BILLION:
        return min(coarsen, 1 << 63), kept, _BILLION // kept, 1
    return min(coarsen, 1 << 63), kept, 1, kept // _BILLION
