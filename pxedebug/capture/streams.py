"""Bytes in order, from a file, a pipe, or a stream that unpacks another."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

__all__ = ["ByteStream", "Metered", "PipeStream", "Prefixed", "ReadAhead", "read_head"]

_CHUNK = 1 << 20
_AHEAD = 8 << 20
_WORTHWHILE = 4 << 20
_PATIENCE = 0.02
"""Seconds that the first bytes wait for `_WORTHWHILE` more: a batch costs the same however few frames it holds."""
_PAUSE = 0.01
"""Seconds between two looks at a pipe without data."""


class ByteStream(Protocol):
    """What a container reader reads from."""

    def readinto(self, target: memoryview, /) -> int:
        """Fill the front of `target`; return how many bytes, 0 at the end. Blocks until there is one byte at least."""

    def close(self) -> None:
        """Release the file behind the stream."""


class PipeStream:
    """Standard input or any binary file object, read as data arrives instead of waiting for a full buffer.

    The raw file below a buffered one is used: a thread that waits inside the buffered one would hold its lock when the
    process ends. Nothing may have been read from `pipe` before.
    """

    def __init__(self, pipe: BinaryIO) -> None:
        self._raw: Any = getattr(pipe, "raw", None)
        self._read: Callable[[int], bytes] = getattr(pipe, "read1", pipe.read)

    def readinto(self, target: memoryview, /) -> int:
        """As `ByteStream.readinto`."""
        if self._raw is None:
            data = self._read(min(len(target), _CHUNK))
            target[: len(data)] = data
            return len(data)
        size: int | None = self._raw.readinto(target)
        while size is None:  # a pipe that its other end has made non-blocking
            time.sleep(_PAUSE)
            size = self._raw.readinto(target)
        return size

    def close(self) -> None:
        """The pipe belongs to the caller and stays open."""


class Metered:
    """Passes bytes through and reports how many, for a progress display and for the expansion limit."""

    def __init__(self, source: ByteStream, progress: Callable[[int], None] | None = None) -> None:
        self._source = source
        self._progress = progress
        self.count = 0

    def readinto(self, target: memoryview, /) -> int:
        """As `ByteStream.readinto`."""
        size = self._source.readinto(target)
        self.count += size
        if self._progress is not None and size:
            self._progress(size)
        return size

    def close(self) -> None:
        """As `ByteStream.close`."""
        self._source.close()


class Prefixed:
    """Gives back bytes that were read to look at them, then the rest of the stream."""

    def __init__(self, head: bytes, source: ByteStream) -> None:
        self._head = memoryview(head)
        self._source = source

    def readinto(self, target: memoryview, /) -> int:
        """As `ByteStream.readinto`."""
        if not self._head:
            return self._source.readinto(target)
        size = min(len(self._head), len(target))
        target[:size] = self._head[:size]
        self._head = self._head[size:]
        return size

    def close(self) -> None:
        """As `ByteStream.close`."""
        self._source.close()


class ReadAhead:
    """Reads another stream in a thread, a few MiB ahead.

    A pipe's small reads gather into large ones while the reader is busy, and unpacking runs beside the analysis.
    """

    def __init__(self, source: ByteStream) -> None:
        self._source = source
        self._chunks: deque[memoryview] = deque()
        self._pending = 0
        self._ended = False
        self._failure: Exception | None = None
        self._changed = threading.Condition()
        self._spare = memoryview(bytearray(_CHUNK))
        self._thread = threading.Thread(target=self._run, name="pxedebug-read-ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        failure: Exception | None = None
        try:
            while self._read_one():
                pass
        except Exception as error:  # noqa: BLE001 - raised again in the thread that reads this stream
            failure = error
        # Closed here and not by `close`: the file must not vanish below a read under way.
        self._source.close()
        with self._changed:
            self._failure = failure
            self._ended = True
            self._changed.notify_all()

    def _read_one(self) -> bool:
        size = self._source.readinto(self._spare)
        if size < _CHUNK // 2:
            chunk = memoryview(bytes(self._spare[:size]))
        else:
            chunk, self._spare = self._spare, memoryview(bytearray(_CHUNK))
        with self._changed:
            self._changed.wait_for(lambda: self._pending < _AHEAD or self._ended)
            if not size or self._ended:
                return False
            first, enough = not self._chunks, self._pending < _WORTHWHILE <= self._pending + size
            self._chunks.append(chunk[:size])
            self._pending += size
            if first or enough:  # waking the reader for every chunk would cost more than the chunks
                self._changed.notify_all()
        return True

    def readinto(self, target: memoryview, /) -> int:
        """As `ByteStream.readinto`."""
        filled = 0
        with self._changed:
            self._changed.wait_for(lambda: bool(self._chunks) or self._ended)
            self._changed.wait_for(lambda: self._pending >= _WORTHWHILE or self._ended, timeout=_PATIENCE)
            while self._chunks and filled < len(target):
                chunk = self._chunks[0]
                size = min(len(chunk), len(target) - filled)
                target[filled : filled + size] = chunk[:size]
                filled += size
                if size == len(chunk):
                    self._chunks.popleft()
                else:
                    self._chunks[0] = chunk[size:]
            self._pending -= filled
            self._changed.notify_all()
            if not filled and self._failure is not None:
                raise self._failure
        return filled

    def close(self) -> None:
        """As `ByteStream.close`."""
        with self._changed:
            self._ended = True
            self._chunks.clear()
            self._changed.notify_all()


def read_head(source: ByteStream, size: int) -> bytes:
    """The first `size` bytes of a stream, fewer only where it ends before."""
    buffer = bytearray(size)
    filled = 0
    with memoryview(buffer) as view:
        while filled < size:
            got = source.readinto(view[filled:])
            if not got:
                break
            filled += got
    return bytes(buffer[:filled])
