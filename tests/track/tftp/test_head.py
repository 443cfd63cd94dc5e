"""The start of a file out of its first blocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.tftp.head import Head


def test_blocks_in_order_and_again() -> None:
    head = Head(100)
    for block, content in ((1, b"ab"), (2, b"cd"), (1, b"XX"), (3, b"e")):
        head.add(block, content)
    assert (head.content(), head.first, head.full) == (b"abcde", b"ab", False)


def test_nothing_behind_a_hole() -> None:
    head = Head(100)
    head.add(1, b"ab")
    head.add(3, b"ef")
    assert head.content() == b"ab"
    head.add(2, b"cd")
    assert head.content() == b"abcdef"


def test_no_more_than_the_cap() -> None:
    head = Head(5)
    for block in range(1, 9):
        head.add(block, b"abc")
    assert (head.content(), head.full) == (b"abcab", True)


def test_without_its_first_block_there_is_nothing() -> None:
    head = Head(100)
    head.add(2, b"cd")
    assert (head.content(), head.first) == (b"", b"")


@given(st.permutations(range(1, 13)), st.integers(1, 80))
def test_any_order_gives_the_same_bytes(order: list[int], cap: int) -> None:
    head = Head(cap)
    for block in (*order, *order, *range(1, 13)):
        head.add(block, bytes([block]) * 4)
    assert head.content() == b"".join(bytes([block]) * 4 for block in range(1, 13))[:cap]
