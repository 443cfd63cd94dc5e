"""One capture in every container and compression: the same frames, other bytes around them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import sys
from collections.abc import Callable
from functools import partial

import lz4.frame

from tests.capture.build import MICROSECONDS, NANOSECONDS, SECOND, Frame, block, enhanced, interface, pcap, section

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["COMPRESSIONS", "CONTAINERS", "frames_in", "record_spans"]

HEADER = 24
RECORD = 16
_LATEST = (1 << 32) * SECOND - 1


def record_spans(data: bytes) -> list[tuple[int, int]]:
    """Start and end of the records of a little-endian pcap file, as far as they can be followed."""
    found, position = [], HEADER
    while position + RECORD <= len(data):
        end = position + RECORD + struct.unpack_from("<I", data, position + 8)[0]
        if end > len(data):
            break
        found.append((position, end))
        position = end
    return found


def frames_in(data: bytes) -> list[Frame]:
    """The frames of a little-endian pcap file with microseconds, read without the program's own reader."""
    link_type = int.from_bytes(data[20:22], "little")
    frames = []
    for number, (start, end) in enumerate(record_spans(data), 1):
        seconds, micros, _, wire = struct.unpack_from("<4I", data, start)
        time = min(seconds * SECOND + micros * 1000, _LATEST)
        frames.append(Frame(number, time, data[start + RECORD : end], wire, link_type))
    return frames


def _pcap(data: bytes, *, order: str, magic: int) -> bytes:
    frames = frames_in(data)
    return pcap(frames, order, magic, network=frames[0].link_type if frames else 1)


def _pcapng(data: bytes, *, order: str) -> bytes:
    frames = frames_in(data)
    head = section(order) + interface(order, frames[0].link_type if frames else 1)
    unknown = block(0xABCD, b"unknown blocks are skipped", order)
    return head + unknown + b"".join(enhanced(frame, order) for frame in frames)


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "pcap, big-endian": partial(_pcap, order=">", magic=MICROSECONDS),
    "pcap, nanoseconds": partial(_pcap, order="<", magic=NANOSECONDS),
    "pcap, big-endian nanoseconds": partial(_pcap, order=">", magic=NANOSECONDS),
    "pcapng": partial(_pcapng, order="<"),
    "pcapng, big-endian": partial(_pcapng, order=">"),
}
"""How a little-endian pcap file with microseconds becomes another container."""

COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd.compress,
    "lz4": lz4.frame.compress,
}
"""What gives the same bytes each time."""
