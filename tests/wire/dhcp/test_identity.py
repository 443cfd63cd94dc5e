"""Who the client is: options 61, 77, 93, 94 and 97."""

from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp import ClientId, MachineId, NetworkInterfaceId, UserClass, decode_option, option_codec
from pxedebug.wire.dhcp.identity import duid_text

MAC = bytes.fromhex("525400770010")


def text(code: int, raw: bytes) -> str:
    codec = option_codec(code)
    return codec.text(codec.decode(raw))


def test_user_class_as_rfc_3004_has_it() -> None:
    raw = b"\x04iPXE\x03abc"
    assert decode_option(77, raw) == UserClass((b"iPXE", b"abc"), "rfc3004")
    assert text(77, raw) == "iPXE, abc"


@pytest.mark.parametrize("raw", [b"iPXE", b"gPXE", b"\x00", b"\x05iPXE", b"\x04iPXE\x00"])
def test_user_class_as_ipxe_sends_it(raw: bytes) -> None:
    assert decode_option(77, raw) == UserClass((raw,), "raw")
    assert text(77, raw).endswith("(bare text)")


def test_architectures() -> None:
    assert decode_option(93, b"\x00\x07\x00\x10") == (7, 16)
    assert text(93, b"\x00\x07\x00\x10") == "7 (x64 UEFI), 16 (x64 UEFI HTTP)"
    assert text(93, b"\x12\x34") == "4660 (architecture 4660)"
    with pytest.raises(MalformedFrame):
        option_codec(93).decode(b"\x07")


def test_interface() -> None:
    assert decode_option(94, b"\x01\x03\x10") == NetworkInterfaceId(1, 3, 16)
    assert text(94, b"\x01\x03\x10") == "UNDI 3.16"
    assert text(94, b"\x02\x01\x00") == "type 2 1.0"


def test_machine_id_in_both_orders() -> None:
    machine = decode_option(97, b"\x00" + bytes(range(16)))
    assert machine == MachineId(0, bytes(range(16)))
    assert machine.wire_order == "00010203-0405-0607-0809-0a0b0c0d0e0f"
    assert machine.windows_order == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    assert machine.meaningful


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"])
def test_machine_id_fillers(byte: bytes) -> None:
    assert text(97, b"\x00" + byte * 16).endswith("(a filler)")


@pytest.mark.parametrize(
    ("raw", "value", "words"),
    [
        (b"\x01" + MAC, ClientId(1, MAC), "52:54:00:77:00:10"),
        (
            b"\x00" + bytes(range(16)),
            ClientId(0, bytes(range(16))),
            "UUID 00010203-0405-0607-0809-0a0b0c0d0e0f",
        ),
        (b"cisco-0011", ClientId(ord("c"), b"isco-0011"), "cisco-0011"),
        (b"\x00name", ClientId(0, b"name"), "type 0, 6e616d65 (name)"),
        (
            b"\xff\x00\x77\x00\x10\x00\x03\x00\x01" + MAC,
            ClientId(255, b"\x00\x77\x00\x10\x00\x03\x00\x01" + MAC, 0x00770010, b"\x00\x03\x00\x01" + MAC),
            "IAID 0x00770010, DUID-LL 52:54:00:77:00:10 (hardware type 1)",
        ),
        (b"\xff\x01", ClientId(255, b"\x01"), "type 255, 01"),
    ],
)
def test_client_id(raw: bytes, value: ClientId, words: str) -> None:
    assert decode_option(61, raw) == value
    assert option_codec(61).encode(value) == raw
    assert text(61, raw) == words


@pytest.mark.parametrize(
    ("duid", "words"),
    [
        (b"\x00\x01\x00\x01\x00\x00\x00\x00" + MAC, "DUID-LLT 52:54:00:77:00:10 (hardware type 1)"),
        (b"\x00\x02\x00\x00\xab\x11\x01\x02", "DUID-EN enterprise 43793, 0102"),
        (b"\x00\x04" + bytes(16), "DUID-UUID 00000000-0000-0000-0000-000000000000"),
        (b"\x00\x04\x01", "DUID 000401"),
        (b"", "DUID empty"),
    ],
)
def test_duid_text(duid: bytes, words: str) -> None:
    assert duid_text(duid) == words


@pytest.mark.parametrize("code", [61, 77, 93, 94, 97])
def test_nothing_is_no_identity(code: int) -> None:
    with pytest.raises(MalformedFrame):
        option_codec(code).decode(b"")
