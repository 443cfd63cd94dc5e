"""Runs of missing blocks against a set of numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.tftp.holes import Holes


def test_a_block_fills_its_hole_once() -> None:
    holes = Holes(10)
    holes.open(3, 6)
    assert [holes.fill(block) for block in (2, 4, 4, 3, 5, 6)] == [False, True, False, True, True, False]
    assert len(holes) == 0


def test_runs_beyond_the_cap_are_not_remembered() -> None:
    holes = Holes(1)
    holes.open(1, 2)
    holes.open(5, 6)
    assert (holes.fill(5), holes.fill(1)) == (False, True)


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=12), st.lists(st.integers(0, 130), max_size=60)
)
def test_holes_are_a_set_of_numbers(runs: list[tuple[int, int]], arrivals: list[int]) -> None:
    holes, missing, at = Holes(1000), set[int](), 0
    for distance, length in runs:
        start = at + distance
        at = start + length
        holes.open(start, at)
        missing.update(range(start, at))
    for block in arrivals:
        assert holes.fill(block) == (block in missing)
        missing.discard(block)
    assert sum(holes.fill(block) for block in range(200)) == len(missing)
