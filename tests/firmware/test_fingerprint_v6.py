"""DHCPv6 clients by class, architecture, and the order of their options."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.firmware.fingerprint import carries_class, classify_v6, is_boot_client
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.wire.dhcpv6 import Dhcp6Message, decode_message

SOLICIT, REQUEST, RELEASE = 1, 3, 8
DUID = (1, bytes.fromhex("0003000152540077") + b"\0\x20")
ELAPSED, ADDRESS = (8, b"\0\0"), (3, bytes(12))
Options = list[tuple[int, bytes]]


def message(kind: int, options: Options) -> Dhcp6Message:
    body = b"".join(struct.pack("!HH", code, len(data)) + data for code, data in options)
    return decode_message(bytes((kind, 0, 0, 1)) + body)


def vendor_class(text: bytes) -> tuple[int, bytes]:
    return 16, struct.pack("!IH", 343, len(text)) + text


def oro(*codes: int) -> tuple[int, bytes]:
    return 6, struct.pack(f"!{len(codes)}H", *codes)


def boot_solicit(text: bytes, arch: int, *more: tuple[int, bytes]) -> Dhcp6Message:
    options = [DUID, ELAPSED, ADDRESS, oro(59, 60, 23, 16), (62, b"\1\3\0"), (61, struct.pack("!H", arch))]
    return message(SOLICIT, [*options, vendor_class(text), *more])


def test_pxe_and_http_over_ipv6() -> None:
    pxe = classify_v6(boot_solicit(b"PXEClient:Arch:00007:UNDI:003000", 7))
    assert (pxe.program, pxe.kind, pxe.method, pxe.architecture) == (Program.EDK2, StageKind.FIRMWARE, Method.PXE_V6, 7)
    http = classify_v6(boot_solicit(b"HTTPClient:Arch:00016:UNDI:003000", 16))
    assert (http.program, http.method, http.architecture) == (Program.EDK2_HTTP, Method.HTTP_V6, 16)


def test_ipxe_says_so_in_its_user_class() -> None:
    found = classify_v6(boot_solicit(b"PXEClient:Arch:00007:UNDI:003010", 7, (15, b"\0\4iPXE")))
    assert (found.program, found.kind, found.method) == (Program.IPXE, StageKind.IPXE, Method.PXE_V6)


def test_edk2_configuring_an_address_is_no_boot_by_itself() -> None:
    found = classify_v6(message(SOLICIT, [DUID, ELAPSED, ADDRESS, oro(23)]))
    assert (found.program, found.kind, found.method) == (Program.EDK2, StageKind.FIRMWARE, None)
    assert not is_boot_client(found)
    assert classify_v6(message(SOLICIT, [DUID, ADDRESS, oro(23), ELAPSED])).program is Program.UNKNOWN


def test_grub_writes_its_options_from_the_end() -> None:
    found = classify_v6(message(SOLICIT, [ADDRESS, DUID, ELAPSED]))
    assert (found.program, found.kind) == (Program.GRUB, StageKind.GRUB)
    request = [ELAPSED, oro(59, 23), ADDRESS, (2, DUID[1]), DUID]
    assert classify_v6(message(REQUEST, request)).program is Program.GRUB


def test_systems_are_no_boot() -> None:
    windows = classify_v6(
        message(SOLICIT, [ELAPSED, DUID, ADDRESS, (39, b"\0host"), vendor_class(b"MSFT 5.0"), oro(17, 23, 24)])
    )
    assert (windows.program, windows.kind) == (Program.OS, StageKind.OS)
    plain = classify_v6(message(SOLICIT, [DUID, oro(23, 24), ELAPSED, ADDRESS]))
    assert (plain.program, plain.kind) == (Program.UNKNOWN, StageKind.OS)


def test_release_says_nothing_about_its_sender() -> None:
    assert not carries_class(message(RELEASE, [DUID, ELAPSED, ADDRESS]))
    assert carries_class(message(SOLICIT, [DUID, ELAPSED, ADDRESS]))


@given(st.binary(max_size=300))
def test_any_bytes_get_a_fingerprint(payload: bytes) -> None:
    try:
        decoded = decode_message(payload)
    except MalformedFrame:
        return
    found = classify_v6(decoded)
    assert found.method in (None, Method.PXE_V6, Method.HTTP_V6)
