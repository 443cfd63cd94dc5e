"""Checksums carried along equal those counted anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.anonymise.checksums import adjusted


def counted(data: bytes) -> bytes:
    """RFC 1071, word by word."""
    total = 0
    for at in range(0, len(data), 2):
        total += int.from_bytes(data[at : at + 2].ljust(2, b"\0"))
        total = (total & 0xFFFF) + (total >> 16)
    return (total ^ 0xFFFF).to_bytes(2)


@given(st.binary(min_size=2, max_size=60), st.data())
def test_a_right_checksum_stays_right(old: bytes, data: st.DataObject) -> None:
    new = data.draw(st.binary(min_size=len(old), max_size=len(old)))
    if any(old) and any(new):
        assert adjusted(counted(old), old, new) == counted(new)


def test_a_wrong_checksum_stays_wrong_by_as_much() -> None:
    old, new = b"\x12\x34\x56\x78", b"\x00\x01\x02\x03"
    wrong = (int.from_bytes(counted(old)) - 5).to_bytes(2)
    assert adjusted(wrong, old, new) == (int.from_bytes(counted(new)) - 5).to_bytes(2)


def test_no_checksum_is_none_afterwards_and_no_other_becomes_none() -> None:
    assert adjusted(bytes(2), b"\1\2", b"\3\4", zero_means_none=True) == bytes(2)
    assert adjusted(counted(b"\x12\x34"), b"\x12\x34", b"\xff\xff", zero_means_none=True) == b"\xff\xff"
