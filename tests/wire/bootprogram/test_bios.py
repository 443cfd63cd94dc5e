from __future__ import annotations

import pytest

from pxedebug.wire.bootprogram.bios import identify_bios
from pxedebug.wire.bootprogram.program import Program

X86 = 0x014C
CODE = b"\xea\5\0\xc0\x07" + bytes(600)


def test_pxelinux_by_its_banner() -> None:
    head = CODE + b"\r\nPXELINUX 6.04 PXE 20200816 Copyright (C)\0"
    assert identify_bios(head, None) == Program("pxelinux", "PXELINUX 6.04 PXE 20200816 Copyright (C)", X86)
    iso = identify_bios(CODE + b"ISOLINUX 6.04 ETCD\0", None)
    assert iso is not None
    assert iso.type == "bios-boot-program"


@pytest.mark.parametrize(
    ("mark", "name"),
    [(b"PXE->EB:", "iPXE or gPXE"), (b"WDSNBP started", "Windows Deployment Services"), (b"GRUB ", "GRUB")],
)
def test_other_programs_by_the_strings_in_them(mark: bytes, name: str) -> None:
    program = identify_bios(CODE + mark, None)
    assert program is not None
    assert program.type == "bios-boot-program"
    assert program.detail.startswith(name)


def test_boot_sectors_and_option_roms() -> None:
    sector = identify_bios(bytes(510) + b"\x55\xaa", None)
    assert sector == Program("bios-boot-program", "boot sector or disk image", X86)
    rom = identify_bios(b"\x55\xaa\x40" + bytes(600), None)
    assert rom == Program("bios-boot-program", "option ROM", X86)


def test_code_that_nothing_names_counts_only_while_it_fits_below_640_kib() -> None:
    assert identify_bios(CODE, 30000) == Program("bios-boot-program", "flat x86 code by its first instruction")
    assert identify_bios(CODE, 10_000_000) is None


def test_strings_in_other_data_prove_nothing() -> None:
    assert identify_bios(b"\x01\x02" + bytes(600) + b"GRUB", None) is None
    assert identify_bios(b"", None) is None
