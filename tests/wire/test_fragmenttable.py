from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.fragmenttable import FirstFragment, FragmentTable, Piece, join

FIRST = FirstFragment(ref=1, source=2, destination=3, word=4, length=32, packet=None)


def piece(offset: int, length: int, more: bool, clock: int = 0, key: int = 1) -> Piece:
    return Piece(key, clock, offset, length, more, b"", FIRST if offset == 0 else None)


def table() -> FragmentTable:
    return FragmentTable(limit_datagrams=4, limit_bytes=1000, max_age=100)


def test_the_last_missing_piece_completes() -> None:
    pieces = table()
    assert pieces.add(piece(0, 16, True)) is None
    assert pieces.add(piece(32, 8, False)) is None
    assert pieces.add(piece(16, 16, True)) is FIRST
    assert len(pieces) == 0


def test_a_teardrop_is_harmless() -> None:
    pieces = table()
    assert pieces.add(piece(0, 32, True)) is None
    assert pieces.add(piece(8, 4, False)) is FIRST
    assert pieces.given_up == 0


def test_an_odd_length_in_the_middle_covers_only_whole_units() -> None:
    pieces = table()
    pieces.add(piece(0, 15, True))
    assert pieces.add(piece(16, 8, False)) is None
    assert pieces.add(piece(8, 8, True)) is FIRST


def test_expired_datagrams_count_only_with_their_first_fragment() -> None:
    pieces = table()
    pieces.add(piece(8, 8, True, key=1))
    pieces.add(piece(0, 8, True, key=2))
    pieces.expire(101)
    assert (len(pieces), pieces.given_up, pieces.bytes_held) == (0, 1, 0)


def test_older_bytes_win_where_fragments_overlap() -> None:
    assert join([(0, bytes(8) + b"old!"), (8, b"new?new?")], 8) == b"old!new?"


def test_a_hole_ends_the_payload() -> None:
    assert join([(0, bytes(8) + b"abcd"), (16, b"late")], 20) == b"abcd"


@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 70000), st.booleans()), max_size=30))
def test_forged_offsets_and_lengths_are_bounded(forged: list[tuple[int, int, bool]]) -> None:
    pieces = table()
    for unit, length, more in forged:
        pieces.add(piece(8 * unit, length, more))
    assert len(pieces) <= 1
    assert pieces.bytes_held == 0
