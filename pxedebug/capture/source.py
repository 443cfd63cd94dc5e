"""One capture, from its first byte to its last batch."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from pxedebug.capture.identify import HEAD, MAGIC, recognise, refusal
from pxedebug.capture.limits import ContainerLimits
from pxedebug.capture.pcap import PCAP_HEADER, PcapDecoder, parse_header
from pxedebug.capture.records import Decoder, SourceInfo
from pxedebug.capture.streams import ByteStream, Metered, PipeStream, Prefixed, ReadAhead, read_head
from pxedebug.capture.window import Window
from pxedebug.errors import CaptureError, LimitExceeded
from pxedebug.wire.batch import Batch

if TYPE_CHECKING:
    from pxedebug.capture.compression import Unpacked

__all__ = ["CAPACITY", "Capture"]

CAPACITY = 16 << 20
"""Bytes read at once: large enough that array operations pay, small enough for a modest machine."""

_ROWS = 50_000
"""Frames of one batch at most."""

_FORMATS = frozenset({"pcap", "pcapng"})

Progress = Callable[[int], None]


class Capture:
    """One capture file, or a pipe: iterate over its batches; `info` grows as they are read.

    A file can be read again, a pipe only once. Raises CaptureError on the first step where the input cannot be read,
    LimitExceeded wherever it exceeds a limit.
    """

    def __init__(
        self,
        path: str,
        *,
        stdin: BinaryIO | None = None,
        index: int = 0,
        limits: ContainerLimits | None = None,
        capacity: int = CAPACITY,
        progress: Progress | None = None,
    ) -> None:
        self.path = path
        self.info = SourceInfo(name="standard input" if path == "-" else path, index=index)
        self._stdin = stdin
        self._limits = limits or ContainerLimits()
        self._capacity = capacity
        self._progress = progress

    @property
    def repeatable(self) -> bool:
        """True for a regular file, which can be opened again."""
        return self.path != "-" and os.path.isfile(self.path)

    def __iter__(self) -> Iterator[Batch]:
        try:
            yield from self._batches()
        except CaptureError as error:
            raise type(error)(f"{self.info.name}: {error.args[0]}", error.hint) from error
        except OSError as error:
            raise CaptureError(f"{self.info.name}: {error.strerror or error}") from error

    def _batches(self) -> Iterator[Batch]:
        metered = Metered(self._open(), self._progress)
        try:
            stream, kind, unpacked = self._container(metered)
        except BaseException:
            metered.close()
            raise
        try:
            yield from self._read(stream, kind, unpacked)
        except CaptureError as error:
            if unpacked is None or not unpacked.ended_early or isinstance(error, LimitExceeded):
                raise
            raise CaptureError(unpacked.ended_early, "fetch the file again") from error
        finally:
            stream.close()

    def _open(self) -> ByteStream:
        if self.path == "-":
            if self._stdin is None:
                raise CaptureError("nothing to read", "pipe a capture into it")
            return PipeStream(self._stdin)
        try:
            if stat.S_ISDIR(os.stat(self.path).st_mode):
                raise CaptureError("a directory, not a capture", "name the capture files in it")
            return _RawFile(open(self.path, "rb", buffering=0))
        except FileNotFoundError as error:
            raise CaptureError("no such file", "check the name and the directory") from error
        except PermissionError as error:
            raise CaptureError("no permission to read it", "run as a user who may, or change its mode") from error
        except ValueError as error:
            raise CaptureError(f"not a file name ({error})") from error

    def _container(self, metered: Metered) -> tuple[ByteStream, str, Unpacked | None]:
        """The stream of the container from its first byte on, its format, and the unpacking stage if any."""
        head, kind = _recognise(metered)
        if kind in _FORMATS:
            plain = Prefixed(head, metered)
            return (plain if self.repeatable else ReadAhead(plain)), kind, None
        from pxedebug.capture.compression import Unpacked

        self.info.compression = kind
        unpacked = Unpacked(Metered(Prefixed(head, metered)), kind, self._limits)
        try:
            head, inner = _recognise(unpacked)
        except CaptureError as error:
            if not unpacked.count and unpacked.ended_early:
                raise CaptureError(unpacked.ended_early, "fetch the file again") from error
            raise type(error)(f"{kind} data that holds {error.args[0]}", error.hint) from error
        if inner not in _FORMATS:
            raise CaptureError(f"{kind} data that holds {inner} data", f"unpack it with the {kind} program first")
        return ReadAhead(Prefixed(head, unpacked)), inner, unpacked

    def _read(self, stream: ByteStream, kind: str, unpacked: Unpacked | None) -> Iterator[Batch]:
        window = Window(stream, self._capacity, self._limits.record)
        decoder: Decoder
        if kind == "pcapng":
            from pxedebug.capture.pcapng import PcapngDecoder  # a pcap file needs none of it

            decoder = PcapngDecoder(self.info, self._limits)
        else:
            decoder = PcapDecoder(parse_header(read_head(stream, PCAP_HEADER)), self.info, self._limits)
            window.position = PCAP_HEADER
        for batch in self._decode(decoder, window):
            for start in range(0, len(batch), _ROWS):
                part = batch.rows(start, min(start + _ROWS, len(batch)))
                self._account(part)
                yield part
        self._judge_end(decoder, window, unpacked)

    def _decode(self, decoder: Decoder, window: Window) -> Iterator[Batch]:
        while not decoder.stopped and window.fill():
            batch = decoder.decode(window)
            if batch is not None:
                yield batch

    def _judge_end(self, decoder: Decoder, window: Window, unpacked: Unpacked | None) -> None:
        if self.info.container == "pcapng" and not self.info.byte_order:
            raise CaptureError("a pcapng file that ends inside its first section header", "record the capture again")
        if unpacked is not None and unpacked.ended_early and not decoder.stopped:
            self.info.warn("compressed-data-ends-early", f"{unpacked.ended_early}; what came before was read")
        if len(window) and not decoder.stopped:
            self.info.warn(
                "cut-short",
                f"the capture ends in the middle of a record, {len(window)} bytes into it; "
                f"{self.info.frames} frames before it were read",
            )

    def _account(self, batch: Batch) -> None:
        info = self.info
        info.frames += len(batch)
        info.bytes += int(batch.captured.sum(dtype=np.int64))
        info.truncated_frames += int(np.count_nonzero(batch.captured < batch.wire_length))
        first, last = int(batch.time.min()), int(batch.time.max())
        info.first_time = first if info.first_time is None else min(info.first_time, first)
        info.last_time = last if info.last_time is None else max(info.last_time, last)


class _RawFile:
    """A file opened without Python's buffer: each read goes straight into the window."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readinto(self, target: memoryview, /) -> int:
        return self._file.readinto(target) or 0  # type: ignore[attr-defined]

    def close(self) -> None:
        self._file.close()


def _recognise(stream: ByteStream) -> tuple[bytes, str]:
    """The bytes taken to recognise a stream, and what it is; raises CaptureError where it is nothing to read."""
    head = read_head(stream, MAGIC)
    kind = recognise(head)
    if kind is None:
        raise refusal(head + read_head(stream, HEAD - MAGIC))
    return head, kind
