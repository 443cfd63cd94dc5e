"""Options 250 and 252."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from pxedebug.wire.dhcp import Undecoded, WdsOptions, build_message, decode_message, decode_option, option_codec


def test_a_pending_machine() -> None:
    raw = b"\x02\x01\x01\x05\x04\x00\x00\x00\x2a\x03\x02\x00\x0a\x04\x02\x00\x05\x06\x04wait\xff"
    value = decode_option(250, raw)
    assert isinstance(value, WdsOptions)
    assert (value.next_action, value.request_id, value.message) == (1, 42, "wait")
    lines = decode_message(build_message([(250, raw)])).describe()[0].children
    assert [line.text for line in lines] == ["1 (wait for approval)", "42", "10 s", "5", "wait"]


def test_a_referral() -> None:
    value = decode_option(250, b"\x01\x02\x00\x09\x02\x01\x03\x09\x04\x0a\x00\x00\x05\x0c\x01\x01\x0b\x01\x01\xff")
    assert isinstance(value, WdsOptions)
    assert value.next_action == 3
    assert value.value(9) == IPv4Address("10.0.0.5")
    assert value.request_id is None
    assert value.message is None
    lines = option_codec(250).lines(value)
    assert [line.text for line in lines] == [
        "9 (EBC)", "3 (referral to another server)", "10.0.0.5", "1", "1 (press a key to boot)",
    ]  # fmt: skip


def test_a_number_of_odd_size() -> None:
    value = decode_option(250, b"\x0c\x03abc")
    assert isinstance(value, WdsOptions)
    assert isinstance(value.value(12), Undecoded)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\\Tmp\\x64uefi{0}.bcd\0", "\\Tmp\\x64uefi{0}.bcd (boot configuration data)"),
        (b"http://wpad/wpad.dat", "http://wpad/wpad.dat (web proxy configuration)"),
        (b"\n", "\n"),
    ],
)
def test_option_252_has_two_meanings(raw: bytes, text: str) -> None:
    codec = option_codec(252)
    assert codec.text(codec.decode(raw)) == text
