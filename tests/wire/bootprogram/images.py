"""Builders of the file beginnings that the tests in this folder read."""

from __future__ import annotations

import struct


def pe(
    machine: int = 0x8664,
    *,
    subsystem: int = 10,
    certificates: tuple[int, int] = (0, 0),
    sections: tuple[tuple[int, int], ...] = ((0x400, 0x1000),),
    plus: bool = True,
) -> bytes:
    """An EFI program; `sections` are file offset and size of each section's data."""
    count_at = 108 if plus else 92
    optional = bytearray(count_at + 4 + 16 * 8)
    struct.pack_into("<H", optional, 0, 0x20B if plus else 0x10B)
    struct.pack_into("<I", optional, 60, 0x400)
    struct.pack_into("<H", optional, 68, subsystem)
    struct.pack_into("<I", optional, count_at, 16)
    struct.pack_into("<II", optional, count_at + 4 + 8 * 4, *certificates)
    coff = struct.pack("<HHIIIHH", machine, len(sections), 0, 0, 0, len(optional), 0x22E)
    table = b"".join(
        b".text\0\0\0" + struct.pack("<IIII", size, 0, size, start) + bytes(16) for start, size in sections
    )
    return b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + coff + bytes(optional) + table


def bzimage(version: bytes = b"6.1.0-50-amd64 (x@y) #1 SMP\0", units: int = 64, start: bytes = b"") -> bytes:
    """A Linux kernel with four setup sectors; `start` is put at its very beginning."""
    head = bytearray(4096)
    head[: len(start)] = start
    head[0x1F1] = 4
    struct.pack_into("<I", head, 0x1F4, units)
    head[0x1FE:0x200] = b"\x55\xaa"
    head[0x202:0x208] = b"HdrS\x0f\x02"
    struct.pack_into("<H", head, 0x20E, 0x400 if version else 0)
    head[0x600 : 0x600 + len(version)] = version
    return bytes(head)
