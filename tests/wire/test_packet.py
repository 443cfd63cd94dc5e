from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.packet import address, format_mac, parse_mac

macs = st.binary(min_size=6, max_size=6)


@given(macs)
def test_what_is_written_is_read_again(mac: bytes) -> None:
    assert parse_mac(format_mac(mac)) == mac


@given(macs, st.sampled_from([":", "-", " ", "."]), st.booleans())
def test_macs_in_octets(mac: bytes, separator: str, upper: bool) -> None:
    text = separator.join(f"{octet:x}" for octet in mac)
    assert parse_mac(f" {text.upper() if upper else text}\n") == mac


@pytest.mark.parametrize("text", ["0123456789ab", "0123.4567.89ab", "0123:4567:89AB", "0123-4567-89ab"])
def test_macs_in_groups(text: str) -> None:
    assert parse_mac(text) == bytes.fromhex("0123456789ab")


@pytest.mark.parametrize(
    "text",
    ["", "5254", "52:54:00:77:00", "52:54:00-77:00:20", "52:54:00:77:00:20:1", "5:254:00:77:00:20", "52..54007700"],
)
def test_nothing_else_is_a_mac(text: str) -> None:
    with pytest.raises(ValueError, match="is no MAC address"):
        parse_mac(text)


@given(st.text())
def test_any_text_is_six_bytes_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert len(parse_mac(text)) == 6


def test_addresses_are_one_object_each() -> None:
    assert address(bytes([10, 77, 0, 1])) is address(bytes([10, 77, 0, 1]))
    assert str(address(bytes(15) + b"\1")) == "::1"
