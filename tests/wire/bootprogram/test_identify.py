from __future__ import annotations

import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.bootprogram import HEAD_BYTES, Program, identify
from tests.wire.bootprogram.images import bzimage, pe
from tests.wire.bootprogram.test_bios import CODE


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (pe(), "pe"),
        (bzimage(start=pe()[:0x1F0]), "bzimage"),
        (b"#!ipxe\n", "ipxe-script"),
        (CODE + b"PXELINUX 6.04\0", "pxelinux"),
        (gzip.compress(b"initrd", mtime=0), "gzip"),
        (b"070701" + b"0" * 104, "cpio"),
        (b"<html>", "html"),
        (b"words\n", "text"),
        (bytes(range(1, 90)), "data"),
    ],
    ids=["pe", "bzimage", "ipxe", "pxelinux", "gzip", "cpio", "html", "text", "data"],
)
def test_types(head: bytes, kind: str) -> None:
    assert identify(head).type == kind


@pytest.mark.parametrize(
    ("order", "bits", "number", "detail", "machine"),
    [
        ("<", 2, 62, "ELF 64-bit, x64", 0x8664),
        (">", 1, 20, "ELF 32-bit, machine 20", None),
        ("<", 1, 3, "ELF 32-bit, x86", 0x014C),
    ],
)
def test_elf_in_both_byte_orders(order: str, bits: int, number: int, detail: str, machine: int | None) -> None:
    head = b"\x7fELF" + bytes((bits, 2 if order == ">" else 1)) + bytes(10) + struct.pack(order + "HH", 2, number)
    assert identify(head) == Program("elf", detail, machine)


def test_an_empty_file_is_told_from_one_that_was_not_captured() -> None:
    assert identify(b"", 0).detail == "empty file"
    assert identify(b"", 1000).detail == "nothing of it was captured"


def test_only_the_head_is_looked_at() -> None:
    assert identify(bytes(HEAD_BYTES) + b"PXELINUX 6.04").type == "data"


_magics = st.sampled_from(
    (
        b"MZ",
        b"\x7fELF",
        b"\x1f\x8b\x08",
        b"MSWIM\0\0\0",
        b"regf",
        b"hsqs",
        b"\xd0\x0d\xfe\xed",
        b"\x27\x05\x19\x56",
        b"#!",
        b"",
    )
)


@given(_magics, st.binary(max_size=300), st.none() | st.integers(0, 2**40))
def test_any_bytes_give_a_program(magic: bytes, tail: bytes, size: int | None) -> None:
    program = identify(magic + tail, size)
    assert program.type
    assert program.detail.isascii()
    assert program.detail.isprintable()


@given(st.integers(0, 0x620), st.binary(max_size=16), st.integers(0, 4096))
def test_damaged_kernels_give_a_program(at: int, damage: bytes, end: int) -> None:
    image = bzimage(start=pe(certificates=(0x1400, 0x800))[:0x1F0])
    program = identify((image[:at] + damage + image[at + len(damage) :])[:end])
    assert program.detail.isprintable()
