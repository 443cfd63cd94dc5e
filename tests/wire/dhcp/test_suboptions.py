"""Lists of sub-options in general."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.dhcp.basic import IntegerCodec
from pxedebug.wire.dhcp.codec import Undecoded
from pxedebug.wire.dhcp.suboptions import SubOption, SubOptionCodec, SubOptions, SubOptionSpec

PADDED = SubOptionCodec(SubOptions, {1: SubOptionSpec("One", IntegerCodec(1))}, padded=True)
BARE = SubOptionCodec(SubOptions, {}, padded=False)


def test_pads_end_and_what_follows() -> None:
    value = PADDED.decode(b"\x00\x01\x01\x07\xff\x00zz")
    assert value == SubOptions((SubOption(0, b"", None), SubOption(1, b"\x07", 7)), True, b"\x00zz")
    assert PADDED.text(value) == "1 sub-option; 3 bytes after the end"
    assert [line.name for line in PADDED.lines(value)] == ["One"]


def test_zeros_after_the_end_are_not_worth_a_word() -> None:
    assert PADDED.text(PADDED.decode(b"\x01\x01\x07\xff\x00\x00")) == "1 sub-option"


def test_look_up_by_code() -> None:
    value = PADDED.decode(b"\x01\x01\x07\x01\x01\x08\x02\x01x")
    assert value.value(1) == 7
    assert value.raw(2) == b"x"
    assert value.get(3) is value.value(3) is value.raw(3) is None


def test_a_list_can_be_built() -> None:
    items = (PADDED.pair(1, 7), PADDED.pair(2, b"x"), PADDED.pair(1, Undecoded(b"", "too short")))
    assert PADDED.encode(SubOptions(items, end=True)) == b"\x01\x01\x07\x02\x01x\x01\x00\xff"


def test_a_lone_code_is_a_problem() -> None:
    value = BARE.decode(b"\x05")
    assert value.rest == b"\x05"
    assert value.problems == ("sub-option 5 at byte 0 runs past the option's 1 bytes",)


@given(st.binary(max_size=100))
def test_any_bytes_come_back(raw: bytes) -> None:
    for codec in (PADDED, BARE):
        assert codec.encode(codec.decode(raw)) == raw
