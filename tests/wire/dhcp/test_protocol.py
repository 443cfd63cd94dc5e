"""Options that steer the protocol."""

from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp import Authentication, StatusCode, decode_option, encode_option, option_codec


def text(code: int, raw: bytes) -> str:
    codec = option_codec(code)
    return codec.text(codec.decode(raw))


def test_message_type_and_overload() -> None:
    assert text(53, b"\x07") == "7 (RELEASE)"
    assert text(53, b"\x63") == "99 (TYPE-99)"
    assert text(52, b"\x01") == "1 (options in file)"
    assert text(52, b"\x09") == "9"


def test_requested_options_are_named() -> None:
    assert text(55, b"\x42\xe7\x6e") == "66 TFTP server name, 231 Private option 231, 110 Option 110"


def test_authentication() -> None:
    raw = b"\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01key"
    value = decode_option(90, raw)
    assert value == Authentication(1, 1, 0, b"\x00\x00\x00\x00\x00\x00\x00\x01", b"key")
    assert encode_option(90, value) == raw
    assert text(90, raw) == "protocol 1, algorithm 1, replay 0000000000000001 (method 0), 3 bytes of information"
    with pytest.raises(MalformedFrame):
        option_codec(90).decode(raw[:10])


def test_status_code() -> None:
    assert decode_option(151, b"\x04no") == StatusCode(4, b"no")
    assert text(151, b"\x04no") == "NotAllowed: no"
    assert text(151, b"\x00") == "Success"
    assert text(151, b"\x99") == "status 153"
    with pytest.raises(MalformedFrame):
        option_codec(151).decode(b"")


def test_a_wrong_magic_is_only_bytes() -> None:
    assert text(208, b"\x01") == "01"
