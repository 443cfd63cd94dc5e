from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.bootprogram.pe import identify_pe, read_pe
from pxedebug.wire.bootprogram.program import Program
from tests.wire.bootprogram.images import pe


def test_an_unsigned_efi_application() -> None:
    assert identify_pe(pe()) == Program("pe", "x64, EFI application", 0x8664, 10, False, 0x1400)


def test_a_signed_program_ends_with_its_certificates() -> None:
    program = identify_pe(pe(0xAA64, certificates=(0x1400, 0x800)))
    assert program == Program("pe", "ARM64, EFI application, signed", 0xAA64, 10, True, 0x1C00)


def test_a_32_bit_program() -> None:
    program = identify_pe(pe(0x014C, subsystem=11, plus=False))
    assert program == Program("pe", "x86, EFI boot service driver", 0x014C, 11, False, 0x1400)


def test_sections_without_data_in_the_file_do_not_count() -> None:
    header = read_pe(pe(sections=((0x400, 0x200), (0, 0x100000), (0x100000, 0))))
    assert header is not None
    assert header.declared_size == 0x600


def test_numbers_that_nobody_defined_are_shown() -> None:
    program = identify_pe(pe(0x1234, subsystem=99))
    assert program is not None
    assert program.detail == "machine 0x1234, subsystem 99"


def test_a_head_cut_before_the_section_table_tells_no_size() -> None:
    header = read_pe(pe()[:-1])
    assert header is not None
    assert (header.machine, header.signed, header.declared_size) == (0x8664, False, None)


@pytest.mark.parametrize("cut", [88, 90, 200])
def test_a_head_cut_in_the_optional_header_still_tells_the_machine(cut: int) -> None:
    header = read_pe(pe()[:cut])
    assert header is not None
    assert (header.machine, header.subsystem, header.signed) in ((0x8664, None, None), (0x8664, 10, None))


def test_names_of_programs_are_found() -> None:
    program = identify_pe(pe() + b"\0\0iPXE 1.21.1\0")
    assert program is not None
    assert program.detail.endswith("iPXE")


def test_a_compressed_kernel_is_named() -> None:
    image = pe()
    program = identify_pe(image[:4] + b"zimg" + image[8:])
    assert program is not None
    assert program.detail.endswith("compressed Linux kernel")


def test_a_dos_program_is_no_pe_image() -> None:
    assert identify_pe(b"MZ" + bytes(100)) == Program("data", "MZ executable without PE header")
    assert identify_pe(b"MZ") is None
    assert identify_pe(b"ZM" + bytes(100)) is None


@given(st.integers(0, 400), st.binary(max_size=12))
def test_forged_headers_give_a_header_or_none(at: int, damage: bytes) -> None:
    image = pe(certificates=(0x1400, 0x800))
    read_pe(image[:at] + damage + image[at + len(damage) :])
