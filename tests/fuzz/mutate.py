"""Damage to captures, from single bits to spliced files; everything follows from one random generator."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

__all__ = ["mutated"]

_RECORD = 16
_FILE_HEADER = 24
_EDGES = (0, 1, 2, 3, 7, 8, 15, 16, 27, 28, 63, 64, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def mutated(data: bytes, others: Sequence[bytes], noise: random.Random) -> bytes:
    """`data` after one to six kinds of damage; `others` lend frames to splice in."""
    for _ in range(noise.choice((1, 1, 2, 3, 6))):
        data = noise.choice(_KINDS)(data, others, noise)
    return data


def _flip(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Change a few bytes anywhere."""
    changed = bytearray(data)
    for _ in range(noise.choice((1, 4, 32)) if changed else 0):
        changed[noise.randrange(len(changed))] = noise.choice((0, 255, noise.randrange(256)))
    return bytes(changed)


def _flip_in_control_frame(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Change a few bytes of one frame that is not bulk data: where the decoders work."""
    small = [(start, end) for start, end in _records(data) if end - start < _RECORD + 700]
    if not small:
        return data
    start, end = noise.choice(small)
    changed = bytearray(data)
    for _ in range(noise.choice((1, 2, 8))):
        changed[noise.randrange(start, end)] = noise.choice((0, 1, 255, noise.randrange(256)))
    return bytes(changed)


def _forge_length(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Write an edge value over a 1-, 2- or 4-byte field, in either byte order."""
    size = noise.choice((1, 2, 4))
    if len(data) < size:
        return data
    at = noise.randrange(len(data) - size + 1)
    value = (noise.choice(_EDGES) & ((1 << 8 * size) - 1)).to_bytes(size, noise.choice(("big", "little")))
    return data[:at] + value + data[at + size :]


def _truncate(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """End the file early, anywhere."""
    return data[: noise.randrange(len(data) + 1)]


def _snap(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Cut every frame to a snap length, as `tcpdump -s` does."""
    limit = noise.choice((1, 14, 40, 42, 60, 68, 96, 128, 300))
    out = [data[:_FILE_HEADER]]
    for start, end in _records(data):
        length = min(limit, end - start - _RECORD)
        out += [data[start : start + 8], struct.pack("<I", length), data[start + 12 : start + _RECORD + length]]
    return b"".join(out)


def _reorder(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Repeat, drop or shuffle records."""
    records = [data[start:end] for start, end in _records(data)]
    match noise.randrange(3):
        case 0:
            records = [record for record in records for _ in range(noise.choice((1, 1, 2)))]
        case 1:
            records = [record for record in records if noise.random() > 0.2]
        case _:
            noise.shuffle(records)
    return data[:_FILE_HEADER] + b"".join(records)


def _splice(data: bytes, others: Sequence[bytes], noise: random.Random) -> bytes:
    """Put frames of another capture between these, or continue with its bytes."""
    other = noise.choice(others)
    if noise.random() < 0.3:
        return data[: noise.randrange(len(data) + 1)] + other[noise.randrange(len(other) + 1) :]
    records = [data[start:end] for start, end in _records(data)]
    for start, end in _records(other)[:40]:
        records.insert(noise.randrange(len(records) + 1), other[start:end])
    return data[:_FILE_HEADER] + b"".join(records)


def _relink(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Claim another link type: the same frames, read as something they are not."""
    link_type = noise.choice((0, 1, 6, 12, 101, 105, 108, 113, 127, 192, 228, 229, 276, noise.randrange(300)))
    return data[:20] + struct.pack("<I", link_type) + data[_FILE_HEADER:]


def _records(data: bytes) -> list[tuple[int, int]]:
    """Start and end of the records of a little-endian pcap file, as far as they can be followed."""
    found, position = [], _FILE_HEADER
    while position + _RECORD <= len(data):
        end = position + _RECORD + struct.unpack_from("<I", data, position + 8)[0]
        if end > len(data):
            break
        found.append((position, end))
        position = end
    return found


_KINDS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _flip,
    _flip_in_control_frame,
    _flip_in_control_frame,
    _forge_length,
    _truncate,
    _snap,
    _reorder,
    _splice,
    _relink,
)
