"""What stays of a transferred file: its headers, so that it is still told what it is, and a script with other words.

Everything else is zeros. What is kept is what `wire.bootprogram` looks at; a mark by which a program is known may
have moved, because a story holds only the first few KiB of a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pxedebug.report.extract.anonymise.names import Names
from pxedebug.track.story import Transfer
from pxedebug.wire.bootprogram import HEAD_BYTES, identify

__all__ = ["NOTHING", "Contents", "Pieces", "cover", "kept_of"]

Pieces = tuple[tuple[int, bytes], ...]
"""Offset and bytes of what is kept of a file, ascending."""

_TEXTS = frozenset(("ipxe-script", "config-text", "text", "html"))
_MARKS = (
    b"PXE->EB", b"iPXE", b"gPXE", b"WDSNBP", b"BOOTMGR", b"bootmgr.exe", b"NTLDR", b"GRUB", b"Etherboot", b"MEMDISK",
    b"FreeBSD", b"OpenBSD", b"UEFI SHIM", b"images\0timestamp\0",
)  # fmt: skip
"""Strings by which programs and images are known."""
_FIXED: dict[str, tuple[tuple[int, int], ...]] = {
    "bzimage": ((0, 2), (60, 64), (0x1F1, 0x1F2), (0x1F4, 0x1F8), (0x202, 0x212)),
    "arm64-image": ((0, 2), (56, 64)),
    "riscv-image": ((0, 2), (56, 64)),
    "zimage": ((0, 2), (0x24, 0x30), (60, 64)),
    "u-boot-image": ((0, 4), (12, 16), (28, 32)),
    "pe": ((0, 2), (4, 8), (60, 64)),
    "elf": ((0, 20),),
    "gzip": ((0, 4),),
    "bzip2": ((0, 10),),
    "wim": ((0, 0x18), (0x28, 0x90)),
    "registry-hive": ((0, 4), (0x28, 0x2C)),
    "squashfs": ((0, 4), (40, 48)),
    "fit-or-dtb": ((0, 8),),
    "pxelinux": ((0, 4), (510, 512)),
    "bios-boot-program": ((0, 4), (510, 512)),
}
"""Header bytes by type of file; of any other the first few, which are its magic number."""
_MAGIC = ((0, 8),)
_PE_HEADER, _SECTION = 24, 40
_KERNEL_VERSION = 0x20E
_BEHIND_MAGIC, _SECTOR_END = 64, 510
_BLANK = b"\n"
"""What a long text goes on with: zeros would make it a binary file."""


class Contents(NamedTuple):
    """A file on its way: what is kept of it, and how many bytes a TFTP block holds."""

    pieces: Pieces
    block_size: int = 512


NOTHING = Contents(())


def kept_of(transfer: Transfer, names: Names) -> Pieces:
    """What is kept of the file that a transfer moved."""
    head = transfer.head
    kind = transfer.content_type or identify(head, transfer.declared_bytes).type
    if kind == "git-lfs-pointer":
        first = head.find(b"\n") + 1
        return (0, head[:first]), (first, names.text(head[first:]))
    if kind in _TEXTS:
        more = min(HEAD_BYTES, transfer.size) - len(head)
        return (0, names.text(head)), (len(head), _BLANK * more)
    if kind == "data":
        return ((0, head[:2]), (60, head[60:64])) if head[:2] == b"MZ" else ()
    spans = list(_FIXED.get(kind, _MAGIC))
    if head[:2] == b"MZ":
        spans += _pe_spans(head)
    pieces = tuple((start, head[start:end]) for start, end in spans)
    if kind == "bzimage":
        return pieces + _kernel_version(transfer, names)
    return _with_mark(pieces, transfer)


def cover(pieces: Pieces, offset: int, length: int) -> bytes:
    """`length` bytes of the file from `offset`: zeros, and the pieces that lie there."""
    made = bytearray(length)
    for at, piece in pieces:
        start, end = max(at, offset), min(at + len(piece), offset + length)
        if start < end:
            made[start - offset : end - offset] = piece[start - at : end - at]
    return bytes(made)


def _with_mark(pieces: Pieces, transfer: Transfer) -> Pieces:
    """The pieces, and the string by which the program was known, where one is needed to know it again."""
    near = max([_BEHIND_MAGIC, *(at + len(piece) for at, piece in pieces if at < _SECTOR_END)])
    read = min(transfer.size, HEAD_BYTES)
    detail = (transfer.content_detail or "").encode("ascii", "replace")
    for mark in (b"", *_MARKS, detail):
        for place in (near, read - len(mark)):
            marked = (*pieces, (place, mark))
            program = identify(cover(marked, 0, read), transfer.declared_bytes)
            if (program.type, program.detail) == (transfer.content_type, transfer.content_detail):
                return marked
    return pieces


def _pe_spans(head: bytes) -> Iterator[tuple[int, int]]:
    """Headers and section table of a PE image (Microsoft PE format specification)."""
    at = int.from_bytes(head[60:64], "little")
    if head[at : at + 4] != b"PE\0\0":
        return
    sections = int.from_bytes(head[at + 6 : at + 8], "little")
    table = at + _PE_HEADER + int.from_bytes(head[at + 20 : at + 22], "little")
    yield at, table + sections * _SECTION


def _kernel_version(transfer: Transfer, names: Names) -> Pieces:
    """The version string that a Linux kernel's header points to, with other words for a site's."""
    pointer = int.from_bytes(transfer.head[_KERNEL_VERSION : _KERNEL_VERSION + 2], "little")
    version = (transfer.content_detail or "").partition(", boot protocol")[0].removeprefix("Linux kernel ")
    if not pointer or version == "Linux bzImage":
        return ()
    return ((pointer + 0x200, names.text(version.encode("ascii", "replace"))),)
