"""A batch: a few thousand frames as columns over one buffer.

Every source of frames (file, pipe, live ring) yields batches and the engine takes nothing else. A batch is
valid only while it is being fed: the buffer behind it is reused, so whatever is kept must be copied.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Batch", "frame_number", "frame_ref", "frame_source"]

_SOURCE_SHIFT = 48
_NUMBER_MASK = (1 << _SOURCE_SHIFT) - 1


def frame_ref(source: int, number: int) -> int:
    """One integer that names a frame: `source` is the index of its file, `number` counts from 1 in that file."""
    return source << _SOURCE_SHIFT | number


def frame_source(ref: int) -> int:
    """The index of the file that holds the frame `ref`."""
    return ref >> _SOURCE_SHIFT


def frame_number(ref: int) -> int:
    """The number of the frame `ref` in its own file, from 1, as Wireshark numbers it."""
    return ref & _NUMBER_MASK


@dataclass(slots=True)
class Batch:
    """Frames as columns; row i of every array is one frame. All arrays have the same length.

    A frame's bytes are `buffer[offset[i] : offset[i] + captured[i]]`; any frame check sequence that the
    container announced (if_fcslen, the FCS bits of pcap's link type) is already cut off both lengths.
    """

    buffer: NDArray[np.uint8]
    """All bytes that `offset` points into; reused by the reader after the batch has been consumed."""
    ref: NDArray[np.int64]
    """Names of the frames, see `frame_ref`."""
    time: NDArray[np.int64]
    """Nanoseconds since the Unix epoch, as the container says; may run backwards."""
    offset: NDArray[np.int64]
    """Where the frame starts in `buffer`."""
    captured: NDArray[np.int32]
    """Bytes of the frame that the capture holds."""
    wire_length: NDArray[np.int32]
    """Bytes the frame had on the wire; larger than `captured` where the snap length cut it."""
    link_type: NDArray[np.int32]
    """LINKTYPE_ value of the frame's interface (`wire.linktypes`)."""
    interface: NDArray[np.int32]
    """Index of the interface in its file, counted over all sections of the file."""

    def __len__(self) -> int:
        return len(self.ref)

    def rows(self, start: int, stop: int) -> Batch:
        """The frames of rows `start` to `stop` (exclusive) over the same buffer."""
        part = slice(start, stop)
        return Batch(
            self.buffer,
            self.ref[part],
            self.time[part],
            self.offset[part],
            self.captured[part],
            self.wire_length[part],
            self.link_type[part],
            self.interface[part],
        )

    def frame(self, row: int) -> bytes:
        """A copy of the captured bytes of the frame in `row`."""
        start = int(self.offset[row])
        return self.buffer[start : start + int(self.captured[row])].tobytes()
