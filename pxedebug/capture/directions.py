"""The two directions of one tap, in two files: complements of each other, not two views of the same frames."""

from __future__ import annotations

import numpy as np

from pxedebug.wire.batch import Batch
from pxedebug.wire.linktypes import LINKTYPE_ETHERNET

__all__ = ["complementary"]

_ADDRESSES = 12
"""Bytes of an Ethernet header's destination and source."""
_FRAMES = 4096
"""Unicast frames looked at."""

Pair = tuple[bytes, bytes]


def complementary(first: Batch, second: Batch) -> bool:
    """Each of the two shows one direction only, and the one answers the other (Ethernet; by the hardware addresses)."""
    one, other = _pairs(first), _pairs(second)
    if not one or not other or one & other:
        return False
    answers = {(source, destination) for destination, source in other}
    return bool(one & answers) and not _both_ways(one) and not _both_ways(other)


def _both_ways(pairs: set[Pair]) -> bool:
    return any((source, destination) in pairs for destination, source in pairs)


def _pairs(batch: Batch) -> set[Pair]:
    """Destination and source of the unicast frames."""
    ethernet = np.flatnonzero((batch.link_type == LINKTYPE_ETHERNET) & (batch.captured >= _ADDRESSES))
    group = batch.buffer[batch.offset[ethernet]] & 1
    starts = batch.offset[ethernet[group == 0]][:_FRAMES].tolist()
    headers = {batch.buffer[start : start + _ADDRESSES].tobytes() for start in starts}
    return {(header[:6], header[6:]) for header in headers}
