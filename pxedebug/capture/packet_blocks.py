"""Packet blocks of pcapng as columns: enhanced, simple and the obsolete kind (sections 4.3, 4.4 and A of the draft)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.blocks import BlockType, Option
from pxedebug.capture.gather import gather32

__all__ = ["WORDS", "OptionColumns", "PacketColumns", "option_columns", "packet_columns"]

WORDS = 7
"""32-bit integers from the block type to the end of an enhanced packet block's header."""

_MOST_OPTIONS = 64
"""Options of one block that are looked at."""


@dataclass(slots=True)
class PacketColumns:
    """Packet blocks, one row each, as stored: no unit converted, nothing cut off."""

    block: NDArray[np.int64]
    """Where the block starts."""
    total: NDArray[np.int64]
    """The block's length."""
    simple: NDArray[np.bool_]
    """A simple packet block: without interface, time or captured length of its own."""
    interface: NDArray[np.int64]
    """Interface number in the section."""
    ticks: NDArray[np.uint64]
    """The timestamp in the interface's unit; 0 in simple packet blocks."""
    data: NDArray[np.int64]
    """Where the frame starts."""
    captured: NDArray[np.int64]
    """Captured bytes; of simple packet blocks the wire length, cut to the block but not yet to the snap length."""
    wire: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.block)

    def first(self, count: int) -> PacketColumns:
        """The first `count` rows."""
        return PacketColumns(
            self.block[:count],
            self.total[:count],
            self.simple[:count],
            self.interface[:count],
            self.ticks[:count],
            self.data[:count],
            self.captured[:count],
            self.wire[:count],
        )

    @property
    def room(self) -> NDArray[np.int64]:
        """Bytes that the block has for the frame and its options."""
        return self.block + self.total - 4 - self.data


def packet_columns(blocks: NDArray[np.int64], fields: NDArray[np.uint32], big_endian: bool) -> PacketColumns:
    """Packet blocks from their first `WORDS` integers, shape (`WORDS`, blocks)."""
    types, total = fields[0], fields[1].astype(np.int64)
    simple = types == BlockType.SIMPLE_PACKET
    interface = fields[2]
    obsolete = types == BlockType.OBSOLETE_PACKET
    if obsolete.any():
        # The obsolete block has a 16-bit interface number, then a 16-bit count of drops.
        interface = np.where(obsolete, interface >> 16 if big_endian else interface & 0xFFFF, interface)
    ticks = fields[3].astype(np.uint64) << np.uint64(32) | fields[4]
    captured, wire = fields[5].astype(np.int64), fields[6]
    start = blocks + 28
    if simple.any():
        wire = np.where(simple, fields[2], wire)
        captured = np.where(simple, np.minimum(wire, total - 16), captured)
        start = np.where(simple, blocks + 12, start)
        interface = np.where(simple, 0, interface)
        ticks = np.where(simple, np.uint64(0), ticks)
    return PacketColumns(blocks, total, simple, interface.astype(np.int64), ticks, start, captured, wire)


@dataclass(slots=True)
class OptionColumns:
    """What the options of packet blocks say."""

    fcs_length: NDArray[np.int64]
    """Bytes of frame check sequence by epb_flags, 0 where it does not say."""
    comments: list[tuple[int, int, int]]
    """Row, start and length of every comment, in order of rows."""


def option_columns(data: NDArray[np.uint8], packets: PacketColumns, big_endian: bool) -> OptionColumns:
    """Walk the options of all packet blocks in step: the first of each, the second of each, and so on."""
    result = OptionColumns(np.zeros(len(packets.block), dtype=np.int64), [])
    cursor = packets.data + (packets.captured + 3 & ~3)
    end = packets.block + packets.total - 4
    rows = np.flatnonzero((cursor + 4 <= end) & ~packets.simple)
    for _ in range(_MOST_OPTIONS):
        if not len(rows):
            break
        at = cursor[rows]
        head, value = gather32(data, at, 2, big_endian).astype(np.int64)
        code, length = (head >> 16, head & 0xFFFF) if big_endian else (head & 0xFFFF, head >> 16)
        whole = (code != Option.END) & (at + 4 + length <= end[rows])
        flags = whole & (code == Option.EPB_FLAGS) & (length == 4)
        result.fcs_length[rows[flags]] = value[flags] >> 5 & 0xF
        comment = whole & (code == Option.COMMENT)
        triples = zip(rows[comment].tolist(), (at[comment] + 4).tolist(), length[comment].tolist(), strict=True)
        result.comments.extend(triples)
        cursor[rows] = at + 4 + (length + 3 & ~3)
        rows = rows[whole & (cursor[rows] + 4 <= end[rows])]
    result.comments.sort()
    return result
