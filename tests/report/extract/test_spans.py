"""Spans of bytes, against a plain set of offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.spans import Spans

PIECES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), max_size=20)


@given(PIECES)
def test_spans_are_a_set_of_offsets(pieces: list[tuple[int, int]]) -> None:
    spans, there = Spans(), set[int]()
    for start, length in pieces:
        new = {offset for first, last in spans.add(start, start + length) for offset in range(first, last)}
        assert new == set(range(start, start + length)) - there
        there |= new
    assert {offset for first, last in spans for offset in range(first, last)} == there
    assert spans.end == max(there, default=-1) + 1
    assert {o for first, last in spans.holes() for o in range(first, last)} == set(range(spans.end)) - there


def test_spans_that_touch_are_one() -> None:
    spans = Spans()
    for start in (20, 0, 10):
        spans.add(start, start + 10)
    assert list(spans) == [(0, 30)]
    assert spans.holes() == []


def test_many_pieces_with_gaps_take_no_longer_each() -> None:
    spans = Spans()
    for start in range(0, 400_000, 2):
        spans.add(start, start + 1)
    assert len(spans.holes()) == 199_999
