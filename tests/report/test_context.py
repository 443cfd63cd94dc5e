from __future__ import annotations

import pytest
from msgspec import UNSET

from pxedebug.report.context import Context, address_text, mac_text, uuid_text
from pxedebug.wire.batch import frame_ref
from tests.report import stories as make

ONE, MANY = Context(make.EPOCH, False), Context(make.EPOCH, True)


def test_frames_name_their_file_where_there_are_several() -> None:
    assert ONE.source(frame_ref(2, 5)) is UNSET
    assert MANY.source(frame_ref(2, 5)) == 2


def test_names_are_text_and_bytes_and_masked_in_both() -> None:
    assert ONE.named(b"a\xff") == ("a\\xff", "61ff")
    assert ONE.named(None) == (None, None)
    name = b"http://root:hunter2@h/x"
    shown, raw = ONE.named(name)
    assert "hunter2" not in str(shown)
    assert b"hunter2" not in bytes.fromhex(str(raw))
    assert Context(0, False, show_secrets=True).named(name) == (name.decode(), name.hex())


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("cut short", "cut short"),
        ("b\udcffd.pcap: cut short", "b\\xffd.pcap: cut short"),
        ("C:\\x41 and ☃", "C:\\x41 and ☃"),
    ],
)
def test_sentences_that_quote_file_names_can_be_encoded(sentence: str, written: str) -> None:
    assert ONE.prose(sentence) == written


def test_sentences_are_masked_too() -> None:
    assert "hunter2" not in ONE.prose("comment on frame 1: see http://root:hunter2@h/x")


def test_identities() -> None:
    assert mac_text(b"") is None
    assert mac_text(make.MAC) == "52:54:00:77:00:20"
    assert uuid_text(bytes(range(16))) == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    assert uuid_text(b"short") is None
    assert address_text(None) is None
    assert address_text(make.SERVER) == address_text(make.SERVER) == "10.77.0.1"
