"""Decoding one window ahead: order, errors, and that nothing is overwritten while it is in use."""

from __future__ import annotations

from collections.abc import Iterator
from threading import active_count

import pytest

from pxedebug.capture.ahead import WINDOWS, Ahead


def test_items_come_in_order_and_whole() -> None:
    assert list(Ahead(iter(range(50)))) == list(range(50))


def test_the_source_never_goes_further_than_the_windows_allow() -> None:
    made: list[int] = []

    def source() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            yield number

    for number in Ahead(source()):
        # What the consumer holds and one item more, which lies in the other window.
        assert len(made) <= number + WINDOWS


def test_an_error_comes_after_the_items_before_it() -> None:
    def source() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("the disk is gone")

    seen: list[int] = []
    with pytest.raises(OSError, match="the disk is gone"):
        seen.extend(Ahead(source()))
    assert seen == [1, 2]


def test_a_consumer_that_stops_early_leaves_no_thread_behind() -> None:
    before = active_count()
    numbers = iter(Ahead(iter(range(1000))))
    assert next(numbers) == 0
    numbers.close()  # type: ignore[attr-defined]
    assert active_count() == before
