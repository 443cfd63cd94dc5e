"""Blocks that were skipped: remembered as runs until they arrive late."""

from __future__ import annotations

from bisect import bisect_right

__all__ = ["Holes"]


class Holes:
    """Sorted, disjoint runs [start, stop) of missing block numbers, at most `cap` of them."""

    __slots__ = ("_cap", "_starts", "_stops")

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._starts: list[int] = []
        self._stops: list[int] = []

    def __len__(self) -> int:
        return len(self._starts)

    def open(self, start: int, stop: int) -> None:
        """Blocks `start` to `stop` (exclusive) were skipped; runs open in rising order."""
        if len(self._starts) < self._cap:
            self._starts.append(start)
            self._stops.append(stop)

    def fill(self, block: int) -> bool:
        """A late `block` arrived: True when it was missing."""
        at = bisect_right(self._starts, block) - 1
        if at < 0 or block >= self._stops[at]:
            return False
        start, stop = self._starts[at], self._stops[at]
        pieces = [(s, e) for s, e in ((start, block), (block + 1, stop)) if s < e]
        self._starts[at : at + 1] = [s for s, _ in pieces]
        self._stops[at : at + 1] = [e for _, e in pieces]
        return True
