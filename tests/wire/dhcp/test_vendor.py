"""Options 124, 125, 220 and 221."""

from __future__ import annotations

import pytest

from pxedebug.wire.dhcp import (
    EnterpriseData,
    SubnetAllocation,
    SubnetSelection,
    Undecoded,
    build_message,
    decode_message,
    decode_option,
    encode_option,
    option_codec,
)


def test_vendor_identifying_class() -> None:
    raw = b"\x00\x00\x01\x57\x05Intel\x00\x00\x00\x09\x00"
    value = decode_option(124, raw)
    assert value == (EnterpriseData(343, b"Intel"), EnterpriseData(9, b""))
    assert encode_option(124, value) == raw
    assert option_codec(124).text(value) == "enterprise 343 (Intel): 496e74656c (Intel); enterprise 9 (Cisco): empty"


def test_vendor_identifying_options() -> None:
    raw = b"\x00\x00\x11\x8b\x06\x01\x04\x30\x31\x30\x32"
    line = decode_message(build_message([(125, raw)])).describe()[0]
    assert line.text == "enterprise 4491 (CableLabs): 1 sub-option"
    assert [(child.code, child.text) for child in line.children] == [(1, "30313032 (0102)")]
    assert encode_option(125, decode_option(125, raw)) == raw


@pytest.mark.parametrize("code", [124, 125])
@pytest.mark.parametrize("raw", [b"\x00", b"\x00\x00\x00\x01\x05ab"])
def test_an_entry_that_runs_over(code: int, raw: bytes) -> None:
    value = decode_option(code, raw)
    assert isinstance(value, Undecoded)
    assert value.reason == "the enterprise entry at byte 0 runs past the end"


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [
        (b"\x00red", SubnetSelection(0, b"red"), "VPN red"),
        (
            b"\x01\x00\x11\x22\x00\x00\x00\x05",
            SubnetSelection(1, b"\x00\x11\x22\x00\x00\x00\x05"),
            "VPN OUI 001122, index 5",
        ),
        (b"\xff", SubnetSelection(255, b""), "global VPN"),
        (b"\x07\x01", SubnetSelection(7, b"\x01"), "type 7, 01"),
    ],
)
def test_subnet_selection(raw: bytes, value: SubnetSelection, text: str) -> None:
    assert decode_option(221, raw) == value
    assert option_codec(221).text(value) == text


def test_subnet_allocation() -> None:
    value = decode_option(220, b"\x80\x03\x04blue\x04\x04\x00\x00\x0e\x10")
    assert isinstance(value, SubnetAllocation)
    assert value.flags == 0x80
    assert value.options.value(3) == "blue"
    assert value.options.value(4) == 3600
    assert option_codec(220).text(value) == "flags 0x80, 2 sub-options"
    assert isinstance(decode_option(220, b""), Undecoded)
