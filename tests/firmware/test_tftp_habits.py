"""Requests are told apart by their options, and the size probe by its shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.firmware.programs import Program
from pxedebug.firmware.tftp_habits import (
    PROBE_ABORTS,
    classify_request,
    is_boot_like,
    is_probe_abort,
    is_size_probe,
)

Options = tuple[tuple[bytes, bytes], ...]


def asked(text: str) -> Options:
    """`tsize 0, blksize 1468` as the options of a request."""
    pairs = (part.split() for part in text.split(",") if part.strip())
    return tuple((name.encode(), value.encode()) for name, value in pairs)


@pytest.mark.parametrize(
    ("options", "file", "program"),
    [
        ("tsize 0, blksize 1468, windowsize 4", b"snponly.efi", Program.EDK2),
        ("blksize 1468, windowsize 4", b"snponly.efi", Program.EDK2),
        ("tsize 0, blksize 1228, windowsize 4", b"bootx64.efi", Program.EDK2),
        ("blksize 512, windowsize 4", b"grubx64.efi", Program.EDK2),
        ("tsize 0, blksize 1468", b"bootx64.efi", Program.EDK2),
        ("tsize 0", b"ipxe.pxe", Program.INTEL_ROM),
        ("blksize 1456", b"boot", Program.INTEL_ROM),
        ("blksize 1432, tsize 0", b"undionly.kpxe", Program.IPXE),
        ("BLKSIZE 1432, TSIZE 0", b"undionly.kpxe", Program.IPXE),
        ("tsize 0, blksize 1408", b"pxelinux.cfg/default", Program.PXELINUX),
        ("blksize 1024, tsize 0", b"/boot/grub/grub.cfg", Program.GRUB),
        ("timeout 5, blksize 1468", b"uImage", Program.U_BOOT),
        ("timeout 5, tsize 0, blksize 1468, windowsize 1", b"uImage", Program.U_BOOT),
        ("tsize 0, blksize 16384, windowsize 8", b"\\Boot\\BCD", Program.WINDOWS_LOADER),
        ("tsize 0, blksize 4096, windowsize 4", b"boot.wim", Program.WINDOWS_LOADER),
        ("", b"pxelinux.cfg/01-52-54-00-77-00-10", Program.PXELINUX),
        ("", b"8a3b1c9d/start4.elf", Program.RASPBERRY_PI),
        ("", b"grub.cfg-0A4D0073", Program.GRUB),
    ],
)
def test_each_program_asks_in_its_own_way(options: str, file: bytes, program: Program) -> None:
    assert classify_request(asked(options), file) is program


@pytest.mark.parametrize(
    "options",
    ["", "tsize 0, blksize 512, timeout 5", "blksize 256", "tsize 2218", "tsize 0, blksize 8192, windowsize 4"],
)
def test_other_clients_stay_unknown(options: str) -> None:
    assert classify_request(asked(options), b"aa.txt") is None


def test_only_edk2_and_intels_rom_probe_for_the_size() -> None:
    assert is_size_probe(asked("tsize 0, blksize 1468, windowsize 4"))
    assert is_size_probe(asked("tsize 0"))
    assert not is_size_probe(asked("blksize 1468, windowsize 4"))
    assert not is_size_probe(asked("blksize 1432, tsize 0"))
    assert not is_size_probe(asked("tsize 0, blksize 1408"))
    assert not is_size_probe(())


def test_how_a_probe_ends() -> None:
    assert is_probe_abort(8, b"User aborted the transfer")
    assert is_probe_abort(0, b"TFTP Aborted")
    assert not is_probe_abort(0, b"Permission denied")
    assert not is_probe_abort(4, b"User aborted download")
    assert all(is_probe_abort(code, message) for code, message in PROBE_ABORTS)


def test_a_boot_is_seen_without_dhcp_by_name_or_options() -> None:
    assert is_boot_like(b"pxelinux.0")
    assert is_boot_like(b"boot", asked("tsize 0"))
    assert is_boot_like(b"board.bin", asked("timeout 5, blksize 1468"))
    assert not is_boot_like(b"boot")
    assert not is_boot_like(b"startup.cfg", asked("tsize 2218, blksize 512, timeout 5"))
    assert not is_boot_like(b"image.bin", asked("timeout 5, blksize 512"))


@given(
    st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=6)), max_size=6).map(tuple), st.binary(max_size=80)
)
def test_any_request_gets_an_answer(options: Options, file: bytes) -> None:
    program = classify_request(options, file)
    assert program is None or program in Program
    assert is_size_probe(options) in (True, False)
    assert is_boot_like(file, options) in (True, False)
