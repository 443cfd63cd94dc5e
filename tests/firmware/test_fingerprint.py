"""Each program is known by one of its own messages, and everything else is no boot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.firmware.classes import CUT_SHORT
from pxedebug.firmware.fingerprint import Fingerprint, carries_class, classify, is_boot_client
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.wire.dhcp import decode_message
from tests.firmware.messages import BIOS_CLASS, GUID, UEFI_CLASS, UNDI_2, UNDI_3, Options, client

PI = bytes.fromhex("dca632010203")


def pxe(vendor_class: bytes, arch: int, interface: bytes = UNDI_3, *more: tuple[int, bytes]) -> Options:
    return [
        (53, b"\1"),
        (57, b"\5\xc0"),
        (97, GUID),
        (94, interface),
        (93, arch.to_bytes(2, "big")),
        (60, vendor_class),
        *more,
    ]


def verdict(options: Options, **header: object) -> tuple[Program, StageKind, Method | None, int | None]:
    found = classify(client(options, **header))  # type: ignore[arg-type]
    return found.program, found.kind, found.method, found.architecture


def test_a_bios_rom_and_uefi_differ_by_architecture() -> None:
    assert verdict(pxe(BIOS_CLASS, 0, UNDI_2)) == (Program.INTEL_ROM, StageKind.FIRMWARE, Method.PXE_V4, 0)
    assert verdict(pxe(UEFI_CLASS, 7)) == (Program.EDK2, StageKind.FIRMWARE, Method.PXE_V4, 7)


@pytest.mark.parametrize("arch", [6, 7, 9, 11, 0x1B, 0x27])
def test_every_uefi_processor_runs_edk2(arch: int) -> None:
    assert verdict(pxe(b"PXEClient:Arch:%05d:UNDI:003000" % arch, arch))[0] is Program.EDK2


def test_http_boot_is_a_method_of_its_own() -> None:
    found = verdict(pxe(b"HTTPClient:Arch:00016:UNDI:003000", 16))
    assert found == (Program.EDK2_HTTP, StageKind.FIRMWARE, Method.HTTP_V4, 16)


@pytest.mark.parametrize("user_class", [b"iPXE", b"gPXE", b"\x04iPXE", b"\x03foo\x04iPXE"])
def test_ipxe_says_so_in_option_77_in_either_form(user_class: bytes) -> None:
    options = pxe(BIOS_CLASS, 0, UNDI_2, (77, user_class))
    assert verdict(options) == (Program.IPXE, StageKind.IPXE, Method.PXE_V4, 0)


def test_ipxe_with_another_user_class_is_known_by_option_175() -> None:
    options = pxe(UEFI_CLASS, 7, UNDI_3, (77, b"\x07kickoff"), (175, b"\x13\x01\x01"))
    assert verdict(options)[:2] == (Program.IPXE, StageKind.IPXE)


def test_ipxe_asking_port_4011_names_only_the_class() -> None:
    options: Options = [
        (53, b"\3"),
        (93, b"\0\0"),
        (94, UNDI_2),
        (60, b"PXEClient"),
        (77, b"iPXE"),
        (175, b"\x13\x01\x01"),
    ]
    assert verdict(options) == (Program.IPXE, StageKind.IPXE, Method.PXE_V4, 0)


def test_u_boot_names_itself() -> None:
    options: Options = [(53, b"\1"), (57, b"\2\x40"), (93, b"\0\x16"), (94, b"\1\0\0"), (60, b"U-Boot.armv8")]
    assert verdict(options) == (Program.U_BOOT, StageKind.U_BOOT, Method.PXE_V4, 0x16)


def test_u_boots_efi_method_is_told_from_edk2_by_its_interface_version() -> None:
    options: Options = [
        (53, b"\1"), (57, b"\2\x40"), (93, b"\0\x0b"), (94, b"\1\0\0"), (60, b"PXEClient:Arch:00011:UNDI:003000"),
    ]  # fmt: skip
    assert verdict(options)[:2] == (Program.U_BOOT, StageKind.U_BOOT)


def test_a_raspberry_pi_is_known_by_address_block_or_guid() -> None:
    assert verdict(pxe(BIOS_CLASS, 0, UNDI_2), mac=PI)[0] is Program.RASPBERRY_PI
    fours = [option for option in pxe(BIOS_CLASS, 0, UNDI_2) if option[0] != 97]
    assert verdict([*fours, (97, b"\0" + b"\x44" * 16)])[0] is Program.RASPBERRY_PI
    assert verdict([*fours, (97, b"\0RPi4" + bytes(12))])[0] is Program.RASPBERRY_PI


def test_uefi_on_a_raspberry_pi_is_uefi() -> None:
    assert verdict(pxe(b"PXEClient:Arch:00011:UNDI:003000", 11), mac=PI)[0] is Program.EDK2


def test_a_windows_loader_negotiates_in_option_250() -> None:
    options = pxe(BIOS_CLASS, 0, UNDI_2, (250, b"\x0d\x02\x08\x00\xff"))
    assert verdict(options) == (Program.WINDOWS_LOADER, StageKind.FIRMWARE, Method.PXE_V4, 0)


def test_apple_netboot_is_a_boot_without_a_method() -> None:
    found = classify(client([(53, b"\x08"), (60, b"AAPLBSDPC/i386/Macmini3,1"), (43, b"\1\1\1")]))
    assert (found.program, found.method) == (Program.APPLE, None)
    assert is_boot_client(found)


@pytest.mark.parametrize(
    "vendor_class",
    [
        b"MSFT 5.0",
        b"dhcpcd-6.10.1:Linux-4.9.57",
        b"udhcp 1.36.1",
        b"anaconda-Linux 6.1",
        b"d-i",
        b"Cisco Systems, Inc. IP Phone",
    ],
)
def test_systems_phones_and_installers_are_no_boot(vendor_class: bytes) -> None:
    found = classify(client([(53, b"\1"), (60, vendor_class), (55, b"\1\3\6")]))
    assert found == Fingerprint(Program.OS, StageKind.OS, None, None)
    assert not is_boot_client(found)


def test_an_installer_that_repeats_the_firmwares_architecture_stays_a_system() -> None:
    assert verdict(pxe(b"anaconda-Linux 6.1.0 x86_64", 7))[1] is StageKind.OS


def test_a_client_without_any_tell_is_unknown_and_no_boot() -> None:
    found = classify(client([(53, b"\1"), (61, b"\1" + PI), (55, b"\1\3\6"), (12, b"printer")]))
    assert (found.program, found.kind) == (Program.UNKNOWN, StageKind.OS)


def test_boot_tells_without_a_class_are_firmware() -> None:
    found = classify(client([(53, b"\1"), (93, b"\0\x0e"), (55, b"\1\3\6")]))
    assert (found.program, found.kind, found.architecture) == (Program.UNKNOWN, StageKind.FIRMWARE, 0x0E)
    assert is_boot_client(found)


def test_the_class_gives_the_architecture_where_option_93_is_missing() -> None:
    assert verdict([(53, b"\1"), (60, UEFI_CLASS)])[3] == 7
    assert verdict([(53, b"\1"), (60, b"PXEClient:Arch:banana:UNDI")])[3] is None
    assert verdict([(53, b"\1"), (60, b"PXEClient:Arch:99999")])[3] is None


def test_grub_copies_the_clock_into_xid_and_secs() -> None:
    found = classify(client([(53, b"\1")], xid=0x65A1B2C3, secs=0xB2C3))
    assert (found.program, found.kind, found.method) == (Program.GRUB, StageKind.GRUB, None)
    assert is_boot_client(found)
    assert classify(client([(53, b"\1")], xid=0x65A1B2C3, secs=4)).program is Program.UNKNOWN
    request: Options = [(53, b"\3"), (54, bytes(4)), (50, bytes(4)), (55, bytes((1, 3, 6, 15, 12, 17, 18)))]
    assert classify(client(request)).program is Program.GRUB


def test_bootp_counts_as_a_boot_when_it_names_a_file() -> None:
    assert is_boot_client(classify(client([], file=b"vxWorks", magic=False)))
    assert not is_boot_client(classify(client([], magic=False)))
    assert classify(client([], magic=False, xid=0x65A1B2C3, secs=0xB2C3)).program is Program.GRUB


def test_a_bootp_request_cut_by_the_snap_length_is_not_judged() -> None:
    whole = client([], file=b"vxWorks", magic=False).payload
    assert not is_boot_client(classify(decode_message(whole[:200])))


def test_decline_and_release_say_nothing_about_their_sender() -> None:
    assert not carries_class(client([(53, b"\4"), (54, bytes(4))]))
    assert not carries_class(client([(53, b"\7"), (54, bytes(4))]))
    assert carries_class(client([(53, b"\1")]))


@given(st.binary(min_size=44, max_size=700))
def test_any_bytes_get_a_fingerprint(payload: bytes) -> None:
    try:
        message = decode_message(b"\1\1\6" + payload)
    except MalformedFrame:
        return
    found = classify(message)
    assert found == classify(decode_message(b"\1\1\6" + payload))
    assert is_boot_client(found) is (found.kind is not StageKind.OS and found != CUT_SHORT)


@given(st.dictionaries(st.sampled_from([60, 77, 93, 94, 97, 175, 250]), st.binary(max_size=300)))
def test_any_option_values_get_a_fingerprint(options: dict[int, bytes]) -> None:
    found = classify(client([(53, b"\1"), *((code, value[:255]) for code, value in options.items())]))
    assert found.architecture is None or 0 <= found.architecture <= 0xFFFF
    assert (found.kind is StageKind.OS) <= (found.method is None)


def test_a_message_that_was_cut_before_its_class_may_be_anybodys() -> None:
    whole = client(pxe(UEFI_CLASS, 7)).payload
    for length in (54, 240, 250):
        found = classify(decode_message(whole[:length], len(whole)))
        assert (found.kind, found.method) == (StageKind.FIRMWARE, None)
        assert not is_boot_client(found)
    assert is_boot_client(classify(decode_message(whole[:-1], len(whole)))), "the class is there"
