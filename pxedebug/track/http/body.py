"""Response bodies by sequence numbers: bytes seen, bytes missing, bytes sent again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.http.connection import HttpConnection, HttpTransfer
from pxedebug.wire.frames import Columns

__all__ = ["absorb_body"]

_HEAD_BYTES = 65_536
_LARGEST_JUMP = 1 << 30  # a sequence number further off than any window belongs to another connection


def absorb_body(columns: Columns, connection: HttpConnection, rows: NDArray[np.int64]) -> None:
    """Count the server's segments `rows` (rows of the segments with payload, in frame order) for their transfers."""
    segments, batch = columns.segments, columns.batch
    near = connection.near
    sequence = segments.sequence[rows].astype(np.int64)
    start = near + ((sequence - near + 0x80000000) & 0xFFFFFFFF) - 0x80000000
    length = segments.length[rows].astype(np.int64)
    sane = np.abs(start - near) < _LARGEST_JUMP
    rows, start, length = rows[sane], start[sane], length[sane]
    if not len(rows):
        return
    connection.near = max(near, int(start.max()))
    connection.down += int(length.sum())
    frame = segments.row[rows]
    time, ref = batch.time[frame], batch.ref[frame]
    bodies = [transfer for transfer in connection.transfers if transfer.body_start >= 0]
    for transfer, following in zip(bodies, [*bodies[1:], None], strict=True):
        # A body ends where its length says; without a length, where the next one begins.
        stop = _body_end(transfer, following)
        mine = np.flatnonzero((start + length > transfer.body_start) & (start < stop))
        if len(mine):
            _count(columns, transfer, rows[mine], start[mine], length[mine], time[mine], ref[mine], stop)


def _body_end(transfer: HttpTransfer, following: HttpTransfer | None) -> int:
    declared = transfer.response.content_length if transfer.response else None
    if declared is not None:
        return transfer.body_start + declared
    return following.body_start if following is not None else 1 << 62


def _count(
    columns: Columns,
    transfer: HttpTransfer,
    rows: NDArray[np.int64],
    start: NDArray[np.int64],
    length: NDArray[np.int64],
    time: NDArray[np.int64],
    ref: NDArray[np.int64],
    stop: int,
) -> None:
    begin = np.maximum(start, transfer.body_start)
    end = np.minimum(start + length, stop)
    highest = np.maximum.accumulate(np.maximum(end, transfer.high))
    before = np.concatenate(([transfer.high], highest[:-1]))
    skipped = int(np.maximum(begin - before, 0).sum())
    late = np.maximum(np.minimum(end, before) - begin, 0)
    _collect(columns, transfer, rows, begin, start)
    filled = min(transfer.hole + skipped, int(late.sum()))
    transfer.retransmissions += int((late > 0).sum()) if not (transfer.hole or skipped) else 0
    transfer.hole += skipped - filled
    transfer.high = int(highest[-1])
    previous = np.concatenate(([transfer.last_time], time[:-1]))
    transfer.gap = max(transfer.gap, int((time - previous).max()))
    transfer.last_time, transfer.last_frame = int(time[-1]), int(ref[-1])


def _collect(
    columns: Columns,
    transfer: HttpTransfer,
    rows: NDArray[np.int64],
    begin: NDArray[np.int64],
    start: NDArray[np.int64],
) -> None:
    """The first bytes of the body, as far as they come in order."""
    if transfer.content_type is not None or len(transfer.start) >= _HEAD_BYTES:
        return
    segments = columns.segments
    for row, first, sequence in zip(rows.tolist(), begin.tolist(), start.tolist(), strict=True):
        if len(transfer.start) >= _HEAD_BYTES:
            return
        if first - transfer.body_start != len(transfer.start):
            continue
        at = int(segments.payload[row]) + first - sequence
        stop = int(segments.payload[row]) + int(segments.captured[row])
        transfer.start += columns.batch.buffer[at:stop].tobytes()
