"""Splitting the options area and the overloaded fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.dhcp.areas import MAGIC, Area, Instance, split_area, split_message

HEADER = bytes(236) + MAGIC


def with_fields(area: bytes, file: bytes = b"", sname: bytes = b"") -> bytes:
    return bytes(44) + sname.ljust(64, b"\0") + file.ljust(128, b"\0") + MAGIC + area


def test_pads_are_skipped_and_offsets_kept() -> None:
    split = split_message(HEADER + b"\0\0\x35\x01\x05\0\xff\0\0", cut=False)
    assert split.instances == (Instance(53, b"\x05", Area.OPTIONS, 242),)
    assert split.end_seen
    assert split.tail == 247
    assert split.problems == ()


def test_a_code_without_length_byte() -> None:
    found, position, end_seen, wrong = split_area(b"\x35", 0, 1, Area.OPTIONS)
    assert (found, position, end_seen) == ([], 0, False)
    assert wrong == "option 53 at byte 0 of the message has no length byte"


@pytest.mark.parametrize("value", [b"\x00", b"\x04", b"\x01\x01", b""])
def test_invalid_overload(value: bytes) -> None:
    area = b"\x34" + bytes((len(value),)) + value + b"\xff"
    split = split_message(with_fields(area, file=b"\x0f\x01a\xff"), cut=False)
    assert [instance.code for instance in split.instances] == [52]
    assert split.problems[0].startswith("option 52 (overload) has the invalid value")


def test_overloaded_field_that_is_a_plain_name() -> None:
    split = split_message(with_fields(b"\x34\x01\x01\xff", file=b"pxelinux.0"), cut=False)
    assert "overloaded file field" in split.problems[0]


def test_overload_inside_an_overloaded_field_leads_nowhere() -> None:
    split = split_message(with_fields(b"\x34\x01\x01\xff", b"\x34\x01\x03\xff", b"\x0f\x01a\xff"), cut=False)
    assert [(instance.code, instance.area) for instance in split.instances] == [(52, Area.OPTIONS), (52, Area.FILE)]
    assert split.problems == ("option 52 (overload) stands inside the overloaded file field, where it means nothing",)


@given(st.binary(max_size=200), st.booleans())
def test_every_byte_is_in_an_option_a_pad_or_the_tail(area: bytes, cut: bool) -> None:
    payload = HEADER + area
    split = split_message(payload, cut)
    position = len(HEADER)
    for instance in split.instances:
        if instance.area is Area.OPTIONS:
            assert not payload[position : instance.offset].strip(b"\0")
            assert payload[instance.offset + 2 :].startswith(instance.value)
            position = instance.offset + 2 + len(instance.value)
    assert not payload[position : split.tail - split.end_seen].strip(b"\0")
