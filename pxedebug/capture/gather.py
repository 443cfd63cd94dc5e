"""Integers from many places of a buffer at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["gather32"]


def gather32(data: NDArray[np.uint8], offsets: NDArray[np.int64], words: int, big_endian: bool) -> NDArray[np.uint32]:
    """The first `words` unsigned 32-bit integers at each offset, shape (words, offsets).

    numpy gathers aligned integers several times faster than unaligned ones, so aligned 64-bit words are gathered and
    shifted together. `data` must be aligned to 8 bytes and go on for 8 bytes behind the last integer.
    """
    aligned = data[: len(data) & ~7].view("<u8")
    index = offsets >> 3
    shift = ((offsets & 7) << 3).astype(np.uint64)
    back = np.uint64(63) - shift
    result = np.empty((words + 1 & ~1, len(offsets)), dtype=np.uint32)
    low = aligned.take(index)
    for row in range(0, words, 2):
        index += 1
        high = aligned.take(index)
        # Two shifts, because one by 64 bits is undefined.
        value = low >> shift | high << np.uint64(1) << back
        result[row] = value & np.uint64(0xFFFFFFFF)
        result[row + 1] = value >> np.uint64(32)
        low = high
    return result[:words].byteswap() if big_endian else result[:words]
