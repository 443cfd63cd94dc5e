"""Option 43 of PXE."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.dhcp import (
    BootItem,
    BootServer,
    DiscoveryControl,
    MenuItem,
    MenuPrompt,
    MtftpPort,
    MulticastAllocation,
    PxeVendorOptions,
    Undecoded,
    boot_server_type_name,
    build_message,
    decode_message,
    decode_option,
)
from pxedebug.wire.dhcp.registry import PXE_VENDOR

MENU = (
    b"\x06\x01\x07"
    b"\x07\x04\xe0\x00\x01\x02"
    b"\x08\x0e"
    b"\x80\x00\x02\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x01\x00"
    b"\x09\x14\x80\x00\x07Install\x00\x00\x07Hard di"
    b"\x0a\x06\x0aPress"
    b"\xff"
)


def decode(raw: bytes) -> PxeVendorOptions:
    value = decode_option(43, raw, b"PXEClient:Arch:00000:UNDI:002001")
    assert isinstance(value, PxeVendorOptions)
    return value


def test_a_boot_menu() -> None:
    value = decode(MENU)
    assert value.discovery_control == (
        DiscoveryControl.NO_BROADCAST | DiscoveryControl.NO_MULTICAST | DiscoveryControl.LISTED_SERVERS_ONLY
    )
    assert value.multicast_address == IPv4Address("224.0.1.2")
    assert value.boot_servers == (
        BootServer(0x8000, (IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2"))),
        BootServer(1, ()),
    )
    assert value.boot_menu == (MenuItem(0x8000, b"Install"), MenuItem(0, b"Hard di"))
    assert value.menu_prompt == MenuPrompt(10, b"Press")
    assert value.end
    assert value.problems == ()


def test_its_words() -> None:
    lines = decode_message(build_message([(60, b"PXEClient"), (43, MENU)])).describe()[1].children
    assert {line.name: line.text for line in lines} == {
        "Discovery control": "7 (no broadcast discovery, no multicast discovery, only servers of the list)",
        "Discovery multicast address": "224.0.1.2",
        "Boot servers": "vendor type 32768: 10.0.0.1, 10.0.0.2; Microsoft RIS/WDS: any server",
        "Boot menu": '"Install" (vendor type 32768); "Hard di" (local boot)',
        "Menu prompt": '"Press" (10 s)',
    }


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [
        (b"\x02\x02\xde\x06", MtftpPort(b"\xde\x06"), "1758 little-endian, 56838 big-endian"),
        (b"\x06\x01\x00", DiscoveryControl(0), "0 (broadcast, multicast and listed servers)"),
        (b"\x06\x01\x08", DiscoveryControl.USE_BOOT_FILE, "8 (boot the named file at once)"),
        (b"\x0a\x01\x00", MenuPrompt(0, b""), '"" (takes the first item at once)'),
        (b"\x0a\x02\xffM", MenuPrompt(255, b"M"), '"M" (waits for a key)'),
        (
            b"\x0b\x08\xe0\x00\x00\x01\x00\x02\x00\x03",
            MulticastAllocation(IPv4Address("224.0.0.1"), 2, 3),
            "224.0.0.1, block 2, range 3",
        ),
        (b"\x47\x04\x80\x00\x00\x00", BootItem(0x8000, 0), "vendor type 32768, layer 0"),
        (b"\x47\x04\x00\x00\x80\x01", BootItem(0, 0x8001), "local boot, layer 1, credentials"),
        (b"\x01\x04\x00\x00\x00\x00", (IPv4Address("0.0.0.0"),), "0.0.0.0"),
    ],
)
def test_single_sub_options(raw: bytes, value: object, text: str) -> None:
    options = decode(raw)
    assert options.items[0].value == value
    line = PXE_VENDOR.lines(options)[0]
    assert line.text == text
    assert PXE_VENDOR.pair(options.items[0].code, value) == options.items[0]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\x06\x02\x08\x00", 6),
        (b"\x08\x02\x80\x00", 8),
        (b"\x08\x05\x80\x00\x01\x0a\x00", 8),
        (b"\x09\x04\x80\x00\x07I", 9),
        (b"\x0a\x00", 10),
        (b"\x47\x02\x80\x00", 71),
    ],
)
def test_a_sub_option_that_does_not_fit_spoils_only_itself(raw: bytes, code: int) -> None:
    value = decode(raw + b"\x40\x01x\xff")
    assert isinstance(value.value(code), Undecoded)
    assert (
        value.discovery_control is value.boot_servers is value.boot_menu is value.menu_prompt is value.boot_item is None
    )
    assert value.raw(64) == b"x"


def test_text_where_binary_belongs_is_told_with_its_place() -> None:
    value = decode(b"06010a")
    assert value.items == ()
    assert value.rest == b"06010a"
    assert value.problems == ("sub-option 48 at byte 0 runs past the option's 6 bytes",)


def test_boot_item_and_multicast_of_a_request() -> None:
    value = decode(b"\x47\x04\x80\x00\x00\x00\xff")
    assert value.boot_item == BootItem(0x8000, 0)
    assert value.multicast_address is None


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, "local boot"), (17, "reserved type 17"), (32768, "vendor type 32768"), (65535, "PXE API test server")],
)
def test_boot_server_types(number: int, name: str) -> None:
    assert boot_server_type_name(number) == name


@given(st.binary(max_size=120))
def test_any_bytes_come_back(raw: bytes) -> None:
    value = decode(raw)
    assert PXE_VENDOR.encode(value) == raw
    for line in PXE_VENDOR.lines(value):
        line.text.encode()
