"""The table of formats: complete, invertible, and silent about nothing."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp import (
    Undecoded,
    build_message,
    decode_message,
    decode_option,
    encode_option,
    option_codec,
)
from pxedebug.wire.dhcp.names import OPTION_NAMES
from pxedebug.wire.dhcp.registry import CODECS

IMPORTANT = [
    1, 3, 6, 12, 13, 15, 17, 26, 28, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 66, 67, 77, 81, 82, 93, 94, 97,
    116, 118, 119, 121, 125, 150, 175, 201, 202, 203, 208, 209, 210, 211, 220, 221, 249, 250, 252,
]  # fmt: skip


@pytest.mark.parametrize("code", IMPORTANT)
def test_options_of_a_network_boot_have_a_format_and_a_name(code: int) -> None:
    assert code in CODECS
    assert code in OPTION_NAMES


@pytest.mark.parametrize(
    ("code", "raw", "value", "text"),
    [
        (1, b"\xff\xff\xff\x00", IPv4Address("255.255.255.0"), "255.255.255.0"),
        (2, b"\xff\xff\xf1\xf0", -3600, "-3600 s"),
        (13, b"\x01\x00", 256, "256 blocks of 512 bytes"),
        (26, b"\x05\xdc", 1500, "1500 bytes"),
        (51, b"\xff\xff\xff\xff", 0xFFFFFFFF, "4294967295 (infinite)"),
        (51, b"\x00\x00\x0e\x10", 3600, "3600 s"),
        (52, b"\x03", 3, "3 (options in file and sname)"),
        (53, b"\x02", 2, "2 (OFFER)"),
        (55, b"\x01\x43", (1, 67), "1 Subnet mask, 67 Boot file name"),
        (80, b"", True, "present"),
        (116, b"\x01", 1, "1 (configure yourself)"),
        (208, b"\xf1\x00\x74\x7e", b"\xf1\x00\x74\x7e", "f100747e (PXELINUX)"),
        (211, b"\x00\x00\x00\x1e", 30, "30 s"),
    ],
)
def test_values_and_their_words(code: int, raw: bytes, value: object, text: str) -> None:
    assert decode_option(code, raw) == value
    assert option_codec(code).text(value) == text
    assert encode_option(code, value) == raw


def test_bytes_that_do_not_fit_stay_with_a_reason() -> None:
    value = decode_option(51, b"\x01")
    assert value == Undecoded(b"\x01", "1 bytes where the format has 4")
    assert encode_option(51, value) == b"\x01"
    line = decode_message(build_message([(51, b"\x01")])).describe()[0]
    assert line.text == "01 [1 bytes where the format has 4]"


def test_codes_128_to_135_are_opaque_and_readable() -> None:
    line = decode_message(build_message([(128, b"LTSP")])).describe()[0]
    assert line.text == "4c545350 (LTSP)"


@given(st.integers(1, 254), st.binary(max_size=80), st.sampled_from([None, b"PXEClient"]))
def test_any_bytes_decode_or_are_malformed(code: int, raw: bytes, vendor_class: bytes | None) -> None:
    codec = option_codec(code, vendor_class)
    try:
        value = codec.decode(raw)
    except MalformedFrame:
        return
    codec.text(value).encode()
    for line in codec.lines(value):
        line.text.encode()
    # Other bytes may mean the same (compressed names, host bits of a route), but meaning never changes.
    assert codec.decode(codec.encode(value)) == value


CANONICAL = [code for code in range(1, 255) if code not in {88, 119, 120, 121, 137, 141, 213, 249}]


@given(st.sampled_from(CANONICAL), st.binary(max_size=80))
def test_encoding_gives_back_every_byte(code: int, raw: bytes) -> None:
    value = decode_option(code, raw, b"PXEClient")
    assert encode_option(code, value, b"PXEClient") == raw
