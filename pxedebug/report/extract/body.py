"""The bytes of transfers, taken from frames: where each piece of a file belongs.

TFTP: block n of size b stands at (n - 1) * b (RFC 1350 section 2, RFC 2348), the 16-bit number unfolded by its
neighbours. HTTP: the response's bytes by sequence number, its head cut off, chunks joined (RFC 9112 sections 6 and 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pxedebug.errors import MalformedFrame
from pxedebug.track.http.connection import unfold_sequence
from pxedebug.track.story import Transfer
from pxedebug.wire.http import ResponseHead, parse_head

__all__ = ["HttpBody", "TftpBody"]

_DATA = 3
_BLOCKS = 1 << 16
_HEAD_LIMIT = 64 << 10
_HELD = 64 << 20
"""Bytes of one HTTP response in chunks, or before its head is whole, that are held."""


class TftpBody:
    """The blocks of one TFTP transfer."""

    def __init__(self, transfer: Transfer) -> None:
        self._size = transfer.block_size or 512
        self._near = 0

    def take(self, payload: bytes) -> tuple[int, bytes] | None:
        """Offset and content of a datagram with file content; None for any other."""
        if len(payload) < 4 or int.from_bytes(payload[:2], "big") != _DATA:
            return None
        number = int.from_bytes(payload[2:4], "big")
        block = self._near + ((number - self._near + _BLOCKS // 2) % _BLOCKS - _BLOCKS // 2)
        if block < 1:
            return None
        self._near = max(self._near, block)
        return (block - 1) * self._size, payload[4 : 4 + self._size]


@dataclass
class HttpBody:
    """The segments of one HTTP response: held until its head is whole, then passed on (in chunks: held to the end)."""

    _pieces: dict[int, bytes] = field(default_factory=dict)
    _first: int | None = None
    _lowest: int = 0
    """Unfolded sequence number before which nothing came."""
    _held: int = 0
    _start: int | None = None
    """Unfolded sequence number of the first body byte, once the head is known."""
    _chunked: bool = False

    def take(self, sequence: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
        """Offset in the file and bytes of each piece that a segment of the server's makes known."""
        if not payload:
            return
        if self._first is None:
            self._first = self._lowest = sequence
        at = unfold_sequence(sequence, self._first)
        if self._start is not None and not self._chunked:
            yield from self._placed(at, payload)
            return
        if self._held + len(payload) > _HELD:
            return
        if len(self._pieces.get(at, b"")) < len(payload):
            self._held += len(payload) - len(self._pieces.get(at, b""))
            self._pieces[at] = payload
        self._lowest = min(self._lowest, at)
        near = at - self._lowest < _HEAD_LIMIT
        if self._start is None and near and self._find_body() and not self._chunked:
            for earlier, piece in sorted(self._pieces.items()):
                yield from self._placed(earlier, piece)
            self._pieces.clear()

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """What of a body in chunks is there, when no more segments come."""
        if self._start is None or not self._chunked:
            return
        start, joined = next(self._joined(), (0, b""))
        yield from _unchunked(joined[self._start - start :])

    def _placed(self, at: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
        assert self._start is not None
        part = payload[max(0, self._start - at) :]
        if part:
            yield max(at, self._start) - self._start, part

    def _find_body(self) -> bool:
        """Whether the head is whole by now; keeps where the body starts."""
        start, joined = next(self._joined(), (0, b""))
        try:
            head = parse_head(joined[:_HEAD_LIMIT])
        except MalformedFrame:
            return False
        end = joined[:_HEAD_LIMIT].find(b"\r\n\r\n")
        if not isinstance(head, ResponseHead) or end < 0:
            return False
        self._start, self._chunked = start + end + 4, head.chunked
        return True

    def _joined(self) -> Iterator[tuple[int, bytes]]:
        """The pieces in order, those that touch as one."""
        start, end, parts = 0, 0, list[bytes]()
        for at, piece in sorted(self._pieces.items()):
            if parts and at <= end:
                parts.append(piece[end - at :])
            else:
                if parts:
                    yield start, b"".join(parts)
                start, parts = at, [piece]
            end = max(end, at + len(piece)) if parts else at + len(piece)
        if parts:
            yield start, b"".join(parts)


def _unchunked(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = offset = 0
    while True:
        line, ending, _ = body[at : at + 64].partition(b"\r\n")
        digits = line.partition(b";")[0].strip()
        if not ending or not digits or digits.strip(b"0123456789abcdefABCDEF"):
            return
        length = int(digits, 16)
        at += len(line) + 2
        part = body[at : at + length]
        if part:
            yield offset, part
        if not length or len(part) < length:
            return
        offset += length
        at += length + 2
