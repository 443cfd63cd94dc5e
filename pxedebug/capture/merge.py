"""Several captures as one stream of batches, in the order of time.

Files whose times do not overlap follow each other, one open at a time. Where times overlap, frames are merged: a row
may leave once no capture can still deliver an earlier one, which the last row of each current batch tells. A clock
that runs backwards within a file never moves its rows: they are ordered by the latest time seen so far in that file,
and equal times by source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.directions import complementary
from pxedebug.capture.records import Comment
from pxedebug.capture.source import Capture
from pxedebug.capture.window import PADDING
from pxedebug.errors import CaptureError
from pxedebug.wire.batch import Batch, frame_ref

__all__ = ["Lane", "merge"]

_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(slots=True)
class Lane:
    """One capture on its way through the merge."""

    capture: Capture
    starts: int | None
    """Time of its first frame, None where it has none."""
    errors: list[CaptureError]
    """Where an error of this capture goes; the others are read on."""
    iterator: Iterator[Batch] | None = None
    batch: Batch | None = None
    row: int = 0
    keys: NDArray[np.int64] = field(default_factory=lambda: _NOTHING)

    @property
    def index(self) -> int:
        """The source's index, which breaks ties of time."""
        return self.capture.info.index

    def adopt(self, index: int) -> None:
        """Give the source its index, also in what has been read of it already."""
        info = self.capture.info
        info.index = index
        if self.batch is not None:
            self.batch.ref |= frame_ref(index, 0)
            info.comments[:] = [
                comment if comment.ref is None else Comment(comment.ref | frame_ref(index, 0), comment.text)
                for comment in info.comments
            ]

    def refill(self) -> bool:
        """Make sure there is a row; False at the end."""
        if self.row < len(self.keys):
            return True
        latest = int(self.keys[-1]) if len(self.keys) else None
        if self.iterator is None:
            self.iterator = iter(self.capture)
        try:
            self.batch = next(self.iterator, None)
        except CaptureError as error:
            self.errors.append(error)
            self.batch = None
        if self.batch is None:
            self.keys = _NOTHING
            return False
        self.row = 0
        self.keys = np.maximum.accumulate(self.batch.time)
        if latest is not None:
            self.keys = np.maximum(self.keys, latest)
        return True

    def take(self, horizon: tuple[int, int]) -> tuple[Batch, NDArray[np.int64]] | None:
        """The rows up to `horizon`, a time and the source whose rows of that time still belong before it."""
        time, source = horizon
        side: Literal["left", "right"] = "right" if self.index <= source else "left"
        stop = int(np.searchsorted(self.keys, time, side=side))
        if stop <= self.row or self.batch is None:
            return None
        taken = self.batch.rows(self.row, stop), self.keys[self.row : stop]
        self.row = stop
        return taken


def merge(lanes: list[Lane]) -> Iterator[Batch]:
    """All rows of all lanes in order of time; `overlaps` of a source is set when it shares its time with another one
    that is not the other direction of the same tap."""
    waiting = sorted(lanes, key=lambda lane: (lane.starts is not None, lane.starts or 0, lane.index))
    active: list[Lane] = []
    while active or waiting:
        active = [lane for lane in active if lane.refill()]
        horizon = min(((int(lane.keys[-1]), lane.index) for lane in active), default=None)
        if waiting and (
            horizon is None or waiting[0].starts is None or (waiting[0].starts, waiting[0].index) <= horizon
        ):
            lane = waiting.pop(0)
            lane.capture.info.vantage = _point(lane, active)
            active.append(lane)
            continue
        if horizon is None:
            continue
        if len({lane.capture.info.vantage for lane in active}) > 1:
            for lane in active:
                lane.capture.info.overlaps = True
        active.sort(key=lambda lane: lane.index)
        taken = [rows for lane in active if (rows := lane.take(horizon)) is not None]
        yield taken[0][0] if len(taken) == 1 else _interleave(taken)


def _point(lane: Lane, active: list[Lane]) -> int:
    """Number of the vantage point of `lane`: the other direction of a tap shares that of the first, any other capture
    has one of its own."""
    taken = [other.capture.info.vantage for other in active]
    if lane.refill() and lane.batch is not None:
        for other in active:
            point = other.capture.info.vantage
            if taken.count(point) == 1 and other.batch is not None and complementary(lane.batch, other.batch):
                return point
    return min(set(range(len(active) + 1)) - set(taken))


def _interleave(taken: list[tuple[Batch, NDArray[np.int64]]]) -> Batch:
    """One batch of rows from several buffers: their bytes side by side, their rows by time."""
    order = np.argsort(np.concatenate([keys for _, keys in taken]), kind="stable")
    parts, shifts, base = [], [], 0
    for batch, _ in taken:
        low = int(batch.offset[0])
        high = int((batch.offset + batch.captured).max())
        parts.append(batch.buffer[low:high])
        shifts.append(batch.offset - low + base)
        base += high - low
    batches = [batch for batch, _ in taken]
    return Batch(
        buffer=np.concatenate([*parts, np.zeros(PADDING, dtype=np.uint8)]),
        ref=np.concatenate([batch.ref for batch in batches])[order],
        time=np.concatenate([batch.time for batch in batches])[order],
        offset=np.concatenate(shifts)[order],
        captured=np.concatenate([batch.captured for batch in batches])[order],
        wire_length=np.concatenate([batch.wire_length for batch in batches])[order],
        link_type=np.concatenate([batch.link_type for batch in batches])[order],
        interface=np.concatenate([batch.interface for batch in batches])[order],
    )
