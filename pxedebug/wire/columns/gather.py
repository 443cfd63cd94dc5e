"""Reading a few bytes at many places of one buffer: the step that costs most, so it is done once per header."""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["ALL", "Bytes", "Selection", "Words", "distinct", "pick", "select", "windows", "words"]

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]
"""Shape (n, frames): n 32-bit words of each frame, a row for every word, read as big-endian."""
Selection = slice | NDArray[np.intp]
"""Rows of an array: everything (a slice, so that nothing is copied) or an index array."""

Item = TypeVar("Item", bound=np.generic)

ALL: Final = slice(None)
# Windows of so many frames are turned into rows of words at a time: they fit the first-level cache.
_BLOCK: Final = 1024


def distinct(values: NDArray[Item]) -> NDArray[Item]:
    """The distinct values in rising order; `numpy.unique` does the same and loads `numpy.ma` for it."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def select(mask: NDArray[np.bool_]) -> Selection:
    """The rows where `mask` is true, as a slice where that is all of them."""
    return ALL if mask.all() else np.flatnonzero(mask)


def pick(column: NDArray[Item], rows: Selection) -> NDArray[Item]:
    """The entries `rows` of a column, or of every row of a table of columns."""
    # Three times as fast as indexing; "clip" spares the check of indices that are known to be good.
    return column[..., rows] if isinstance(rows, slice) else column.take(rows, axis=-1, mode="clip")


def windows(buffer: Bytes, offsets: NDArray[np.int64], width: int) -> Bytes:
    """`width` bytes from each of `offsets`, shape (len(offsets), width); zeros stand for what lies beyond the buffer.

    The bytes may belong to a neighbouring frame: the caller compares with the frame's captured length.
    """
    last = len(buffer) - width
    if len(offsets) == 0:
        return np.empty((0, width), np.uint8)
    if int(offsets.max()) <= last:
        return _gather(buffer, offsets, width)
    # A window that sticks out is read from a copy of the buffer's end, padded with zeros.
    base = max(last, 0)
    tail = np.concatenate([buffer[base:], np.zeros(2 * width, np.uint8)])
    late = offsets > last
    found = np.empty((len(offsets), width), np.uint8)
    found[late] = _gather(tail, np.minimum(offsets[late] - base, len(tail) - width), width)
    found[~late] = _gather(buffer, offsets[~late], width)
    return found


def words(buffer: Bytes, offsets: NDArray[np.int64], count: int) -> Words:
    """`count` big-endian words from each of `offsets`, shape (count, len(offsets)); zeros where the buffer ends."""
    found = np.empty((count, len(offsets)), np.uint32)
    inside = len(offsets) > 0 and int(offsets.max()) + 4 * count <= len(buffer)
    read = _gather if inside else windows
    for start in range(0, len(offsets), _BLOCK):
        part = offsets[start : start + _BLOCK]
        found[:, start : start + len(part)] = read(buffer, part, 4 * count).view(">u4").T
    return found


def _gather(buffer: Bytes, offsets: NDArray[np.int64], width: int) -> Bytes:
    """Overlapping items of `width` bytes, one at every byte of the buffer: numpy copies each at once."""
    if len(offsets) == 0:
        return np.empty((0, width), np.uint8)
    items: NDArray[np.void] = np.ndarray((len(buffer) - width + 1,), dtype=f"V{width}", buffer=buffer, strides=(1,))
    return items[offsets].view(np.uint8).reshape(len(offsets), width)
