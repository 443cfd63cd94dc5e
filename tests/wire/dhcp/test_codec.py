"""How bytes are shown."""

from __future__ import annotations

import pytest

from pxedebug.wire.dhcp.basic import OpaqueCodec
from pxedebug.wire.dhcp.codec import Text, printable, show_bytes, show_text


@pytest.mark.parametrize(
    ("raw", "text"), [(b"a\0\0", "a"), (b"a\0b", "a\0b"), (b"\xc3\xa4", "ä"), (b"\xff\0", "\\xff"), (b"", "")]
)
def test_show_text(raw: bytes, text: str) -> None:
    assert show_text(raw) == text
    assert Text(raw) == text
    assert Text(raw).raw == raw


def test_printable_means_ascii_without_controls() -> None:
    assert printable(b"PXE client\0")
    assert not printable(b"")
    assert not printable(b"\0\0")
    assert not printable(b"a\x1b[0m")
    assert not printable("ä".encode())


def test_show_bytes_adds_the_text() -> None:
    assert show_bytes(b"\x01\x02") == "0102"
    assert show_bytes(b"ok") == "6f6b (ok)"


def test_a_codec_without_inner_options_has_no_lines() -> None:
    assert OpaqueCodec().lines(b"x") == ()
