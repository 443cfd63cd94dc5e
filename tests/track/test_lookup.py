"""The hash table over arrays against a dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.lookup import EndpointTable
from pxedebug.wire.frames import endpoint_key

keys = st.integers(0, 2**64 - 1) | st.integers(0, 40)


def find(table: EndpointTable, wanted: list[int]) -> list[int]:
    return table.find(np.array(wanted, np.uint64)).tolist()


@given(st.dictionaries(keys, st.integers(0, 2**15), max_size=60), st.lists(keys, max_size=40))
def test_it_finds_what_a_dictionary_finds(slots: dict[int, int], others: list[int]) -> None:
    table = EndpointTable()
    table.rebuild(slots)
    wanted = [*slots, *others]
    assert find(table, wanted) == [slots.get(key, -1) for key in wanted]
    assert len(table) == len(slots)


def test_keys_that_share_a_bucket_are_told_apart() -> None:
    """Ten keys a bucket on average, far more than the table has buckets for."""
    rng = np.random.default_rng(7)
    slots = {int(key): number for number, key in enumerate(rng.integers(0, 2**63, 100_000, dtype=np.uint64))}
    table = EndpointTable()
    table.rebuild(slots)
    assert find(table, list(slots)) == list(slots.values())
    strangers = (rng.integers(0, 2**63, 10_000, dtype=np.uint64) | np.uint64(1 << 63)).tolist()
    assert set(find(table, strangers)) == {-1}


def test_a_rebuilt_table_forgets() -> None:
    table = EndpointTable()
    table.rebuild({5: 1, 6: 2})
    table.rebuild({6: 3})
    assert find(table, [5, 6]) == [-1, 3]
    table.rebuild({})
    assert find(table, [5, 6]) == [-1, -1]


def test_an_empty_table_and_an_empty_question() -> None:
    table = EndpointTable()
    assert find(table, [0, 1]) == [-1, -1]
    table.rebuild({0: 7})
    assert (find(table, []), find(table, [0, 1])) == ([], [7, -1])


def test_neighbouring_ports_of_one_client() -> None:
    slots = {endpoint_key(bytes((10, 0, 0, 130)), port): port for port in range(65_536)}
    table = EndpointTable()
    table.rebuild(slots)
    assert find(table, list(slots)) == list(range(65_536))
