"""Frames written as pcapng: one section, an interface for each link type, comments where they are given.

Every block is whole when it is written, so a file is readable up to the last one whatever happens to the writer.
Format: draft-ietf-opsawg-pcapng, sections 4.1 to 4.3; times in nanoseconds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import BinaryIO

from pxedebug._version import __version__

__all__ = ["PcapngWriter"]

_SECTION, _INTERFACE, _ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_END_OF_OPTIONS, _COMMENT, _APPLICATION, _NAME, _RESOLUTION = 0, 1, 4, 2, 9
_NANOSECONDS = bytes((9,))
_LONGEST_OPTION = 65_535


class PcapngWriter:
    """Writes one pcapng section to `out`; interfaces are announced when their first frame comes."""

    def __init__(self, out: BinaryIO, *, comment: str = "") -> None:
        self._out = out
        self._interfaces: dict[tuple[int, str], int] = {}
        options = [(_COMMENT, comment.encode())] if comment else []
        options.append((_APPLICATION, f"pxedebug {__version__}".encode()))
        self._block(_SECTION, struct.pack("<IHHq", _BYTE_ORDER, 1, 0, -1) + _options(options))

    def write(
        self,
        link_type: int,
        time: int,
        frame: bytes,
        wire_length: int,
        *,
        comments: Iterable[str] = (),
        interface: str = "",
    ) -> None:
        """Write one frame: `time` in nanoseconds since the Unix epoch, `wire_length` bytes of it on the wire."""
        number = self._interface(link_type, interface)
        head = struct.pack("<IIIII", number, time >> 32 & 0xFFFFFFFF, time & 0xFFFFFFFF, len(frame), wire_length)
        options = _options([(_COMMENT, comment.encode()) for comment in comments])
        self._block(_ENHANCED_PACKET, head + _padded(frame) + options)

    def _interface(self, link_type: int, name: str) -> int:
        number = self._interfaces.get((link_type, name))
        if number is None:
            number = self._interfaces[link_type, name] = len(self._interfaces)
            options = [(_NAME, name.encode())] if name else []
            options.append((_RESOLUTION, _NANOSECONDS))
            self._block(_INTERFACE, struct.pack("<HHI", link_type, 0, 0) + _options(options))
        return number

    def _block(self, kind: int, body: bytes) -> None:
        length = struct.pack("<I", len(body) + 12)
        self._out.write(struct.pack("<I", kind) + length + body + length)


def _options(options: Iterable[tuple[int, bytes]]) -> bytes:
    parts = [struct.pack("<HH", code, len(value)) + _padded(value) for code, value in _short(options)]
    return b"".join([*parts, struct.pack("<HH", _END_OF_OPTIONS, 0)]) if parts else b""


def _short(options: Iterable[tuple[int, bytes]]) -> Iterable[tuple[int, bytes]]:
    for code, value in options:
        yield code, value[:_LONGEST_OPTION].decode("utf-8", "ignore").encode() if code == _COMMENT else value


def _padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)
