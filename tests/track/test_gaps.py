"""Ranges of missing numbers against a set of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.gaps import Gaps


def test_late_bytes_fill_what_was_missing_once() -> None:
    gaps = Gaps(10)
    gaps.open(10, 20)
    gaps.open(30, 40)
    assert [gaps.fill(0, 10), gaps.fill(12, 15), gaps.fill(12, 15), gaps.fill(18, 35)] == [0, 3, 0, 7]
    assert gaps.fill(0, 100) == 2 + 3 + 5
    assert len(gaps) == 0


def test_ranges_beyond_the_cap_are_not_remembered() -> None:
    gaps = Gaps(1)
    gaps.open(10, 20)
    gaps.open(30, 40)
    assert gaps.fill(0, 100) == 10


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=10),
    st.lists(st.tuples(st.integers(0, 150), st.integers(1, 40)), max_size=20),
)
def test_gaps_are_a_set_of_numbers(runs: list[tuple[int, int]], arrivals: list[tuple[int, int]]) -> None:
    gaps, missing, at = Gaps(1000), set[int](), 0
    for distance, length in runs:
        start = at + distance
        at = start + length
        gaps.open(start, at)
        missing.update(range(start, at))
    for start, length in arrivals:
        came = missing & set(range(start, start + length))
        assert gaps.fill(start, start + length) == len(came)
        missing -= came
    assert gaps.fill(0, 500) == len(missing)
