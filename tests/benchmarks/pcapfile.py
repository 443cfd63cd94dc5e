"""The little of pcap that the generators need: whole files of little-endian microsecond Ethernet frames."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

__all__ = ["PcapWriter", "checksum", "read_frames", "udp_header"]

_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
_RECORD = struct.Struct("<IIII")
_FLUSH = 4096


class PcapWriter:
    """Writes frames in time order; keeps a few thousand of them before it reaches for the disk."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb")
        self._file.write(_HEADER)
        self._pending: list[bytes | memoryview] = []
        self.frames = 0

    def write(self, microseconds: int, *parts: bytes | memoryview) -> None:
        """One frame of the given parts at a time in microseconds since the epoch."""
        length = sum(map(len, parts))
        self._pending.append(_RECORD.pack(*divmod(microseconds, 1_000_000), length, length))
        self._pending.extend(parts)
        self.frames += 1
        if not self.frames % _FLUSH:
            self._flush()

    def close(self) -> None:
        """Write what is pending and close the file."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        self._file.write(b"".join(self._pending))
        self._pending.clear()


def read_frames(path: Path) -> list[bytes]:
    """Every frame of a little-endian microsecond pcap file, in order."""
    data = path.read_bytes()
    frames, position = [], 24
    while position < len(data):
        _, _, captured, _ = _RECORD.unpack_from(data, position)
        frames.append(data[position + 16 : position + 16 + captured])
        position += 16 + captured
    return frames


def checksum(header: bytes) -> int:
    """The Internet checksum of an even number of bytes (RFC 1071)."""
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def udp_header(macs: bytes, source: tuple[bytes, int], destination: tuple[bytes, int], length: int) -> bytes:
    """Ethernet, IPv4 and UDP headers (42 bytes) for `length` payload bytes; `macs` is destination then source.

    The UDP checksum is zero, which IPv4 allows (RFC 768); the identification is zero with DF set (RFC 6864).
    """
    ip = bytearray(struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + length, 0, 0x4000, 64, 17, 0, source[0], destination[0]))
    struct.pack_into(">H", ip, 10, checksum(bytes(ip)))
    return macs + b"\x08\x00" + bytes(ip) + struct.pack(">HHHH", source[1], destination[1], 8 + length, 0)
