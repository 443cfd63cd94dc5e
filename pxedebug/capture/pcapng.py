"""The pcapng file format (draft-ietf-opsawg-pcapng): sections, interfaces and packet blocks.

Blocks are walked like pcap records. Packet blocks become columns with array operations; section headers, interface
descriptions and statistics are parsed one by one, everything else is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.blocks import (
    BYTE_ORDER_MAGIC,
    NUMBERED,
    SECTION_MAGIC,
    BlockType,
    parse_interface,
    parse_section,
    parse_statistics,
)
from pxedebug.capture.gather import gather32
from pxedebug.capture.interfaces import InterfaceTable
from pxedebug.capture.limits import ContainerLimits
from pxedebug.capture.packet_blocks import WORDS, OptionColumns, PacketColumns, option_columns, packet_columns
from pxedebug.capture.records import SourceInfo, cut_lengths, join
from pxedebug.capture.walk import Chain, Signature, Walk, walk
from pxedebug.capture.window import Window
from pxedebug.errors import CaptureError, LimitExceeded
from pxedebug.wire.batch import Batch, frame_ref

__all__ = ["PcapngDecoder"]

_SMALLEST_BODY = {
    BlockType.INTERFACE: 20,
    BlockType.OBSOLETE_PACKET: 32,
    BlockType.SIMPLE_PACKET: 16,
    BlockType.STATISTICS: 24,
    BlockType.ENHANCED_PACKET: 32,
    BlockType.SECTION: 28,
}
"""Shortest legal block of a type, headers and trailing length included."""

_FIRST_REACH = 1 << 10
"""Bytes walked at once behind a section header; doubles with every walk, so that many short sections cost no more than
one long one."""


class PcapngDecoder:
    """Decodes the blocks of one pcapng file; the window must stand at its first section header."""

    def __init__(self, info: SourceInfo, limits: ContainerLimits) -> None:
        self.stopped = False
        self._info = info
        self._limits = limits
        self._table = InterfaceTable()
        self._section_base = 0
        self._sections = 0
        self._big_endian = False
        self._chain = self._chain_of(big_endian=False)
        self._reach = _FIRST_REACH
        self._numbered = 0
        self._time = 0
        info.container = "pcapng"

    def _chain_of(self, big_endian: bool) -> Chain:
        largest = self._limits.record
        return Chain(
            length_at=4, fixed=0, header=12, minimum=12, maximum=largest, big_endian=big_endian, words=WORDS
        )  # fmt: skip

    def decode(self, window: Window) -> Batch | None:
        """Take every complete block out of `window`; None when they hold no frame.

        Raises CaptureError when not even the first section can be read, LimitExceeded for too many interfaces.
        """
        parts: list[Batch] = []
        while not self.stopped and len(window) >= 12:
            at_section = window.peek(4) == SECTION_MAGIC
            moved = self._section(window) if at_section else self._blocks(window, parts)
            if not moved:
                break
        return join(parts) if parts else None

    def _section(self, window: Window) -> bool:
        """Enter the section whose header is next; False while the header is incomplete."""
        order = BYTE_ORDER_MAGIC.get(window.peek(12)[8:])
        if order is None:
            return self._refuse(window, "damaged-record", "a section header without a byte-order mark")
        big_endian = order == "big"
        length = int.from_bytes(window.peek(8)[4:], "big" if big_endian else "little")
        if not _SMALLEST_BODY[BlockType.SECTION] <= length <= self._limits.record or length % 4:
            return self._refuse(window, "damaged-record", f"a section header of {length} bytes")
        if length > len(window):
            return False
        major, minor, comments = parse_section(window.peek(length), big_endian)
        if major != 1:
            return self._refuse(window, "unknown-version", f"a section of the unknown version {major}.{minor}")
        for comment in comments:
            self._info.comment(None, comment, self._limits)
        self._enter(big_endian)
        window.start += length
        return True

    def _enter(self, big_endian: bool) -> None:
        if not self._sections:
            self._info.byte_order = "big" if big_endian else "little"
        self._sections += 1
        self._big_endian = big_endian
        self._chain = self._chain_of(big_endian)
        self._section_base = len(self._table)
        self._reach = _FIRST_REACH

    def _refuse(self, window: Window, code: str, what: str) -> bool:
        """Stop for good; in the first section that means that the file cannot be read at all."""
        if not self._sections:
            raise CaptureError(f"a pcapng file that begins with {what}", "record the capture again")
        self.stopped = True
        self._info.warn(
            code, f"at byte {window.offset}, after frame {self._numbered}: {what}; nothing behind it was read"
        )
        return False

    def _blocks(self, window: Window, parts: list[Batch]) -> bool:
        """Decode blocks up to the next section header; False when no complete block was there."""
        data, start = window.data, window.start
        end = min(window.end, start + self._reach)
        found = walk(data, start, end, self._chain, self._signature)
        run = self._run(data, found)
        following = int(found.offsets[len(run)]) if len(run) < len(found.offsets) else found.next
        damaged = found.damaged if following == found.next else True
        if len(run):
            batch = self._take(data, run)
            if batch is not None:
                parts.append(batch)
        window.start = following
        self._reach *= 2
        # A section of the other byte order looks like damage to the walk.
        if damaged and window.peek(4) != SECTION_MAGIC:
            return self._refuse(window, "damaged-record", "a block with impossible lengths or an unknown interface")
        return following > start or end < window.end

    @property
    def _signature(self) -> Signature:
        kind = int(BlockType.ENHANCED_PACKET).to_bytes(4, "big" if self._big_endian else "little")
        return Signature(0, kind)

    def _run(self, data: NDArray[np.uint8], found: Walk) -> _Run:
        """The leading blocks that belong to this section and are consistent with themselves and their interfaces."""
        sections = np.flatnonzero(found.fields[0] == BlockType.SECTION)
        stop = int(sections[0]) if len(sections) else len(found.offsets)
        offsets, fields = found.offsets[:stop], found.fields[:, :stop]
        types, total = fields[0], fields[1].astype(np.int64)
        bad = (total & 3 != 0) | (gather32(data, offsets + total - 4, 1, self._big_endian)[0] != total)
        for kind, smallest in _SMALLEST_BODY.items():
            bad |= (types == kind) & (total < smallest)
        rows = np.flatnonzero(_is_packet(types) & ~bad)
        packets = packet_columns(offsets[rows], fields[:, rows], self._big_endian)
        known = len(self._table) - self._section_base + np.cumsum(types == BlockType.INTERFACE)
        bad[rows] |= (packets.captured > packets.room) | (packets.interface >= known[rows])
        good = int(bad.argmax()) if bad.any() else len(offsets)
        count = int(np.searchsorted(rows, good))
        return _Run(offsets[:good], types[:good], total[:good], rows[:count], packets.first(count))

    def _take(self, data: NDArray[np.uint8], run: _Run) -> Batch | None:
        """Note what the blocks of a run say; the batch of its packets, None without any."""
        described = (run.types == BlockType.INTERFACE) | (run.types == BlockType.STATISTICS)
        for row in np.flatnonzero(described).tolist():
            start = int(run.offsets[row])
            self._describe(data[start : start + int(run.total[row])].tobytes(), int(run.types[row]))
        numbers = self._numbered + np.cumsum(np.isin(run.types, NUMBERED))
        self._numbered = int(numbers[-1])
        return self._batch(data, run.packets, numbers[run.rows]) if len(run.rows) else None

    def _describe(self, block: bytes, kind: int) -> None:
        """Note what an interface description or statistics block says."""
        if kind == BlockType.STATISTICS:
            number, dropped = parse_statistics(block, self._big_endian)
            if number < len(self._table) - self._section_base and dropped is not None:
                self._info.interfaces[self._section_base + number].dropped = dropped
            return
        if len(self._table) >= self._limits.interfaces:
            raise LimitExceeded(
                f"more than {self._limits.interfaces} interfaces (limit `interfaces`)",
                "such a file is forged or damaged",
            )
        interface, comments = parse_interface(block, self._big_endian)
        self._table.append(interface)
        self._info.interfaces.append(interface)
        for comment in comments:
            self._info.comment(None, comment, self._limits)

    def _batch(self, data: NDArray[np.uint8], packets: PacketColumns, numbers: NDArray[np.int64]) -> Batch:
        interface = packets.interface + self._section_base
        options = option_columns(data, packets, self._big_endian)
        refs = frame_ref(self._info.index, 0) + numbers
        for row, start, length in options.comments:
            text = data[start : start + min(length, self._limits.comment_length)].tobytes()
            self._info.comment(int(refs[row]), text.decode("utf-8", "backslashreplace"), self._limits)
        captured, wire = self._lengths(packets, interface, options)
        self._count(interface)
        return Batch(
            buffer=data,
            ref=refs,
            time=self._times(packets, interface),
            offset=packets.data,
            captured=captured,
            wire_length=wire,
            link_type=np.broadcast_to(self._table.column("link_type", interface), len(interface)).copy(),
            interface=interface.astype(np.int32),
        )

    def _lengths(
        self, packets: PacketColumns, interface: NDArray[np.int64], options: OptionColumns
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        captured = packets.captured
        if packets.simple.any():
            snap = self._table.column("snap_length", interface).astype(np.int64)
            captured = np.where(packets.simple & (snap > 0), np.minimum(captured, snap), captured)
        # epb_flags overrides if_fcslen where it gives a length (section 4.3.1).
        announced = self._table.column("fcs_length", interface)
        fcs = np.where(options.fcs_length > 0, options.fcs_length, announced)
        return cut_lengths(captured, packets.wire, fcs)

    def _times(self, packets: PacketColumns, interface: NDArray[np.int64]) -> NDArray[np.int64]:
        time = self._table.nanoseconds(packets.ticks, interface)
        if packets.simple.any():
            self._info.warn("frames-without-time", "simple packet blocks carry no time; the time before them is used")
            timed = np.where(packets.simple, -1, np.arange(len(time)))
            latest = np.maximum.accumulate(timed)
            time = np.where(latest < 0, self._time, time[latest])
        self._time = int(time[-1])
        return time

    def _count(self, interface: NDArray[np.int64]) -> None:
        frames = np.bincount(interface)
        for index in np.flatnonzero(frames).tolist():
            self._info.interfaces[index].frames += int(frames[index])


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive blocks of one section, all of them sound."""

    offsets: NDArray[np.int64]
    types: NDArray[np.uint32]
    total: NDArray[np.int64]
    rows: NDArray[np.int64]
    """Which of them are packet blocks."""
    packets: PacketColumns

    def __len__(self) -> int:
        return len(self.offsets)


def _is_packet(types: NDArray[np.uint32]) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = types == BlockType.ENHANCED_PACKET
    result |= types == BlockType.SIMPLE_PACKET
    result |= types == BlockType.OBSOLETE_PACKET
    return result
