"""Capture files byte by byte, for tests."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pxedebug.capture import Capture, ContainerLimits
from pxedebug.errors import CaptureError
from pxedebug.wire.batch import frame_number

MICROSECONDS, NANOSECONDS, KUZNETZOV = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
SECOND = 1_000_000_000


@dataclass(frozen=True)
class Frame:
    """What a reader must give back of one frame."""

    number: int
    time: int
    data: bytes
    wire: int
    link_type: int = 1
    interface: int = 0


def frames_of(sizes: Iterable[int], start: int = 1_700_000_000 * SECOND, step: int = 20_000) -> list[Frame]:
    """Frames of the given sizes with contents that differ from each other."""
    return [
        Frame(number, start + number * step, bytes((number * 7 + i) & 0xFF for i in range(size)), size)
        for number, size in enumerate(sizes, 1)
    ]


def pcap_header(
    order: str = "<",
    magic: int = MICROSECONDS,
    version: tuple[int, int] = (2, 4),
    snap_length: int = 262_144,
    network: int = 1,
) -> bytes:
    return struct.pack(order + "IHHiIII", magic, *version, 0, 0, snap_length, network)


def pcap_record(
    frame: Frame, order: str = "<", magic: int = MICROSECONDS, swapped: bool = False, trailer: bytes = b""
) -> bytes:
    fraction = frame.time % SECOND // (1 if magic == NANOSECONDS else 1000)
    lengths = (len(frame.data) + len(trailer), frame.wire + len(trailer))
    if swapped:
        lengths = lengths[::-1]
    header = struct.pack(order + "IIII", frame.time // SECOND, fraction, *lengths)
    return header + (bytes(8) if magic == KUZNETZOV else b"") + frame.data + trailer


def pcap(frames: Sequence[Frame], order: str = "<", magic: int = MICROSECONDS, network: int = 1) -> bytes:
    return pcap_header(order, magic, network=network) + b"".join(pcap_record(f, order, magic) for f in frames)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


END = bytes(4)


def section(order: str = "<", version: tuple[int, int] = (1, 0), options: bytes = b"") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, *version, -1) + options, order)


def interface(order: str = "<", link_type: int = 1, snap_length: int = 0, options: bytes = b"") -> bytes:
    return block(1, struct.pack(order + "HHI", link_type, 0, snap_length) + options, order)


def enhanced(
    frame: Frame,
    order: str = "<",
    number: int = 0,
    ticks: int | None = None,
    trailer: bytes = b"",
    options: bytes = b"",
) -> bytes:
    ticks = frame.time // 1000 if ticks is None else ticks
    data = frame.data + trailer
    sizes = (len(data), frame.wire + len(trailer))
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, *sizes)
    return block(6, head + data + bytes(-len(data) % 4) + options, order)


def obsolete(frame: Frame, order: str = "<", number: int = 0) -> bytes:
    ticks = frame.time // 1000
    sizes = (len(frame.data), frame.wire)
    return block(
        2, struct.pack(order + "HHIIII", number, 0xFFFF, ticks >> 32, ticks & 0xFFFFFFFF, *sizes) + frame.data, order
    )


def simple(frame: Frame, order: str = "<") -> bytes:
    return block(3, struct.pack(order + "I", frame.wire) + frame.data, order)


def pcapng(frames: Sequence[Frame], order: str = "<") -> bytes:
    return section(order) + interface(order) + b"".join(enhanced(frame, order) for frame in frames)


class Dribble(io.RawIOBase):
    """A pipe that never gives more than a few bytes at once."""

    def __init__(self, data: bytes, steps: Sequence[int]) -> None:
        self._data = data
        self._steps = list(steps) or [1]
        self._turn = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        size = min(self._steps[self._turn % len(self._steps)], len(target), len(self._data))
        self._turn += 1
        target[:size] = self._data[:size]
        self._data = self._data[size:]
        return size


def collect(capture: Capture) -> list[Frame]:
    """All frames of a capture as values."""
    return [
        Frame(
            frame_number(int(batch.ref[row])),
            int(batch.time[row]),
            batch.frame(row),
            int(batch.wire_length[row]),
            int(batch.link_type[row]),
            int(batch.interface[row]),
        )
        for batch in capture
        for row in range(len(batch))
    ]


def read(data: bytes, limits: ContainerLimits | None = None) -> tuple[list[Frame], Capture]:
    """The frames of a capture given as bytes, through a pipe."""
    capture = Capture("-", stdin=io.BytesIO(data), limits=limits)
    return collect(capture), capture


def outcome(data: bytes, limits: ContainerLimits | None = None) -> tuple[list[Frame], str]:
    """The frames of a capture given as bytes, and the warnings or the one line of refusal that came with them."""
    capture = Capture("-", stdin=io.BytesIO(data), limits=limits)
    try:
        return collect(capture), " ".join(codes(capture))
    except CaptureError as error:
        return [], str(error)


def read_file(path: Path, data: bytes, capacity: int = 1 << 20) -> tuple[list[Frame], Capture]:
    """The same through a file, with a buffer of the given capacity."""
    path.write_bytes(data)
    capture = Capture(str(path), capacity=capacity)
    return collect(capture), capture


def codes(capture: Capture) -> list[str]:
    return [warning.code for warning in capture.info.warnings]
