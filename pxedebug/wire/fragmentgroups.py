"""The fragments of one batch sorted into datagrams, and those that begin and end in it found by array operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.frames import Columns

__all__ = ["MAX_DATAGRAM", "FragmentGroups", "Pieces", "group_pieces", "usable_pieces"]

MAX_DATAGRAM: Final = 65535
"""IP payload bytes that fragments can describe; what reaches further is forged."""


@dataclass(slots=True)
class Pieces:
    """The usable fragments of a batch, in frame order; one entry each."""

    columns: Columns
    index: NDArray[np.intp]
    """Row in `columns.fragments`."""
    key: NDArray[np.uint64]
    offset: NDArray[np.int32]
    length: NDArray[np.int32]
    captured: NDArray[np.int32]
    more: NDArray[np.bool_]
    clock: NDArray[np.int64]
    """Latest time of any fragment so far, nanoseconds."""
    datagram: NDArray[np.intp]
    """Row in `columns.datagrams` of a first fragment, else -1."""

    def __len__(self) -> int:
        return len(self.index)

    def data(self, position: int) -> bytes:
        """The captured bytes of one fragment."""
        start = int(self.columns.fragments.start[self.index[position]])
        return self.columns.batch.buffer[start : start + int(self.captured[position])].tobytes()


class FragmentGroups(NamedTuple):
    """Fragments grouped by datagram; groups are in no particular order, pieces within one are sorted by offset."""

    order: NDArray[np.intp]
    """Positions in `Pieces`, group by group."""
    starts: NDArray[np.intp]
    """Where each group begins in `order`."""
    sizes: NDArray[np.intp]
    clean: NDArray[np.bool_]
    """The group is one whole datagram, every fragment of it once, none in conflict with another."""
    first: NDArray[np.intp]
    """Position of the piece with the lowest offset."""
    last: NDArray[np.intp]
    """Position of the piece that came last."""


def usable_pieces(columns: Columns, clock: int) -> Pieces:
    """Fragments that reassembly can use; `clock` is the latest time before this batch.

    Left out are those that reach beyond the largest datagram, and first fragments without a UDP header: nobody could
    say whose they are.
    """
    rows, datagrams = columns.fragments, columns.datagrams
    first = np.flatnonzero(datagrams.fragment)
    datagram = np.full(len(columns.batch), -1, np.intp)
    datagram[datagrams.row[first]] = first
    named = np.where(rows.offset == 0, datagram[rows.row], -1)
    index = np.flatnonzero(((rows.offset > 0) | (named >= 0)) & (rows.offset + rows.length <= MAX_DATAGRAM))
    times = np.maximum.accumulate(np.maximum(columns.batch.time[rows.row[index]], clock))
    return Pieces(
        columns, index, rows.key[index], rows.offset[index], rows.length[index], rows.captured[index],
        rows.more[index], times, named[index],
    )  # fmt: skip


def group_pieces(pieces: Pieces, max_age: int) -> FragmentGroups:
    """Sort `pieces` into datagrams and tell which of these need no table to be put together."""
    order = np.lexsort((pieces.offset, pieces.key))
    key, offset, length = pieces.key[order], pieces.offset[order], pieces.length[order]
    more = pieces.more[order]
    begins = np.concatenate([[True], key[1:] != key[:-1]])
    starts = np.flatnonzero(begins)
    sizes = np.diff(starts, append=len(order))
    # Each piece must begin where the one before it ends, the first at 0, and only the last may end the datagram.
    expected = np.concatenate([[0], offset[:-1] + length[:-1]])
    fits = offset == np.where(begins, 0, expected)
    ends = np.concatenate([begins[1:], [True]])
    fits &= (more != ends) & (ends | (length % 8 == 0))
    first_arrival = np.minimum.reduceat(order, starts)
    last = np.maximum.reduceat(order, starts)
    clean = np.logical_and.reduceat(fits, starts)
    clean &= pieces.clock[last] - pieces.clock[first_arrival] <= max_age
    return FragmentGroups(order, starts, sizes, clean, order[starts], last)
