"""Damage to captures, from single bits to spliced files; everything follows from one random generator."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

from tests.capture.wrappings import COMPRESSIONS, CONTAINERS, HEADER, RECORD, record_spans

__all__ = ["mutated"]

_EDGES = (0, 1, 2, 3, 7, 8, 15, 16, 27, 28, 63, 64, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def mutated(data: bytes, others: Sequence[bytes], noise: random.Random) -> bytes:
    """`data`, a little-endian pcap file, after one to six kinds of damage; `others` lend frames to splice in.

    Half of the time it is then put into another container, whose own structure is damaged, and a quarter of the time
    it is compressed, and the compressed stream is damaged now and then.
    """
    for _ in range(noise.choice((1, 1, 2, 3, 6))):
        data = noise.choice(_KINDS)(data, others, noise)
    if noise.random() < 0.5:
        data = noise.choice(_CONTAINERS)(data)
        for _ in range(noise.choice((0, 1, 1, 3))):
            data = noise.choice(_CONTAINER_KINDS)(data, others, noise)
    if noise.random() < 0.25:
        data = noise.choice(_COMPRESSIONS)(data)
        for _ in range(noise.choice((0, 1, 2))):
            data = noise.choice(_STREAM_KINDS)(data, others, noise)
    return data


def _flip(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Change a few bytes anywhere."""
    changed = bytearray(data)
    for _ in range(noise.choice((1, 4, 32)) if changed else 0):
        changed[noise.randrange(len(changed))] = noise.choice((0, 255, noise.randrange(256)))
    return bytes(changed)


def _flip_in_control_frame(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Change a few bytes of one frame that is not bulk data: where the decoders work."""
    small = [(start, end) for start, end in record_spans(data) if end - start < RECORD + 700]
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
    out = [data[:HEADER]]
    for start, end in record_spans(data):
        length = min(limit, end - start - RECORD)
        out += [data[start : start + 8], struct.pack("<I", length), data[start + 12 : start + RECORD + length]]
    return b"".join(out)


def _reorder(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Repeat, drop or shuffle records."""
    records = [data[start:end] for start, end in record_spans(data)]
    match noise.randrange(3):
        case 0:
            records = [record for record in records for _ in range(noise.choice((1, 1, 2)))]
        case 1:
            records = [record for record in records if noise.random() > 0.2]
        case _:
            noise.shuffle(records)
    return data[:HEADER] + b"".join(records)


def _splice(data: bytes, others: Sequence[bytes], noise: random.Random) -> bytes:
    """Put frames of another capture between these, or continue with its bytes."""
    other = noise.choice(others)
    if noise.random() < 0.3:
        return data[: noise.randrange(len(data) + 1)] + other[noise.randrange(len(other) + 1) :]
    records = [data[start:end] for start, end in record_spans(data)]
    for start, end in record_spans(other)[:40]:
        records.insert(noise.randrange(len(records) + 1), other[start:end])
    return data[:HEADER] + b"".join(records)


def _forge_block(data: bytes, others: Sequence[bytes], noise: random.Random) -> bytes:
    """Write an edge value into the head of a pcapng block: its type, its length, or the first fields of its body."""
    order = "big" if data[8:12] == b"\x1a\x2b\x3c\x4d" else "little"
    starts, position = [], 0
    while position + 12 <= len(data):
        starts.append(position)
        position += max(int.from_bytes(data[position + 4 : position + 8], order), 12)
    if data[:4] != b"\n\r\r\n" or not starts:
        return _forge_length(data, others, noise)
    # The first blocks hold what all others depend on.
    at = noise.choice((noise.choice(starts[:3]), noise.choice(starts))) + noise.choice((0, 4, 4, 8, 12, 16, 20, 24))
    return data[:at] + noise.choice(_EDGES).to_bytes(4, noise.choice(("big", "little"))) + data[at + 4 :]


def _relink(data: bytes, _: Sequence[bytes], noise: random.Random) -> bytes:
    """Claim another link type: the same frames, read as something they are not."""
    link_type = noise.choice((0, 1, 6, 12, 101, 105, 108, 113, 127, 192, 228, 229, 276, noise.randrange(300)))
    return data[:20] + struct.pack("<I", link_type) + data[HEADER:]


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
_CONTAINER_KINDS = (_forge_block, _forge_block, _forge_length, _flip, _truncate)
_STREAM_KINDS = (_flip, _forge_length, _truncate)
_CONTAINERS = tuple(CONTAINERS.values())
_COMPRESSIONS = tuple(COMPRESSIONS.values())
