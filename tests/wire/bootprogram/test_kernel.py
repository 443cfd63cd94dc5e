from __future__ import annotations

import struct

import pytest

from pxedebug.wire.bootprogram.kernel import identify_kernel
from pxedebug.wire.bootprogram.program import Program
from tests.wire.bootprogram.images import bzimage, pe

UNPADDED = 15
"""Bytes by which a file may be shorter than the header's count of 16-byte units says."""


def identified(head: bytes) -> Program:
    program = identify_kernel(head)
    assert program is not None
    return program


def test_a_kernel_with_its_version() -> None:
    program = identified(bzimage())
    assert program.type == "bzimage"
    assert program.detail == "Linux kernel 6.1.0-50-amd64, boot protocol 2.15"
    assert program.declared_size == 5 * 512 + 64 * 16 - UNPADDED


def test_a_kernel_that_is_an_efi_program_too() -> None:
    program = identified(bzimage(start=pe(certificates=(0x1400, 0x800))[:0x1F0]))
    assert (program.type, program.machine, program.subsystem, program.signed) == ("bzimage", 0x8664, 10, True)
    assert program.detail.endswith("EFI stub x64, signed")
    assert program.declared_size is not None
    assert program.declared_size >= 5 * 512 + 64 * 16 - UNPADDED


@pytest.mark.parametrize(
    ("version", "detail"),
    [
        (b"iPXE 1.21.1\0", "iPXE 1.21.1"),
        (b"", "Linux bzImage"),
        (b"\x1b[31m\0", "\\x1b[31m"),
        (b"   \0", "Linux bzImage"),
    ],
)
def test_other_programs_that_wear_the_header(version: bytes, detail: str) -> None:
    assert identified(bzimage(version)).detail == f"{detail}, boot protocol 2.15"


def test_before_protocol_2_04_the_size_has_sixteen_bits() -> None:
    old = bytearray(bzimage(units=0xABCD0040))
    old[0x206:0x208] = b"\x03\x02"
    assert identified(bytes(old)).declared_size == 5 * 512 + 64 * 16 - UNPADDED


def test_flat_images_of_arm64_and_riscv() -> None:
    plain = bytes(56) + b"ARMd" + bytes(8)
    assert identified(plain) == Program("arm64-image", "Linux ARM64 Image", 0xAA64)
    assert identified(bytes(56) + b"RSC\x05" + bytes(8)).type == "riscv-image"
    efi = pe(0xAA64)
    stub = identified(efi[:56] + b"ARMd" + efi[60:])
    assert (stub.type, stub.machine, stub.subsystem) == ("arm64-image", 0xAA64, 10)
    assert stub.declared_size == 0x1400


def test_an_arm_zimage_tells_its_size() -> None:
    head = bytes(0x24) + struct.pack("<III", 0x016F2818, 0, 0x5000) + bytes(16)
    assert identified(head) == Program("zimage", "Linux ARM zImage", 0x01C4, None, None, 0x5000)


def test_a_u_boot_script() -> None:
    head = struct.pack(">IIIIIIIBBBB32s", 0x27051956, 0, 0, 100, 0, 0, 0, 5, 22, 6, 0, b"boot\nscript") + b"echo"
    assert identified(head) == Program("u-boot-image", "U-Boot script 'boot\\x0ascript'", 0xAA64, None, None, 164)


@pytest.mark.parametrize("length", [0, 4, 0x24, 60])
def test_heads_that_are_too_short_are_none(length: int) -> None:
    assert identify_kernel(bytes(length)) is None
    assert identify_kernel(b"\x27\x05\x19\x56"[:length]) is None
