"""Finding where the records of a buffer begin.

Each record says only how long it is, so the chain must be followed from the first record to the last. In plain Python
that is the dearest part of reading a capture. A large buffer is therefore cut into segments: the first record of each
is guessed by a signature that records share, all segments are followed at once with array operations, and a segment
counts only if its chain ends exactly where the next one begins. From the first that does not, the chain is followed
record by record; a wrong guess costs time, never correctness.
"""

from __future__ import annotations

import struct
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.gather import gather32

__all__ = ["Chain", "Signature", "Walk", "walk"]

_SEGMENT = 128 << 10
_WORTHWHILE = 8 * _SEGMENT
_SEARCHED = (2 << 10, 16 << 10)
"""How far into a segment its first record is looked for: behind an ordinary frame, then behind a large one."""
_TRIES = 8
_STRIDE = 16
"""Steps between two looks at whether all segments have been followed to their end."""
_STEPS = 8192
"""Records of one segment, at most: forged lengths of zero would keep a segment in its place for ever."""


class Chain(NamedTuple):
    """How a record tells where the next one begins: at `start + fixed + length`.

    The length is an unsigned 32-bit field.
    """

    length_at: int
    """Offset of the length field in the record."""
    fixed: int
    """Bytes of a record that its length field does not count."""
    header: int
    """Bytes a record has at least; the length field lies within."""
    minimum: int
    """The smallest legal length."""
    maximum: int
    """The largest legal length."""
    big_endian: bool
    words: int = 4
    """32-bit integers of a header that the reader wants."""
    alternative_at: int | None = None
    """Where the length may stand as well; the smaller of the two counts (libpcap's rule for pcap version 2.3)."""


class Signature(NamedTuple):
    """Bytes at a fixed place that neighbouring records have in common."""

    at: int
    value: bytes


class Walk(NamedTuple):
    """Where complete records begin, what their headers say, and why the walk ended."""

    offsets: NDArray[np.int64]
    fields: NDArray[np.uint32]
    """The headers as unsigned 32-bit integers, shape (`Chain.words`, records)."""
    next: int
    """Start of the first record that is not complete, or not legal."""
    damaged: bool
    """True when the record at `next` has an impossible length."""


def walk(data: NDArray[np.uint8], start: int, end: int, chain: Chain, signature: Signature | None = None) -> Walk:
    """Follow the chain from `start`; a record that does not end at or before `end` is left for the next time.

    `data` must be aligned and go on for a record header and 8 bytes behind `end`.
    """
    offsets, complete = np.array([start], dtype=np.int64), False
    if signature is not None and chain.alternative_at is None and end - start >= _WORTHWHILE:
        offsets, complete = _leap(data, start, end, chain, signature)
    if not complete:
        offsets = np.concatenate((offsets[:-1], _follow(data, int(offsets[-1]), end, chain)))
    return _judge(data, offsets, end, chain)


def _follow(data: NDArray[np.uint8], start: int, end: int, chain: Chain) -> NDArray[np.int64]:
    """Record starts from `start` on; behind the last one may be a record that is incomplete or not legal."""
    unpack = struct.Struct(">I" if chain.big_endian else "<I").unpack_from
    view = data.data
    first, second = chain.length_at, chain.alternative_at
    low, high, fixed = chain.minimum, chain.maximum, chain.fixed
    offsets: list[int] = []
    position, last = start, end - chain.header
    while position <= last:
        offsets.append(position)
        (length,) = unpack(view, position + first)
        if second is not None:
            length = min(length, *unpack(view, position + second))
        if not low <= length <= high:
            break
        position += fixed + length
    else:
        offsets.append(position)
    return np.array(offsets, dtype=np.int64)


def _judge(data: NDArray[np.uint8], offsets: NDArray[np.int64], end: int, chain: Chain) -> Walk:
    """Cut a list of record starts at the first record that is incomplete or not legal."""
    present = int(np.searchsorted(offsets, end - chain.header, side="right"))
    fields = gather32(data, offsets[:present], chain.words, chain.big_endian)
    length = fields[chain.length_at // 4]
    if chain.alternative_at is not None:
        length = np.minimum(length, fields[chain.alternative_at // 4])
    legal = (length >= chain.minimum) & (length <= chain.maximum)
    beyond = offsets[:present] + chain.fixed + length
    good = legal & (beyond <= end)
    count = present if good.all() else int(good.argmin())
    if count < present:
        return Walk(offsets[:count], fields[:, :count], int(offsets[count]), not bool(legal[count]))
    following = int(beyond[-1]) if present else int(offsets[0])
    return Walk(offsets[:count], fields, following, damaged=False)


def _leap(
    data: NDArray[np.uint8], start: int, end: int, chain: Chain, signature: Signature
) -> tuple[NDArray[np.int64], bool]:
    """Record starts from `start` on, as far as the segments join, and whether that is all of them."""
    starts = _guess(data.data, start, end, chain, signature)
    stops = np.append(starts[1:], end)
    lengths = _lengths(data, chain)
    rows, position = [], starts
    for step in range(_STEPS):
        if step % _STRIDE == 0 and (position >= stops).all():
            break
        rows.append(position)
        position = position + lengths[position]
        position += chain.fixed
        np.minimum(position, end, out=position)
    rows.append(position)
    return _join(np.array(rows), stops)


def _lengths(data: NDArray[np.uint8], chain: Chain) -> NDArray[np.uint32]:
    """A view that gives the length field of a record at any byte offset."""
    count = len(data) - chain.length_at - 3
    kind = ">u4" if chain.big_endian else "<u4"
    return np.ndarray((count,), dtype=kind, buffer=data, offset=chain.length_at, strides=(1,))


def _join(steps: NDArray[np.int64], stops: NDArray[np.int64]) -> tuple[NDArray[np.int64], bool]:
    """The offsets of all leading segments that end where their successor begins; `steps` is (steps, segments)."""
    inside = steps < stops
    counts = inside.sum(axis=0)
    landed = steps[np.minimum(counts, len(steps) - 1), np.arange(len(stops))] == stops
    joined = len(stops) if landed.all() else int(landed.argmin()) + 1
    return steps.T[:joined][inside.T[:joined]], bool(landed.all())


def _guess(view: memoryview, start: int, end: int, chain: Chain, signature: Signature) -> NDArray[np.int64]:
    """`start`, and one likely record start in each later segment that shows one."""
    starts = [start]
    for low in range(start + _SEGMENT, end - _SEARCHED[-1], _SEGMENT):
        found = next((found for size in _SEARCHED if (found := _find(view, low, size, chain, signature))), None)
        if found is not None:
            starts.append(found)
    return np.array(starts, dtype=np.int64)


def _find(view: memoryview, low: int, size: int, chain: Chain, signature: Signature) -> int | None:
    order: Literal["big", "little"] = "big" if chain.big_endian else "little"
    value, at = signature.value, signature.at
    searched = bytes(view[low : low + size])
    hit = searched.find(value, at)
    for _ in range(_TRIES):
        if hit < 0:
            return None
        record = low + hit - at
        length = int.from_bytes(view[record + chain.length_at : record + chain.length_at + 4], order)
        follower = record + chain.fixed + length + at
        if chain.minimum <= length <= chain.maximum and view[follower : follower + len(value)] == value:
            return record
        hit = searched.find(value, hit + 1)
    return None
