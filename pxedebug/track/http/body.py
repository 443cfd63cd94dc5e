"""Response bodies by sequence numbers: bytes seen, bytes missing, bytes sent again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.clocks import COPY_WINDOW
from pxedebug.track.gaps import Gaps
from pxedebug.track.http.connection import HttpConnection, HttpTransfer
from pxedebug.wire.frames import Columns

__all__ = ["absorb_body"]

_HEAD_BYTES = 65_536
_LAST_CHUNK = b"0\r\n\r\n"
_LARGEST_JUMP = 1 << 30  # a sequence number further off than any window belongs to another connection


class _Bytes(NamedTuple):
    """Segments with payload, in frame order."""

    row: NDArray[np.int64]
    """Row of `Columns.segments`."""
    start: NDArray[np.int64]
    """Unfolded sequence number of the first byte."""
    length: NDArray[np.int64]
    time: NDArray[np.int64]
    ref: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_]) -> _Bytes:
        return _Bytes(self.row[rows], self.start[rows], self.length[rows], self.time[rows], self.ref[rows])


def absorb_body(
    columns: Columns, connection: HttpConnection, rows: NDArray[np.int64], since: dict[int, int], cap: int
) -> None:
    """Count the server's segments `rows` (rows of the segments with payload, in frame order) for their transfers.

    `since` says where in this batch a body begins: the row of its head, by the transfer's place in the connection.
    `cap` is the number of gaps that are remembered.
    """
    found = _Bytes(rows, *_place(columns, connection, rows))
    found = found.take(np.abs(found.start - connection.near) < _LARGEST_JUMP)
    if len(found.row):
        found = _without_copies(connection, found)
    if not len(found.row):
        return
    connection.near = max(connection.near, int(found.start.max()))
    connection.down += int(found.length.sum())
    bodies = [(place, transfer) for place, transfer in enumerate(connection.transfers) if transfer.body_start >= 0]
    heads = [transfer.head_start for _, transfer in bodies] + [1 << 62]
    for (place, transfer), behind in zip(bodies, heads[1:], strict=True):
        # A body ends where its length says; without a length, where the next head begins.
        stop = transfer.stop if transfer.stop is not None else behind
        mine = (found.start + found.length > transfer.body_start) & (found.start < stop)
        mine &= found.row >= since.get(place, 0)
        if mine.any():
            _count(columns, transfer, found.take(mine), stop, cap)


def _place(
    columns: Columns, connection: HttpConnection, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    segments, batch = columns.segments, columns.batch
    near = connection.near
    start = near + ((segments.sequence[rows].astype(np.int64) - near + 0x80000000) & 0xFFFFFFFF) - 0x80000000
    frame = segments.row[rows]
    return start, segments.length[rows].astype(np.int64), batch.time[frame], batch.ref[frame]


def _without_copies(connection: HttpConnection, found: _Bytes) -> _Bytes:
    """Leave out what a mirror delivered twice: the same bytes again, sooner than any sender repeats them (B-13)."""
    start, length, time = connection.latest
    again = found.start == np.append(start, found.start[:-1])
    again &= found.length == np.append(length, found.length[:-1])
    again &= found.time - np.append(time, found.time[:-1]) < COPY_WINDOW
    connection.latest = int(found.start[-1]), int(found.length[-1]), int(found.time[-1])
    return found.take(~again)


def _count(columns: Columns, transfer: HttpTransfer, found: _Bytes, stop: int, cap: int) -> None:
    begin = np.maximum(found.start, transfer.body_start)
    end = np.minimum(found.start + found.length, stop)
    highest = np.maximum.accumulate(np.maximum(end, transfer.high))
    before = np.append(transfer.high, highest[:-1])
    skips, late = begin > before, begin < before
    _collect(columns, transfer, found, begin, end)
    if transfer.gaps is None and not skips.any():
        transfer.retransmissions += int(late.sum())
    else:
        gaps = transfer.gaps = transfer.gaps or Gaps(cap)
        for row in np.flatnonzero(skips | late).tolist():
            first, seen = int(begin[row]), int(before[row])
            if skips[row]:
                gaps.open(seen, first)
                transfer.hole += first - seen
            else:
                filled = gaps.fill(first, min(int(end[row]), seen))
                transfer.hole -= filled
                transfer.retransmissions += not filled
    transfer.high = int(highest[-1])
    if transfer.response is not None and transfer.response.chunked and not transfer.last_chunk:
        transfer.last_chunk = any(_ends_chunks(columns, row) for row in found.row[end >= highest].tolist())
    gap = found.time - np.append(transfer.last_time, found.time[:-1])
    transfer.gap = max(transfer.gap, int(gap.max()))
    transfer.last_time, transfer.last_frame = int(found.time[-1]), int(found.ref[-1])


def _ends_chunks(columns: Columns, row: int) -> bool:
    """The segment ends with the chunk of size 0 and no trailers (RFC 9112 section 7.1)."""
    start = int(columns.segments.payload[row])
    stop = start + int(columns.segments.captured[row])
    tail = columns.batch.buffer[max(start, stop - len(_LAST_CHUNK) - 1) : stop].tobytes()
    return tail.endswith(_LAST_CHUNK) and tail[:1] in (b"\n", b"0")


def _collect(
    columns: Columns, transfer: HttpTransfer, found: _Bytes, begin: NDArray[np.int64], end: NDArray[np.int64]
) -> None:
    """The first bytes of the body, as far as they come in order."""
    if transfer.content_type is not None or len(transfer.start) >= _HEAD_BYTES:
        return
    segments = columns.segments
    places = (found.row, begin - found.start, end - found.start, begin)
    for row, skip, length, first in zip(*(place.tolist() for place in places), strict=True):
        if len(transfer.start) >= _HEAD_BYTES:
            return
        if first - transfer.body_start != len(transfer.start):
            continue
        payload = int(segments.payload[row])
        stop = payload + min(length, int(segments.captured[row]))
        transfer.start += columns.batch.buffer[payload + skip : stop].tobytes()
