"""The one buffer that a capture is read through, however large the file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.streams import ByteStream

__all__ = ["PADDING", "Window"]

PADDING = 128
"""Zero bytes behind the last byte read, so that header gathers near the end of a frame cannot run off the buffer."""


class Window:
    """The unread part of a stream: `data[start:end]`, followed by `PADDING` zero bytes.

    The buffer is allocated untouched, so a small file costs only the pages it fills. It grows, up to what one record
    may need, only when a record is longer than it.
    """

    def __init__(self, stream: ByteStream, capacity: int, maximum: int) -> None:
        self._stream = stream
        self._maximum = max(maximum, capacity)
        self.data: NDArray[np.uint8] = np.zeros(capacity + PADDING, dtype=np.uint8)
        self.start = 0
        self.end = 0
        self.position = 0
        """Offset in the stream of `data[0]`."""

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def offset(self) -> int:
        """Offset in the stream of the first unread byte."""
        return self.position + self.start

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer where the window holds fewer."""
        return self.data[self.start : min(self.start + size, self.end)].tobytes()

    def fill(self) -> bool:
        """Move the unread rest to the front and read once behind it; False at the end of the stream."""
        self._compact()
        if self.end + PADDING >= len(self.data):
            self._grow()
        target = self.data.data[self.end : len(self.data) - PADDING]
        size = self._stream.readinto(target)
        self.end += size
        self.data[self.end : self.end + PADDING] = 0
        return size > 0

    def _compact(self) -> None:
        if self.start:
            rest = self.end - self.start
            self.data[:rest] = self.data[self.start : self.end]
            self.position += self.start
            self.start, self.end = 0, rest

    def _grow(self) -> None:
        size = min(2 * self.end, self._maximum)
        if size <= self.end:
            size = self.end + PADDING
        grown = np.zeros(size + PADDING, dtype=np.uint8)
        grown[: self.end] = self.data[: self.end]
        self.data = grown
