"""Numbers, addresses, text and lists."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import (
    AddressesOrTextCodec,
    AddressListCodec,
    AddressPairsCodec,
    EmptyCodec,
    FlagCodec,
    IntegerCodec,
    IntegerListCodec,
    OpaqueCodec,
    TextCodec,
)

FIRST, SECOND = IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")


def test_text_drops_trailing_nuls_and_keeps_the_bytes() -> None:
    value = TextCodec().decode(b"pxelinux.0\0\0")
    assert value == "pxelinux.0"
    assert value.raw == b"pxelinux.0\0\0"
    assert TextCodec().encode(value) == b"pxelinux.0\0\0"
    assert TextCodec().encode("pxelinux.0") == b"pxelinux.0"


def test_text_that_is_no_utf_8_is_shown_as_escapes() -> None:
    assert TextCodec().decode(b"a\xffb") == "a\\xffb"


def test_address_lists() -> None:
    assert AddressListCodec().decode(FIRST.packed + SECOND.packed) == (FIRST, SECOND)
    assert AddressListCodec().text((FIRST, SECOND)) == "10.0.0.1, 10.0.0.2"
    assert AddressListCodec(may_be_empty=True).decode(b"") == ()
    for raw in (b"", b"\x0a", b"\x0a\x00\x00\x01\x0a"):
        with pytest.raises(MalformedFrame):
            AddressListCodec().decode(raw)


def test_address_pairs() -> None:
    codec = AddressPairsCodec("via")
    assert codec.decode(FIRST.packed + SECOND.packed) == ((FIRST, SECOND),)
    assert codec.text(((FIRST, SECOND),)) == "10.0.0.1 via 10.0.0.2"
    assert codec.encode(((FIRST, SECOND),)) == FIRST.packed + SECOND.packed
    with pytest.raises(MalformedFrame):
        codec.decode(FIRST.packed)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (FIRST.packed, (FIRST,)),
        (b"/nfs", (IPv4Address("47.110.102.115"),)),
        (FIRST.packed + SECOND.packed, (FIRST, SECOND)),
        (b"/boot/grub/menu", "/boot/grub/menu"),
        (b"(nd)/grub.lst", "(nd)/grub.lst"),
        (b"74.213.137.138\0", "74.213.137.138"),
        (b"192.168.12.1", "192.168.12.1"),
        (b"dddd", (IPv4Address("100.100.100.100"),)),
        (b"ddddeeee", (IPv4Address("100.100.100.100"), IPv4Address("101.101.101.101"))),
    ],
)
def test_option_150_holds_addresses_or_text(raw: bytes, value: object) -> None:
    codec = AddressesOrTextCodec()
    decoded = codec.decode(raw)
    assert decoded == value
    assert codec.encode(decoded) == raw
    assert codec.text(decoded)


def test_flags_are_0_or_1() -> None:
    assert FlagCodec().decode(b"\x01") is True
    assert FlagCodec().text(False) == "no"
    for raw in (b"\x02", b"", b"\x00\x00"):
        with pytest.raises(MalformedFrame):
            FlagCodec().decode(raw)


def test_numbers() -> None:
    assert IntegerCodec(1, signed=True).decode(b"\xff") == -1
    assert IntegerCodec(2, names={6: "DNS"}).text(6) == "6 (DNS)"
    assert IntegerListCodec(2, names={6: "DNS"}).text((6, 7)) == "6 (DNS), 7"
    assert IntegerListCodec(4).encode((1, 2)) == b"\0\0\0\x01\0\0\0\x02"
    for raw in (b"", b"\x01\x02\x03"):
        with pytest.raises(MalformedFrame):
            IntegerListCodec(2).decode(raw)


def test_empty_and_opaque() -> None:
    with pytest.raises(MalformedFrame):
        EmptyCodec().decode(b"\x00")
    assert EmptyCodec().encode(True) == b""
    assert OpaqueCodec().text(b"") == "empty"
    assert OpaqueCodec().text(b"\x00\x01") == "0001"
    assert OpaqueCodec().text(b"ab\0") == "616200 (ab)"
