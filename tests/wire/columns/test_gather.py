from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.columns.gather import pick, select, windows, words

BUFFER = np.arange(40, dtype=np.uint8)


def test_words_are_big_endian_rows() -> None:
    found = words(BUFFER, np.array([1, 0, 1]), 2)
    assert found.tolist() == [[0x01020304, 0x00010203, 0x01020304], [0x05060708, 0x04050607, 0x05060708]]


@given(st.binary(max_size=30), st.lists(st.integers(0, 60), max_size=5), st.integers(1, 12))
def test_windows_are_slices_filled_up_with_zeros(content: bytes, offsets: list[int], width: int) -> None:
    found = windows(np.frombuffer(content, np.uint8), np.array(offsets, np.int64), width)
    assert [row.tobytes() for row in found] == [content[at : at + width].ljust(width, b"\0") for at in offsets]


@given(st.integers(1, 5), st.integers(0, 40))
def test_words_agree_with_windows(count: int, late: int) -> None:
    offsets = np.arange(3000, dtype=np.int64) % 20 + late
    expected = windows(BUFFER, offsets, 4 * count).view(">u4").T
    np.testing.assert_array_equal(words(BUFFER, offsets, count), expected)


def test_selecting_everything_copies_nothing() -> None:
    column = np.arange(3)
    assert np.shares_memory(pick(column, select(np.ones(3, np.bool_))), column)
    assert pick(column, select(np.array([True, False, True]))).tolist() == [0, 2]
    assert pick(np.arange(6).reshape(2, 3), np.array([2, 0])).tolist() == [[2, 0], [5, 3]]
