from __future__ import annotations

import bz2
import gzip
import lzma
import struct

import pytest

from pxedebug.wire.bootprogram.archive import identify_archive
from pxedebug.wire.bootprogram.program import Program


def identified(head: bytes) -> Program:
    program = identify_archive(head)
    assert program is not None
    return program


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (gzip.compress(b"x", mtime=0), "gzip"),
        (bz2.compress(b"x"), "bzip2"),
        (bz2.compress(b""), "bzip2"),
        (lzma.compress(b"x"), "xz"),
        (b"\x28\xb5\x2f\xfd\x24", "zstd"),
        (b"\x04\x22\x4d\x18\x64", "lz4"),
        (b"\x02\x21\x4c\x18\0", "lz4"),
        (b"070701000", "cpio"),
        (b"$SDI0001", "sdi"),
        (b"PK\3\4", "zip"),
    ],
    ids=["gzip", "bzip2", "empty bzip2", "xz", "zstd", "lz4", "old lz4", "cpio", "sdi", "zip"],
)
def test_magic_numbers(head: bytes, kind: str) -> None:
    assert identified(head).type == kind


def test_the_name_inside_a_gzip_file() -> None:
    assert identified(b"\x1f\x8b\x08\x08" + bytes(6) + b"initrd.img\0...").detail == "gzip compressed 'initrd.img'"
    assert identified(b"\x1f\x8b\x08").detail == "gzip compressed"


def test_a_windows_image_ends_with_its_last_resource() -> None:
    head = bytearray(208)
    head[:8] = b"MSWIM\0\0\0"
    struct.pack_into("<I", head, 0x2C, 2)
    struct.pack_into("<QQ", head, 0x30, 2 << 56 | 1000, 5000)
    struct.pack_into("<QQ", head, 0x48, 2 << 56 | 300, 6000)
    assert identified(bytes(head)) == Program("wim", "Windows image, 2 images", declared_size=6300)


def test_a_registry_hive_with_its_name() -> None:
    head = bytearray(512)
    head[:4] = b"regf"
    struct.pack_into("<I", head, 0x28, 0x3000)
    head[0x30:0x36] = "BCD".encode("utf-16-le")
    assert identified(bytes(head)) == Program("registry-hive", "Windows registry hive 'BCD'", declared_size=0x4000)
    assert identified(b"regf").declared_size is None


@pytest.mark.parametrize(("magic", "order"), [(b"hsqs", "<"), (b"sqsh", ">")])
def test_a_squashfs_tells_its_size_in_its_byte_order(magic: bytes, order: str) -> None:
    head = magic + bytes(36) + struct.pack(order + "Q", 123456) + bytes(60)
    assert identified(head) == Program("squashfs", "squashfs file system", declared_size=123456)


def test_trees() -> None:
    assert identified(b"\xd0\x0d\xfe\xed\0\0\x10\0" + bytes(40)) == Program(
        "fit-or-dtb", "device tree or FIT image", declared_size=4096
    )
    assert identified(b"\xd0\x0d\xfe\xed\0\0\x10\0images\0timestamp\0").detail == "U-Boot FIT image"


@pytest.mark.parametrize("head", [b"", b"BZh of text", b"MSWIM\0\0\0", b"hsqs", b"\xd0\x0d\xfe\xed"])
def test_other_bytes_are_none(head: bytes) -> None:
    assert identify_archive(head) is None
