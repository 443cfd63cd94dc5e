"""Several vantage points at once: each follows the transfers that it sees by itself.

The same frame comes by twice where two captures of one time are read together, with other clocks and perhaps without
what the other lost. Endpoint keys of another vantage point are made other keys, so that no packet counts twice; what
turns out to be the same transfer is joined when the story is told (`assemble.events`). The two directions of a tap
are one vantage point (`capture.merge`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pxedebug.wire.batch import frame_source
from pxedebug.wire.columns.gather import distinct
from pxedebug.wire.frames import Columns

__all__ = ["VantagePoints"]

_SHIFT = 48  # above an IPv4 key's address and port, below the bit that marks IPv6


class VantagePoints:
    """Tells sources apart; `point_of` gives the number of a source's vantage point, 0 for the only or first one."""

    def __init__(self, point_of: Callable[[int], int]) -> None:
        self.point_of = point_of

    def mark(self, ref: int) -> int:
        """What the keys of the frame `ref` are XORed with."""
        return self.point_of(frame_source(ref)) << _SHIFT

    def separate(self, columns: Columns) -> None:
        """Make the endpoint keys of all but the first vantage point keys of their own."""
        ref = columns.batch.ref
        if int(ref.max()) >> _SHIFT == 0:
            return
        source = ref >> _SHIFT
        marks = np.zeros(int(source.max()) + 1, np.uint64)
        for index in distinct(source).tolist():
            marks[index] = self.point_of(index) << _SHIFT
        if not marks.any():
            return
        mark = marks[source]
        for part in (columns.datagrams, columns.segments):
            part.source = part.source ^ mark[part.row]
            part.destination = part.destination ^ mark[part.row]
        columns.fragments.key = columns.fragments.key ^ mark[columns.fragments.row]
