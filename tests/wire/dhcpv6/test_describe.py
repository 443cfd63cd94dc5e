from __future__ import annotations

from ipaddress import IPv6Address

import pytest

from pxedebug.wire.dhcpv6.describe import option_lines, relay_line
from tests.wire.dhcpv6.test_message import address_option, option

MAC = bytes.fromhex("525400770020")


@pytest.mark.parametrize(
    ("code", "data", "text"),
    [
        (1, b"\0\3\0\1" + MAC, "LL, hardware type 1, 52:54:00:77:00:20"),
        (1, b"\0\1\0\1" + bytes(4) + MAC, "LLT, hardware type 1, 52:54:00:77:00:20"),
        (2, b"\0\2\0\0\1\x57\xab", "EN, enterprise 343, ab"),
        (1, b"\0\4" + bytes(range(16)), "UUID 00010203-0405-0607-0809-0a0b0c0d0e0f"),
        (6, b"\0\x3b\xff\xff", "59 Boot File URL, 65535 Option 65535"),
        (8, b"\x01\x90", "4.00 s"),
        (13, b"\0\2none left", "2 NoAddrsAvail: none left"),
        (14, b"", "yes"),
        (15, b"\0\4iPXE", "iPXE"),
        (16, b"\0\0\1\x57\0\x03abc", "enterprise 343: abc"),
        (23, IPv6Address("2001:db8::35").packed, "2001:db8::35"),
        (24, b"\3lab\7example\0\1x\0", "lab.example, x"),
        (32, b"\xff\xff\xff\xff", "infinite"),
        (37, b"\0\0\0\x09ab", "enterprise 9: 6162"),
        (39, b"\1\2pc", "flags 0x01, pc"),
        (59, b"http://[::1]/\xff", "http://[::1]/\\xff"),
        (60, b"\0\x03340", "340"),
        (61, b"\0\x07\0\x10", "7, 16"),
        (62, b"\1\3\x10", "UNDI 3.16"),
        (79, b"\0\1" + MAC, "hardware type 1, 52:54:00:77:00:20"),
        (999, b"\x01\x02", "0102"),
        (999, b"", "(empty)"),
    ],
)
def test_values_in_words(code: int, data: bytes, text: str) -> None:
    assert option_lines(((code, data),))[0].text == text


@pytest.mark.parametrize("code", [1, 6, 8, 13, 16, 23, 24, 37, 60, 61, 62, 79])
def test_data_of_the_wrong_shape_is_shown_as_bytes(code: int) -> None:
    assert option_lines(((code, b"\x05"),))[0].text == "05"


def test_options_inside_options_are_children() -> None:
    inner = address_option("fd77::1c5", option(13, b"\0\0"))
    (line,) = option_lines(((3, bytes.fromhex("ab391716") + bytes(8) + inner),))
    assert line.text == "IAID 0xab391716, T1 0 s, T2 0 s"
    (address,) = line.children
    assert address.text == "fd77::1c5, preferred 300 s, valid 600 s"
    assert address.children[0].text == "0 Success"


def test_a_cut_option_inside_an_option_is_noted() -> None:
    (line,) = option_lines(((4, bytes(4) + option(13, b"\0\0")[:-1]),))
    assert line.text == "IAID 0x00000000; option 13 holds 1 of 2 bytes"
    assert line.children == ()


def test_vendor_options_are_not_named_as_dhcpv6_options() -> None:
    (line,) = option_lines(((17, (343).to_bytes(4) + option(1, b"\1")),))
    assert line.text == "enterprise 343"
    assert [(child.code, child.name, child.text) for child in line.children] == [(1, "Sub-option 1", "01")]


def test_nesting_is_followed_to_a_fixed_depth() -> None:
    data = bytes(24)
    for _ in range(50):
        data = bytes(24) + option(5, data)
    lines, depth = option_lines(((5, data),)), 0
    while lines:
        lines, depth = lines[0].children, depth + 1
    assert depth < 10


def test_a_relay_is_a_line_with_its_options() -> None:
    line = relay_line(12, 0, IPv6Address("2001:db8::1"), IPv6Address("fe80::2"), ((18, b"e7"),))
    assert (line.code, line.name, line.text) == (9, "RELAY-FORW", "hop 0, link 2001:db8::1, peer fe80::2")
    assert line.children[0].name == "Interface-Id"
