"""Names and routes."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp import ClasslessRoute, ClientFqdn, decode_option, encode_option, option_codec
from pxedebug.wire.dhcp.network import decode_name


def text(code: int, raw: bytes) -> str:
    codec = option_codec(code)
    return codec.text(codec.decode(raw))


def test_search_list_with_a_pointer_as_rfc_3397_shows_it() -> None:
    raw = b"\x03eng\x05apple\x03com\x00\x09marketing\xc0\x04"
    value = decode_option(119, raw)
    assert value == ((b"eng", b"apple", b"com"), (b"marketing", b"apple", b"com"))
    assert text(119, raw) == "eng.apple.com, marketing.apple.com"
    assert decode_option(119, encode_option(119, value)) == value


@pytest.mark.parametrize("raw", [b"\xc0\x00", b"\x01a\xc0\x00", b"\x01a\xc0", b"\x05ab", b"\x41a", b"\xc0\x05\x00"])
def test_names_that_lead_nowhere(raw: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_name(raw, 0)


def test_a_name_longer_than_255_bytes() -> None:
    with pytest.raises(MalformedFrame):
        decode_name((b"\x3f" + b"a" * 63) * 5 + b"\x00", 0)


def test_pointers_cannot_multiply_without_end() -> None:
    label = b"\x01a" * 120 + b"\x00"
    with pytest.raises(MalformedFrame, match="more than 1000"):
        option_codec(119).decode(label + b"\xc0\x00" * 30000)


@given(st.binary(max_size=60), st.integers(0, 60))
def test_any_bytes_are_a_name_or_malformed(raw: bytes, start: int) -> None:
    try:
        labels, behind = decode_name(raw, start)
    except MalformedFrame:
        return
    assert start < behind <= len(raw)
    assert sum(len(label) + 1 for label in labels) <= 255


@pytest.mark.parametrize("code", [121, 249])
def test_routes(code: int) -> None:
    raw = b"\x18\x0a\x01\x02\x0a\x00\x00\x01\x00\x0a\x00\x00\x02\x20\x0a\x00\x00\x09\x00\x00\x00\x00"
    value = decode_option(code, raw)
    assert value == (
        ClasslessRoute(IPv4Address("10.1.2.0"), 24, IPv4Address("10.0.0.1")),
        ClasslessRoute(IPv4Address("0.0.0.0"), 0, IPv4Address("10.0.0.2")),
        ClasslessRoute(IPv4Address("10.0.0.9"), 32, IPv4Address("0.0.0.0")),
    )
    assert text(code, raw) == "10.1.2.0/24 via 10.0.0.1, 0.0.0.0/0 via 10.0.0.2, 10.0.0.9/32 on the link"
    assert encode_option(code, value) == raw


@pytest.mark.parametrize("raw", [b"\x21" + bytes(9), b"\x18\x0a\x01\x02\x0a"])
def test_routes_that_do_not_fit(raw: bytes) -> None:
    with pytest.raises(MalformedFrame):
        option_codec(121).decode(raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\x05\x00\x00\x02pc\x03lan\x00", "pc.lan (server updates A, DNS encoding)"),
        (b"\x04\x00\x00\x02pc", "pc (DNS encoding)"),
        (b"\x04\x00\x00\x09pc", "097063 (DNS encoding)"),
        (b"\x00\xff\xffpc.lan", "pc.lan (client updates A)"),
        (b"\x00\x00\x00", "no name (client updates A)"),
    ],
)
def test_fqdn(raw: bytes, words: str) -> None:
    value = decode_option(81, raw)
    assert isinstance(value, ClientFqdn)
    assert encode_option(81, value) == raw
    assert text(81, raw) == words


def test_sip_servers() -> None:
    assert text(120, b"\x01\x0a\x00\x00\x01") == "10.0.0.1"
    assert text(120, b"\x00\x03sip\x03lan\x00") == "sip.lan"
    for raw in (b"", b"\x00", b"\x01", b"\x02abcd"):
        with pytest.raises(MalformedFrame):
            option_codec(120).decode(raw)


def test_redirects() -> None:
    raw = b"\x00\x09https://a\x00\x09https://b"
    assert decode_option(143, raw) == (b"https://a", b"https://b")
    assert text(143, raw) == "https://a, https://b"
    for bad in (b"\x00", b"\x00\x05ab"):
        with pytest.raises(MalformedFrame):
            option_codec(143).decode(bad)
