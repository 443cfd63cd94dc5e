from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture import Interface
from pxedebug.capture.interfaces import InterfaceTable, ticks_per_second

ROWS = np.zeros(1, dtype=np.int64)


def convert(resolution: int, ticks: int, offset: int = 0) -> int:
    table = InterfaceTable()
    table.append(Interface(1, 0, ticks_per_second(resolution), offset_seconds=offset))
    return int(table.nanoseconds(np.array([ticks], dtype=np.uint64), ROWS)[0])


@given(st.integers(0, 255), st.integers(0, 2**64 - 1))
def test_any_resolution_converts_to_within_a_nanosecond(resolution: int, ticks: int) -> None:
    exact = ticks * 10**9 // ticks_per_second(resolution)
    limit = 9_200_000_000 * 10**9
    got = convert(resolution, ticks)
    assert abs(got - exact) <= 1 if exact < limit else limit <= got < limit + 10**9


@given(st.integers(0, 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_any_offset_stays_within_64_bits(ticks: int, offset: int) -> None:
    got = convert(6, ticks, offset)
    seconds = min(max(ticks // 10**6 + offset, -9_200_000_000), 9_200_000_000)
    assert got == seconds * 10**9 + ticks % 10**6 * 1000


def test_epoch_of_windows_is_brought_back_by_the_offset() -> None:
    assert convert(7, (11_644_473_600 + 1_700_000_000) * 10**7 + 5, -11_644_473_600) == 1_700_000_000_000_000_500


def test_columns_follow_the_index() -> None:
    table = InterfaceTable()
    for link_type in range(10):
        table.append(Interface(link_type, 0, 10**6))
    assert table.column("link_type", np.array([3, 9, 0])).tolist() == [3, 9, 0]
    assert len(table) == 10
