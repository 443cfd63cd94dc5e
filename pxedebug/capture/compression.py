"""Compressed captures, unpacked as a stream and within limits.

gzip, bzip2 and xz come with Python. For Zstandard it is `compression.zstd` of Python 3.14, and before that
`backports.zstd`, the same code packaged by its author, so that the dependency ends by itself. LZ4 frames need `lz4`.
Codecs are imported when a file asks for one.
"""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from pxedebug.capture.limits import ContainerLimits
from pxedebug.capture.streams import Metered
from pxedebug.errors import CaptureError, LimitExceeded

__all__ = ["COMPRESSIONS", "Unpacked", "compression_of"]

COMPRESSIONS = {
    b"\x1f\x8b": "gzip",  # RFC 1952 section 2.3.1
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",  # RFC 8878 section 3.1.1
    b"\x04\x22\x4d\x18": "lz4",
}
"""Magic numbers at the start of a file."""

_LONGEST_MAGIC = max(map(len, COMPRESSIONS))
_INPUT = 256 << 10
_OUTPUT = 64 << 10
"""Bytes unpacked at once: what damage costs at most."""


def compression_of(head: bytes) -> str | None:
    """The compression that a file beginning with `head` uses."""
    return next((name for magic, name in COMPRESSIONS.items() if head.startswith(magic)), None)


class _Decompressor(Protocol):
    """The interface of bz2.BZ2Decompressor, which all codecs but zlib share."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes | None: ...


class _Gzip:
    """zlib's decompressor with the interface of the others; one gzip member."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.eof and not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


def _zstd(limits: ContainerLimits) -> _Decompressor:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    largest = limits.window.bit_length() - 1
    decompressor: _Decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: largest})
    return decompressor


def _lz4(_: ContainerLimits) -> _Decompressor:
    import lz4.frame

    decompressor: _Decompressor = lz4.frame.LZ4FrameDecompressor()
    return decompressor


def _xz(limits: ContainerLimits) -> _Decompressor:
    # The decoder itself needs a little beside its dictionary.
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=limits.window + (1 << 20))


_FACTORIES: dict[str, Callable[[ContainerLimits], Any]] = {
    "gzip": lambda _: _Gzip(),
    "bzip2": lambda _: bz2.BZ2Decompressor(),
    "xz": _xz,
    "zstd": _zstd,
    "lz4": _lz4,
}


class Unpacked:
    """The decompressed bytes of a stream: all members or frames of it, one after the other.

    `ended_early` is set where the stream is cut or damaged; what came before is delivered. Raises LimitExceeded from
    `readinto` where it unfolds beyond the limits, CaptureError where nothing of it can be unpacked.
    """

    def __init__(self, source: Metered, compression: str, limits: ContainerLimits) -> None:
        self._source = source
        self._name = compression
        self._limits = limits
        self._codec: _Decompressor = _FACTORIES[compression](limits)
        self._buffer = bytearray(_INPUT)
        self._exhausted = False
        self._finished = False
        self._between = False
        self.count = 0
        """Bytes unpacked so far."""
        self.ended_early: str | None = None
        """What is wrong with the end of the stream, as a clause; None while all is well."""

    def readinto(self, target: memoryview, /) -> int:
        """As `ByteStream.readinto`, for the unpacked bytes."""
        filled = 0
        while filled < len(target) and not self._finished:
            if filled and self._codec.needs_input:
                break  # what has arrived so far is not held back
            data = self._unpack(min(len(target) - filled, _OUTPUT))
            target[filled : filled + len(data)] = data
            filled += len(data)
            self.count += len(data)
            self._judge()
        return filled

    def close(self) -> None:
        """As `ByteStream.close`."""
        self._source.close()

    def _unpack(self, room: int) -> bytes:
        """One step: up to `room` bytes; nothing does not mean the end."""
        if self._codec.eof:
            return self._next_member(self._codec.unused_data or b"", room)
        fresh = self._more() if self._codec.needs_input else b""
        if self._exhausted and self._codec.needs_input:
            self._end("is cut short")
            return b""
        return self._decompress(fresh, room)

    def _decompress(self, data: bytes, room: int) -> bytes:
        try:
            return self._codec.decompress(data, room)
        except (OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError) as error:
            self._fail(error)
        except Exception as error:
            # ZstdError derives from Exception directly, and naming it would import the codec for every file.
            if type(error).__name__ != "ZstdError":
                raise
            self._fail(error)
        return b""

    def _fail(self, error: Exception) -> None:
        text = str(error)
        if "emory" in text:
            raise LimitExceeded(
                f"{self._name} data that needs a window of more than {self._limits.window} bytes (limit `window`)",
                f"unpack it with the {self._name} program first",
            ) from error
        if not self.count:
            raise CaptureError(f"damaged {self._name} data ({text})", "fetch the file again") from error
        self._end(f"is damaged ({text})")

    def _next_member(self, rest: bytes, room: int) -> bytes:
        # Files may be padded with zeros up to a block of the medium they were on.
        rest = rest.lstrip(b"\0")
        while len(rest) < _LONGEST_MAGIC and not self._exhausted:
            rest = (rest + self._more()).lstrip(b"\0")
        if not rest:
            self._finished = True
        elif compression_of(rest) == self._name:
            self._codec = _FACTORIES[self._name](self._limits)
            return self._decompress(rest, room)
        else:
            self._end("is followed by something else")
        return b""

    def _more(self) -> bytes:
        with memoryview(self._buffer) as view:
            size = self._source.readinto(view)
            self._exhausted = size == 0
            return bytes(view[:size])

    def _end(self, reason: str) -> None:
        self._finished = True
        self.ended_early = f"the {self._name} data {reason}"

    def _judge(self) -> None:
        limits = self._limits
        if self.count > limits.decompressed:
            raise LimitExceeded(
                f"{self._name} data that unfolds to more than {limits.decompressed} bytes (limit `decompressed`)",
                "unpack it and cut out the time that matters with: editcap -A START -B STOP IN OUT",
            )
        if self.count > limits.ratio_floor and self.count > limits.ratio * self._source.count:
            raise LimitExceeded(
                f"{self._name} data that unfolds to more than {limits.ratio} times its size (limit `ratio`)",
                "if it is a capture and no decompression bomb, unpack it first",
            )
