"""PE/COFF images: EFI programs, and kernels that are EFI programs too (Microsoft PE format specification)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from pxedebug.wire.bootprogram.program import MACHINE_NAMES, SUBSYSTEM_NAMES, Program

__all__ = ["PeHeader", "identify_pe", "read_pe"]

_OPTIONAL_MAGICS = {0x10B: 92, 0x20B: 108}
"""Magic of PE32 and PE32+, and where their optional header counts its data directories."""
_CERTIFICATES = 4
_MOST_SECTIONS = 96


class PeHeader(NamedTuple):
    """What the headers say; None where the head ends before it."""

    machine: int
    subsystem: int | None
    signed: bool | None
    declared_size: int | None


def identify_pe(head: bytes) -> Program | None:
    """A PE image, or an MS-DOS program without PE header; None for other bytes."""
    if head[:2] != b"MZ":
        return None
    header = read_pe(head)
    if header is None:
        return Program("data", "MZ executable without PE header") if len(head) >= 64 else None
    words = [MACHINE_NAMES.get(header.machine, f"machine 0x{header.machine:04x}")]
    if header.subsystem is not None:
        words.append(SUBSYSTEM_NAMES.get(header.subsystem, f"subsystem {header.subsystem}"))
    if header.signed:
        words.append("signed")
    if head[4:8] == b"zimg":
        # EFI zboot (Linux drivers/firmware/efi/libstub/zboot-header.S): a compressed kernel that unpacks itself.
        words.append("compressed Linux kernel")
    if name := _known_name(head):
        words.append(name)
    return Program("pe", ", ".join(words), header.machine, header.subsystem, header.signed, header.declared_size)


def _known_name(head: bytes) -> str:
    """A program's name from strings that its first sections hold; empty where none is known."""
    names = ((b"iPXE", "iPXE"), (b"UEFI SHIM", "shim"), (b"Secure Boot shim", "shim"), (b"GRUB", "GRUB"))
    return next((name for text, name in names if text in head), "")


def read_pe(head: bytes) -> PeHeader | None:
    """The headers of a PE image, or None where there is no PE signature within the head."""
    if len(head) < 64 or head[:2] != b"MZ":
        return None
    at = int.from_bytes(head[60:64], "little")
    if head[at : at + 4] != b"PE\0\0" or len(head) < at + 24:
        return None
    machine, sections = struct.unpack_from("<HH", head, at + 4)
    optional_size = int.from_bytes(head[at + 20 : at + 22], "little")
    optional = head[at + 24 : at + 24 + optional_size]
    count_at = _OPTIONAL_MAGICS.get(int.from_bytes(optional[:2], "little"))
    if count_at is None or len(optional) < count_at + 4:
        return PeHeader(machine, None, None, None)
    subsystem = int.from_bytes(optional[68:70], "little")
    signed, end = _certificates(optional, count_at)
    table = head[at + 24 + optional_size :]
    if end is not None and (last := _sections_end(table, sections)) is not None:
        end = max(end, last, int.from_bytes(optional[60:64], "little"))
    else:
        end = None
    return PeHeader(machine, subsystem, signed, end)


def _certificates(optional: bytes, count_at: int) -> tuple[bool | None, int | None]:
    """Whether there is a certificate table, and where in the file it ends (0 without one); None where cut."""
    count = int.from_bytes(optional[count_at : count_at + 4], "little")
    if count <= _CERTIFICATES:
        return False, 0
    entry = optional[count_at + 4 + 8 * _CERTIFICATES :][:8]
    if len(entry) < 8:
        return None, None
    start, size = struct.unpack("<II", entry)
    return (True, start + size) if start and size else (False, 0)


def _sections_end(table: bytes, count: int) -> int | None:
    """Where the last section's data ends in the file; None where the table is cut or beyond belief."""
    if count > _MOST_SECTIONS or len(table) < 40 * count:
        return None
    ends = [0]
    for index in range(count):
        size, start = struct.unpack_from("<II", table, 40 * index + 16)
        # Uninitialised data has no bytes in the file, whatever its pointer says.
        ends.append(start + size if start and size else 0)
    return max(ends)
