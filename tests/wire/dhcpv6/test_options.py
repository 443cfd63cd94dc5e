from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.dhcpv6 import options as wire

_lists = st.lists(st.tuples(st.integers(0, 65535), st.binary(max_size=30)), max_size=5).map(tuple)


@given(_lists)
def test_splitting_undoes_encoding(options: tuple[tuple[int, bytes], ...]) -> None:
    problems: list[str] = []
    assert wire.split_options(wire.encode_options(options), problems) == (options, None)
    assert problems == []


def test_a_cut_option_is_given_apart() -> None:
    problems: list[str] = []
    assert wire.split_options(b"\0\x0e\0\0\0\x09\0\x05abc", problems) == (((14, b""),), (9, b"abc"))
    assert problems == ["option 9 holds 3 of 5 bytes"]


def test_bytes_that_are_no_option_header_are_noted() -> None:
    problems: list[str] = []
    assert wire.split_options(b"\0\x0e\0\0xyz", problems) == (((14, b""),), None)
    assert problems == ["3 bytes after the last option"]


@given(st.lists(st.binary(max_size=20), max_size=4).map(tuple))
def test_data_lists_survive_the_wire(items: tuple[bytes, ...]) -> None:
    assert wire.data_list(wire.encode_data_list(items)) == items


@pytest.mark.parametrize("data", [b"\0", b"\0\2a", b"\0\1ab", b"iPXE"])
def test_a_list_that_does_not_add_up_is_none(data: bytes) -> None:
    assert wire.data_list(data) is None


def test_only_ethernet_addresses_count() -> None:
    assert wire.hardware_address(b"\0\1abcdef") == b"abcdef"
    assert wire.hardware_address(b"\0\6abcdef") is None
    assert wire.hardware_address(b"\0\1abc") is None
    assert wire.hardware_address(b"") is None
