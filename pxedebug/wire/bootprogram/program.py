"""The value that identification gives, and the numbers in it (Microsoft PE format specification)."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["HEAD_BYTES", "MACHINE_NAMES", "SUBSYSTEM_NAMES", "Program", "printable"]

HEAD_BYTES = 65536
"""Bytes of a file that are looked at."""

MACHINE_NAMES = {
    0x014C: "x86",
    0x0166: "MIPS R4000",
    0x01C0: "ARM",
    0x01C2: "ARM Thumb",
    0x01C4: "ARM Thumb-2",
    0x01F0: "PowerPC",
    0x0200: "Itanium",
    0x0EBC: "EFI byte code",
    0x5032: "RISC-V 32",
    0x5064: "RISC-V 64",
    0x5128: "RISC-V 128",
    0x6232: "LoongArch 32",
    0x6264: "LoongArch 64",
    0x8664: "x64",
    0xAA64: "ARM64",
}
"""COFF machine types (PE format, "Machine Types")."""

SUBSYSTEM_NAMES = {
    1: "native",
    2: "Windows GUI",
    3: "Windows console",
    10: "EFI application",
    11: "EFI boot service driver",
    12: "EFI runtime driver",
    13: "EFI ROM",
    16: "Windows boot application",
}
"""PE subsystems (PE format, "Windows Subsystem")."""


class Program(NamedTuple):
    """What a file is."""

    type: str
    """`pe`, `bzimage`, `pxelinux`, `gzip`, ...: short, kebab-case, stable."""
    detail: str
    """The same for people, with versions and names from the file, in printable ASCII."""
    machine: int | None = None
    """COFF machine type (MACHINE_NAMES) of a PE image, or of what is known to be of one machine; else None."""
    subsystem: int | None = None
    """PE subsystem (SUBSYSTEM_NAMES): 10 is an EFI application; None for other files."""
    signed: bool | None = None
    """A PE image has a certificate table (its content is not checked); None for other files."""
    declared_size: int | None = None
    """The least number of bytes that a complete file has by its own header; None where that does not tell."""


def printable(data: bytes, limit: int = 80) -> str:
    """The text of `data` up to a NUL, in ASCII, other characters escaped, no longer than `limit`."""
    text = data.partition(b"\0")[0][:limit].decode("ascii", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text).strip()[:limit]
