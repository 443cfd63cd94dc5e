"""The bulk of TFTP: which rows belong to which transfer and server port, and their count by array operations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pxedebug.errors import MalformedFrame
from pxedebug.track.limits import Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.track.tftp.absorb import DataRows, Segmented, absorb_acks, absorb_data, absorb_times, segment
from pxedebug.track.tftp.columns import TransferColumns
from pxedebug.track.tftp.contents import ContentMemory
from pxedebug.track.tftp.head import Head
from pxedebug.track.tftp.holes import Holes
from pxedebug.track.tftp.rows import TftpRows, gather_rows
from pxedebug.track.tftp.transfer import PendingFrame, TftpTransfer, TransferError
from pxedebug.wire.frames import Columns
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import read_packet
from pxedebug.wire.reassembly import CompletedDatagrams
from pxedebug.wire.tftp import Opcode, decode_error, decode_oack

__all__ = ["Bulk"]

_HEAD_BLOCKS = 129  # 64 KiB of 512-byte blocks, the smallest size that firmware uses
_MAX_ORPHAN_PORTS = 64


class Bulk:
    """Owns the columns of all open transfers, by slot."""

    def __init__(self, limits: Limits) -> None:
        self.columns = TransferColumns()
        self._limits = limits
        self._transfers: dict[int, TftpTransfer] = {}
        self._holes: dict[int, Holes] = {}
        self._opened_at: dict[int, int] = {}
        self._contents = ContentMemory(limits)

    def start(self, transfer: TftpTransfer, index: int) -> None:
        """Begin to follow `transfer`, whose request is datagram row `index` of the batch being fed."""
        self._transfers[transfer.slot] = transfer
        self._opened_at[transfer.slot] = index
        self.columns.write[transfer.slot] = transfer.write
        self.columns.head_open[transfer.slot] = not transfer.write
        self.touch(transfer, transfer.packet)

    def touch(self, transfer: TftpTransfer, packet: Packet) -> None:
        """A request of `transfer` was seen."""
        columns, slot = self.columns, transfer.slot
        if columns.seen[slot]:
            columns.gap[slot] = max(int(columns.gap[slot]), packet.time - int(columns.seen[slot]))
        columns.seen[slot] = packet.time
        columns.seen_ref[slot] = packet.frame

    def finish(self, transfer: TftpTransfer) -> None:
        """Stop following `transfer` and keep its numbers."""
        self._let_go(transfer)
        transfer.numbers = self.columns.numbers(transfer.slot)
        self.columns.release(transfer.slot)
        self._holes.pop(transfer.slot, None)
        del self._transfers[transfer.slot]
        transfer.slot = -1

    def follow(
        self, columns: Columns, start: int, stop: int, whole: CompletedDatagrams | None, table: EndpointTable
    ) -> TftpRows:
        """Count datagram rows `start` to `stop`; returns the rows that belong to transfers, orphans included."""
        rows = gather_rows(columns, start, stop, whole, table)
        if not len(rows):
            self._opened_at.clear()
            return rows
        if self._opened_at:
            rows = self._drop_earlier(rows)
        at = segment(rows.slot)
        self._choose_peers(columns, rows, at)
        chosen = rows.peer == self.columns.peer[rows.slot]
        if not chosen.all():
            self._note_orphans(rows.take(~chosen))
            self._count(columns, rows.take(chosen))
        else:
            self._count(columns, rows)
        return rows

    def note_fragments(self, columns: Columns, rows: NDArray[np.int64], table: EndpointTable) -> None:
        """Count first fragments (datagram rows `rows`) for the transfers they belong to."""
        datagrams = columns.datagrams
        slot = table.find(datagrams.destination[rows])
        missed = slot < 0
        slot[missed] = table.find(datagrams.source[rows[missed]])
        known = slot >= 0
        np.add.at(self.columns.fragments, slot[known], 1)
        frame = datagrams.row[rows[known]]
        self.columns.seen[slot[known]] = np.maximum(self.columns.seen[slot[known]], columns.batch.time[frame])
        self.columns.seen_ref[slot[known]] = np.maximum(self.columns.seen_ref[slot[known]], columns.batch.ref[frame])

    def add_head(self, transfer: TftpTransfer, block: int, content: bytes) -> None:
        """One block of the start of a file."""
        if not self.columns.head_open[transfer.slot]:
            return
        if block == 1 and not transfer.content_key and not self._contents.begin(transfer, content):
            self.columns.head_open[transfer.slot] = False
            return
        transfer.head.add(block, content)
        if transfer.head.full:
            self._let_go(transfer)

    def identify(self, transfer: TftpTransfer) -> None:
        """Say what the file is by what is known of it now."""
        content = self._contents.of(transfer)
        if content is not None:
            transfer.content_type, transfer.content_detail, transfer.kept_head = (
                content.type,
                content.detail,
                content.head,
            )

    def _let_go(self, transfer: TftpTransfer) -> None:
        """Enough of the file was collected, or no more will come."""
        self._contents.release(transfer)
        self.identify(transfer)
        self.columns.head_open[transfer.slot] = False
        transfer.head = Head(0)

    def _drop_earlier(self, rows: TftpRows) -> TftpRows:
        """Leave out frames of a port from before its request: they belong to something that was not seen."""
        opened = np.full(int(rows.slot.max()) + 1, -1, np.int64)
        for slot, index in self._opened_at.items():
            if slot < len(opened):
                opened[slot] = index
        self._opened_at.clear()
        early = (rows.index < opened[rows.slot]) & (rows.index >= 0)
        return rows.take(~early) if early.any() else rows

    def _choose_peers(self, columns: Columns, rows: TftpRows, at: Segmented) -> None:
        """For transfers that have no server port yet: the one to which the client sends its first packet."""
        unknown = np.flatnonzero(self.columns.peer[at.slots] == 0)
        for which in unknown.tolist():
            part = slice(int(at.starts[which]), int(at.starts[which] + at.counts[which]))
            transfer = self._transfers[int(at.slots[which])]
            from_client = np.flatnonzero(rows.from_client[part])
            if len(from_client):
                self._choose(columns, transfer, rows, part.start + int(from_client[0]))
            else:
                self._wait(columns, transfer, rows, part)

    def _choose(self, columns: Columns, transfer: TftpTransfer, rows: TftpRows, row: int) -> None:
        peer = int(rows.peer[row])
        self.columns.peer[transfer.slot] = transfer.peer = peer
        transfer.peer_port = peer & 0xFFFF
        if rows.index[row] >= 0:
            packet = read_packet(columns, int(rows.index[row]))
            transfer.peer_address = packet.destination if rows.from_client[row] else packet.source
        pending, transfer.pending = transfer.pending, []
        # What other ports said is forgotten: they are orphans from now on.
        transfer.oack, transfer.oacks, transfer.errors = None, 0, []
        self._replay(transfer, [frame for frame in pending if frame.peer == peer])
        for frame in pending:
            if frame.peer != peer:
                self._orphan(transfer, frame.peer)

    def _wait(self, columns: Columns, transfer: TftpTransfer, rows: TftpRows, part: slice) -> None:
        """Keep what servers sent until the client shows which of them it listens to."""
        for row in range(part.start, part.stop):
            if len(transfer.pending) >= self._limits.pending_per_transfer:
                # No acknowledgement in sight (one direction captured, or lost): take the first that answered.
                transfer.provisional = True
                first = transfer.pending[0].peer
                same = [r for r in range(part.start, part.stop) if int(rows.peer[r]) == first]
                self._choose(columns, transfer, rows, same[0] if same else row)
                return
            self._pend(columns, transfer, rows, row)

    def _pend(self, columns: Columns, transfer: TftpTransfer, rows: TftpRows, row: int) -> None:
        content = self._content(columns, rows, row)
        frame = PendingFrame(
            int(rows.index[row]), int(rows.ref[row]), int(rows.time[row]), int(rows.word[row]),
            max(0, int(rows.length[row]) - 4), int(rows.peer[row]), int(rows.identification[row]), content,
        )  # fmt: skip
        transfer.pending.append(frame)
        opcode = frame.word >> 16
        if opcode in (Opcode.ERROR, Opcode.OACK):
            self._control(transfer, content, frame.frame, frame.time, frame.peer, from_client=False)

    def _replay(self, transfer: TftpTransfer, frames: list[PendingFrame]) -> None:
        """Count what came in earlier batches, before the peer was known."""
        slot = transfer.slot
        for frame in frames:
            at = Segmented(np.array([slot]), np.array([0]), np.array([1]))
            time = np.array([frame.time], np.int64)
            absorb_times(self.columns, at, time, np.array([frame.frame], np.int64))
            opcode, block = frame.word >> 16, np.array([frame.word & 0xFFFF], np.int64)
            if opcode >= Opcode.ERROR:
                self._control(transfer, frame.content, frame.frame, frame.time, frame.peer, from_client=False)
            elif opcode == Opcode.ACK and transfer.write:
                absorb_acks(self.columns, at, block, time)
            elif opcode == Opcode.DATA and not transfer.write:
                length = np.array([frame.length], np.int64)
                rows = DataRows(at, block, length, time, np.array([frame.identification], np.int64))
                self.add_head(transfer, frame.word & 0xFFFF, frame.content[4:])
                absorb_data(self.columns, rows, self._holes, self._limits.holes_per_transfer)

    def _note_orphans(self, rows: TftpRows) -> None:
        for slot, peer in set(zip(rows.slot.tolist(), rows.peer.tolist(), strict=True)):
            if self.columns.peer[slot]:
                self._orphan(self._transfers[slot], peer)

    def _orphan(self, transfer: TftpTransfer, peer: int) -> None:
        self.columns.orphans[transfer.slot] += 1
        if len(transfer.orphan_ports) < _MAX_ORPHAN_PORTS:
            transfer.orphan_ports.add(peer & 0xFFFF)

    def _count(self, columns: Columns, rows: TftpRows) -> None:
        if not len(rows):
            return
        absorb_times(self.columns, segment(rows.slot), rows.time, rows.ref)
        opcode = rows.opcode
        sent = rows.from_client == self.columns.write[rows.slot]
        self._count_data(columns, rows, (opcode == Opcode.DATA) & sent)
        acks = np.flatnonzero((opcode == Opcode.ACK) & ~sent)
        if len(acks):
            block = (rows.word[acks] & np.uint32(0xFFFF)).astype(np.int64)
            absorb_acks(self.columns, segment(rows.slot[acks]), block, rows.time[acks])
        for row in np.flatnonzero(opcode >= Opcode.ERROR).tolist():
            transfer = self._transfers[int(rows.slot[row])]
            self._control(
                transfer, self._content(columns, rows, row), int(rows.ref[row]), int(rows.time[row]),
                int(rows.peer[row]), from_client=bool(rows.from_client[row]),
            )  # fmt: skip

    def _count_data(self, columns: Columns, rows: TftpRows, wanted: NDArray[np.bool_]) -> None:
        chosen = np.flatnonzero(wanted)
        if not len(chosen):
            return
        slot = rows.slot[chosen]
        block = (rows.word[chosen] & np.uint32(0xFFFF)).astype(np.int64)
        data = DataRows(
            segment(slot), block, np.maximum(rows.length[chosen] - 4, 0), rows.time[chosen], rows.identification[chosen]
        )
        # Collect a file's start before its numbers move on: block 1 after a roll-over is not block 1.
        early = (block < _HEAD_BLOCKS) & self.columns.head_open[slot] & (self.columns.high[slot] < _HEAD_BLOCKS)
        early &= (block - 1) * data.length < self._limits.head_bytes
        wanted_rows = np.flatnonzero(early)
        for row, where, number in zip(
            chosen[wanted_rows].tolist(), slot[wanted_rows].tolist(), block[wanted_rows].tolist(), strict=True
        ):
            if self.columns.head_open[where]:  # another transfer of the same file may be looked at already
                self.add_head(self._transfers[where], number, self._content(columns, rows, row)[4:])
        absorb_data(self.columns, data, self._holes, self._limits.holes_per_transfer)

    def _content(self, columns: Columns, rows: TftpRows, row: int) -> bytes:
        index = int(rows.index[row])
        if index < 0:
            return b""
        datagrams = columns.datagrams
        start = int(datagrams.payload[index])
        return columns.batch.buffer[start : start + int(datagrams.captured[index])].tobytes()

    def _control(
        self, transfer: TftpTransfer, payload: bytes, frame: int, time: int, peer: int, *, from_client: bool
    ) -> None:
        """An OACK or ERROR; other opcodes above 4 are no TFTP and say nothing."""
        opcode = int.from_bytes(payload[:2], "big")
        try:
            if opcode == Opcode.OACK and not from_client:
                transfer.oacks += 1
                if transfer.oack is None:
                    transfer.oack, transfer.oack_time = decode_oack(payload), time
            elif opcode == Opcode.ERROR and len(transfer.errors) < self._limits.pending_per_transfer:
                error = decode_error(payload)
                transfer.errors.append(TransferError(frame, time, error.code, error.message, from_client, peer))
        except MalformedFrame:
            return
