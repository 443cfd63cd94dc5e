"""Which bytes of a file are there: spans in order, joined where they touch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

__all__ = ["Spans"]


class Spans:
    """A set of byte offsets, held as spans from a start up to an end."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts, self._ends, strict=True)

    @property
    def end(self) -> int:
        """One past the highest offset; 0 when there is none."""
        return self._ends[-1] if self._ends else 0

    def add(self, start: int, end: int) -> list[tuple[int, int]]:
        """Add the offsets from `start` up to `end`; gives the parts that were not there before."""
        if start >= end:
            return []
        first = bisect_left(self._ends, start)
        last = bisect_right(self._starts, end, lo=first)
        touched = list(zip(self._starts[first:last], self._ends[first:last], strict=True))
        self._starts[first:last] = [min(start, touched[0][0]) if touched else start]
        self._ends[first:last] = [max(end, touched[-1][1]) if touched else end]
        return list(_between(touched, start, end))

    def holes(self) -> list[tuple[int, int]]:
        """The spans below `end` that are not there."""
        return list(_between(self, 0, self.end))


def _between(spans: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of `start` to `end` that none of the `spans`, in order, covers."""
    for first, last in spans:
        if first > start:
            yield start, min(first, end)
        start = max(start, last)
    if start < end:
        yield start, end
