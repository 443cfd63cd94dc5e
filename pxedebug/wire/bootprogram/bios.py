"""Boot programs of BIOS machines: flat code without a header, told by the strings that their makers left in them."""

from __future__ import annotations

import re

from pxedebug.wire.bootprogram.program import Program, printable

__all__ = ["identify_bios"]

_X86 = 0x014C
_BANNER = re.compile(rb"(L?PXELINUX|SYSLINUX|ISOLINUX) [ -~]{1,40}")
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"PXE->EB", "iPXE or gPXE"),
    (b"iPXE", "iPXE"),
    (b"gPXE", "gPXE"),
    (b"WDSNBP", "Windows Deployment Services (wdsnbp.com)"),
    (b"BOOTMGR", "Windows boot manager loader"),
    (b"bootmgr.exe", "Windows boot manager loader"),
    (b"NTLDR", "Windows boot loader"),
    (b"GRUB", "GRUB"),
    (b"Etherboot", "Etherboot"),
    (b"MEMDISK", "MEMDISK"),
    (b"FreeBSD", "FreeBSD loader"),
    (b"OpenBSD", "OpenBSD loader"),
)
"""Strings inside a program and what it is then; the first that is found counts."""

_FIRST_INSTRUCTIONS = (b"\xea", b"\xe9", b"\xeb", b"\xfa", b"\xfc", b"\x9c", b"\x0e", b"\x31\xc0", b"\x33\xc0", b"\x60")
"""Far jump, jumps, cli, cld, pushf, push cs, xor ax,ax and pusha: how flat 16-bit programs begin."""
_LARGEST = 0xA0000
"""Bytes: a BIOS program is loaded whole into conventional memory, below 640 KiB."""


def identify_bios(head: bytes, size: int | None) -> Program | None:
    """A boot program for BIOS machines; None where nothing speaks for one."""
    if banner := _BANNER.search(head):
        return Program("pxelinux" if b"PXELINUX" in banner[1] else "bios-boot-program", printable(banner[0]), _X86)
    if head[:2] == b"\x55\xaa":
        return Program("bios-boot-program", "option ROM", _X86)
    code = head.startswith(_FIRST_INSTRUCTIONS)
    name = next((name for mark, name in _MARKS if mark in head), None) if code else None
    if name is not None:
        return Program("bios-boot-program", f"{name}, for BIOS", _X86)
    if head[510:512] == b"\x55\xaa":
        return Program("bios-boot-program", "boot sector or disk image", _X86)
    if code and (size is None or size <= _LARGEST) and len(head) >= 512:
        # A guess from one byte: enough for a name, not for a machine that a verdict could rest on.
        return Program("bios-boot-program", "flat x86 code by its first instruction")
    return None
