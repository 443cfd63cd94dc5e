"""What a transfer skipped, blocks or bytes: remembered as ranges until it arrives late."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

__all__ = ["Gaps"]


class Gaps:
    """Sorted, disjoint ranges [start, stop) of missing numbers, at most `cap` of them."""

    __slots__ = ("_cap", "_starts", "_stops")

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._starts: list[int] = []
        self._stops: list[int] = []

    def __len__(self) -> int:
        return len(self._starts)

    def open(self, start: int, stop: int) -> None:
        """What lies from `start` up to `stop` was skipped; ranges open in rising order."""
        if len(self._starts) < self._cap:
            self._starts.append(start)
            self._stops.append(stop)

    def fill(self, start: int, stop: int) -> int:
        """What lies from `start` up to `stop` came late: how much of it was missing."""
        first, last = bisect_right(self._stops, start), bisect_left(self._starts, stop)
        touched = list(zip(self._starts[first:last], self._stops[first:last], strict=True))
        left = [(low, min(high, start)) for low, high in touched if low < start]
        left += [(max(low, stop), high) for low, high in touched if high > stop]
        self._starts[first:last] = [low for low, _ in left]
        self._stops[first:last] = [high for _, high in left]
        return sum(high - low for low, high in touched) - sum(high - low for low, high in left)
