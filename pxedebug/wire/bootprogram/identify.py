"""One file's type: the identifications in the order in which they are tried."""

from __future__ import annotations

from pxedebug.wire.bootprogram.archive import identify_archive
from pxedebug.wire.bootprogram.bios import identify_bios
from pxedebug.wire.bootprogram.kernel import identify_kernel
from pxedebug.wire.bootprogram.pe import identify_pe
from pxedebug.wire.bootprogram.program import HEAD_BYTES, MACHINE_NAMES, Program
from pxedebug.wire.bootprogram.text import identify_text

__all__ = ["identify"]

_ELF_MACHINES = {3: 0x014C, 40: 0x01C4, 62: 0x8664, 183: 0xAA64, 243: 0x5064, 258: 0x6264}
"""ELF machine to COFF machine (generic ABI, e_machine)."""


def identify(head: bytes, size: int | None = None) -> Program:
    """What the file is that begins with `head`; `size` is its length in bytes where that is known.

    Only the first HEAD_BYTES are looked at. Any bytes give a Program: `data` where nothing is recognised. Never raises.
    """
    head = head[:HEAD_BYTES]
    if not head:
        return Program("data", "empty file" if size in (None, 0) else "nothing of it was captured")
    # Kernels come before PE images and archives before text: an EFI kernel is both, a cpio archive begins as text.
    return (
        identify_kernel(head)
        or identify_pe(head)
        or _elf(head)
        or identify_archive(head)
        or identify_text(head)
        or identify_bios(head, size)
        or Program("data", "data")
    )


def _elf(head: bytes) -> Program | None:
    if head[:4] != b"\x7fELF":
        return None
    order = "big" if head[5:6] == b"\2" else "little"
    number = int.from_bytes(head[18:20], "big" if order == "big" else "little")
    machine = _ELF_MACHINES.get(number)
    bits = {1: "32-bit", 2: "64-bit"}.get(head[4] if len(head) > 4 else 0, "unknown class")
    name = MACHINE_NAMES[machine] if machine is not None else f"machine {number}"
    return Program("elf", f"ELF {bits}, {name}", machine)
