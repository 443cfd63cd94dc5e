"""Datagrams of which fragments are still missing: one at a time, bounded in number, bytes and age.

The rules, for any order, overlap or repetition of fragments (RFC 791 section 3.2, RFC 8200 section 4.5):

* The covered part of a datagram is a bit per eight bytes, so overlapping fragments cost no more than others.
* What arrived first stays: bytes that come a second time are ignored.
* A first fragment that differs from the one at hand begins a new datagram, because an identification has been reused.
* The oldest datagram goes when there are too many or when they hold too many bytes.
* A clock that never runs back, the latest time of any fragment, tells the age.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pxedebug.wire.packet import Packet

__all__ = ["FirstFragment", "FragmentTable", "Piece", "join"]

_MAX_DATAGRAM: Final = 65535
_UNIT: Final = 8
_UDP_HEADER: Final = 8


class FirstFragment(NamedTuple):
    """What the first fragment says about the whole datagram."""

    ref: int
    source: int
    destination: int
    word: int
    length: int
    """UDP payload bytes of the whole datagram."""
    packet: Packet | None
    """The first fragment as a packet when the datagram's bytes are wanted."""

    def same_datagram(self, other: FirstFragment) -> bool:
        """True when `other` is this fragment again."""
        mine = (self.source, self.destination, self.word, self.length)
        return mine == (other.source, other.destination, other.word, other.length)


class Piece(NamedTuple):
    """One fragment."""

    key: int
    clock: int
    """The latest time of any fragment up to this one, nanoseconds."""
    offset: int
    length: int
    more: bool
    data: bytes
    """Captured bytes; may be left empty when the datagram is known not to be wanted."""
    first: FirstFragment | None
    """Given when `offset` is 0."""


@dataclass(slots=True)
class _Datagram:
    started: int
    covered: int = 0
    total: int | None = None
    first: FirstFragment | None = None
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    bytes_held: int = 0


class FragmentTable:
    """Incomplete datagrams by key, oldest first."""

    def __init__(self, limit_datagrams: int, limit_bytes: int, max_age: int) -> None:
        self.limit_datagrams = limit_datagrams
        self.limit_bytes = limit_bytes
        self.max_age = max_age
        self.bytes_held = 0
        self.given_up = 0
        """Datagrams whose first fragment was seen and whose rest did not come in time, or had to make room."""
        self._datagrams: dict[int, _Datagram] = {}

    def __len__(self) -> int:
        return len(self._datagrams)

    def __contains__(self, key: int) -> bool:
        return key in self._datagrams

    def wants_bytes(self, key: int) -> bool:
        """False when the datagram `key` is at hand and its bytes are of no use to anyone."""
        held = self._datagrams.get(key)
        return held is None or held.first is None or held.first.packet is not None

    def add(self, piece: Piece) -> FirstFragment | None:
        """Take one fragment; the datagram it completes comes back, its packet with the whole payload."""
        self.expire(piece.clock)
        if piece.offset + piece.length > _MAX_DATAGRAM:
            return None
        datagram = self._datagrams.get(piece.key)
        if datagram and datagram.first and piece.first and not datagram.first.same_datagram(piece.first):
            self._drop(piece.key)
            datagram = None
        if datagram is None:
            datagram = self._datagrams[piece.key] = _Datagram(piece.clock)
        if self._cover(datagram, piece):
            self._keep(datagram, piece)
        if datagram.first and datagram.total is not None and datagram.covered == _units(0, datagram.total):
            self._forget(piece.key)
            return _whole(datagram, datagram.first)
        while len(self._datagrams) > self.limit_datagrams or self.bytes_held > self.limit_bytes:
            self._drop(next(iter(self._datagrams)))
        return None

    def expire(self, clock: int) -> None:
        """Give up what is older than the largest age at the time `clock`."""
        while self._datagrams:
            oldest = next(iter(self._datagrams))
            if clock - self._datagrams[oldest].started <= self.max_age:
                return
            self._drop(oldest)

    def _cover(self, datagram: _Datagram, piece: Piece) -> bool:
        """Note what `piece` covers; True when some of that is new."""
        end = piece.offset + piece.length
        if piece.more:
            # All fragments but the last carry a multiple of eight bytes; an odd rest covers nothing.
            end -= piece.length % _UNIT
        elif datagram.total is None:
            datagram.total = end
        units = _units(piece.offset, end)
        if datagram.total is not None:
            units &= _units(0, datagram.total)
            datagram.covered &= _units(0, datagram.total)
        if units | datagram.covered == datagram.covered:
            return False
        datagram.covered |= units
        return True

    def _keep(self, datagram: _Datagram, piece: Piece) -> None:
        if piece.first:
            datagram.first = piece.first
            if piece.first.packet is None:
                self.bytes_held -= datagram.bytes_held
                datagram.bytes_held = 0
                datagram.pieces.clear()
        if datagram.first is None or datagram.first.packet is not None:
            datagram.pieces.append((piece.offset, piece.data))
            datagram.bytes_held += len(piece.data)
            self.bytes_held += len(piece.data)

    def _drop(self, key: int) -> None:
        self.given_up += self._forget(key).first is not None

    def _forget(self, key: int) -> _Datagram:
        datagram = self._datagrams.pop(key)
        self.bytes_held -= datagram.bytes_held
        return datagram


def _units(start: int, end: int) -> int:
    """A bit for every eight bytes that begin in [start, end); `start` is a multiple of eight."""
    return (1 << -(-end // _UNIT)) - (1 << start // _UNIT) if end > start else 0


def _whole(datagram: _Datagram, first: FirstFragment) -> FirstFragment:
    if first.packet is None:
        return first
    return first._replace(packet=first.packet._replace(payload=join(datagram.pieces, first.length)))


def join(pieces: list[tuple[int, bytes]], length: int) -> bytes:
    """The UDP payload of `length` bytes out of fragments (offset, bytes), which come oldest first.

    Where fragments overlap, the oldest wins; the payload ends before the first byte that was not captured.
    """
    size = _UDP_HEADER + length
    joined, present = bytearray(size), bytearray(size)
    for offset, data in reversed(pieces):
        part = data[: max(size - offset, 0)]
        joined[offset : offset + len(part)] = part
        present[offset : offset + len(part)] = b"\1" * len(part)
    end = present.find(0)
    return bytes(joined[_UDP_HEADER : end if end >= 0 else size])
