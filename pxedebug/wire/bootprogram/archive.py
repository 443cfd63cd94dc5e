"""Archives, file systems and other data that is loaded rather than run: by their magic numbers."""

from __future__ import annotations

import struct

from pxedebug.wire.bootprogram.program import Program, printable

__all__ = ["identify_archive"]

_MAGICS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xfd7zXZ\0", "xz", "xz compressed"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstd compressed"),
    (b"\x04\x22\x4d\x18", "lz4", "lz4 frame"),
    (b"\x02\x21\x4c\x18", "lz4", "lz4 legacy, as Linux initrds use it"),
    (b"\x5d\0\0", "lzma", "lzma compressed"),
    (b"\x89LZO\0\r\n\x1a\n", "lzo", "lzop compressed"),
    (b"070701", "cpio", "cpio archive (newc)"),
    (b"070702", "cpio", "cpio archive (newc with checksums)"),
    (b"070707", "cpio", "cpio archive (old)"),
    (b"\xc7\x71", "cpio", "cpio archive (binary)"),
    (b"$SDI", "sdi", "Windows system deployment image (boot.sdi)"),
    (b"PK\3\4", "zip", "zip archive"),
)
"""First bytes, type and detail of what needs no further look."""


def identify_archive(head: bytes) -> Program | None:
    """An archive, image or hive; None for other bytes."""
    if head[:3] == b"\x1f\x8b\x08":
        return _gzip(head)
    if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return Program("bzip2", "bzip2 compressed")
    if head[:8] == b"MSWIM\0\0\0" and len(head) >= 208:
        return _wim(head)
    if head[:4] == b"regf":
        return _hive(head)
    if head[:4] in (b"hsqs", b"sqsh") and len(head) >= 96:
        return _squashfs(head)
    if head[:4] == b"\xd0\x0d\xfe\xed" and len(head) >= 8:
        return Program("fit-or-dtb", _tree(head), None, None, None, int.from_bytes(head[4:8]))
    return next((Program(kind, detail) for magic, kind, detail in _MAGICS if head.startswith(magic)), None)


def _gzip(head: bytes) -> Program:
    """RFC 1952 section 2.3; the name, where there is one, comes first unless an extra field precedes it."""
    flags = head[3] if len(head) > 3 else 0
    name = printable(head[10:266]) if flags & 0x08 and not flags & 0x04 else ""
    return Program("gzip", "gzip compressed" + (f" '{name}'" if name else ""))


def _wim(head: bytes) -> Program:
    """Windows Imaging Format: the header's resource entries say where the file's parts end ([MS-WIM] header)."""
    end = 208
    for at in (0x30, 0x48, 0x60, 0x7C):
        size = int.from_bytes(head[at : at + 7], "little")
        start = int.from_bytes(head[at + 8 : at + 16], "little")
        end = max(end, start + size if size else 0)
    images = int.from_bytes(head[0x2C:0x30], "little")
    return Program("wim", f"Windows image, {images} image{'' if images == 1 else 's'}", declared_size=end)


def _hive(head: bytes) -> Program:
    """A registry hive: 4096 bytes of header and the hive bins, whose size stands at 0x28; the name is UTF-16."""
    name = head[0x30:0x70].decode("utf-16-le", "ignore").partition("\0")[0]
    words = printable(name.encode("utf-8"))
    bins = int.from_bytes(head[0x28:0x2C], "little") if len(head) >= 0x2C else 0
    size = 4096 + bins if bins else None
    return Program("registry-hive", "Windows registry hive" + (f" '{words}'" if words else ""), declared_size=size)


def _squashfs(head: bytes) -> Program:
    """The superblock's bytes_used (Linux fs/squashfs/squashfs_fs.h)."""
    order = "<" if head[:4] == b"hsqs" else ">"
    (used,) = struct.unpack_from(order + "Q", head, 40)
    return Program("squashfs", "squashfs file system", declared_size=used if used >= 96 else None)


def _tree(head: bytes) -> str:
    """A flattened image tree has a node `images`; a device tree for a board does not."""
    return "U-Boot FIT image" if b"images\0" in head and b"timestamp\0" in head[-32768:] else "device tree or FIT image"
