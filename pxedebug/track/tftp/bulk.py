"""The bulk of TFTP: which rows belong to which transfer and server port, and their count by array operations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pxedebug.errors import MalformedFrame
from pxedebug.track.clocks import COPY_WINDOW
from pxedebug.track.gaps import Gaps
from pxedebug.track.limits import Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.track.tftp.absorb import (
    DataRows,
    Segmented,
    absorb_acks,
    absorb_data,
    absorb_times,
    absorb_turns,
    clock,
    segment,
)
from pxedebug.track.tftp.columns import TransferColumns
from pxedebug.track.tftp.contents import ContentMemory
from pxedebug.track.tftp.head import Head
from pxedebug.track.tftp.rows import TftpRows, WholeDatagrams, gather_rows
from pxedebug.track.tftp.transfer import Answer, PendingFrame, TftpTransfer, TransferError
from pxedebug.wire.frames import Columns
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import read_packet
from pxedebug.wire.tftp import Opcode, decode_error, decode_oack

__all__ = ["Bulk"]

_LARGEST_WINDOW = 65535  # RFC 7440 section 3
_HEAD_BLOCKS = 129  # 64 KiB of 512-byte blocks, the smallest size that firmware uses
_ANSWERS = 8  # kept of each transfer
_IPV4_HEADER, _IPV6_FRAGMENT_HEADERS = 20, 48


class Bulk:
    """Owns the columns of all open transfers, by slot."""

    def __init__(self, limits: Limits) -> None:
        self.columns = TransferColumns()
        self._limits = limits
        self._transfers: dict[int, TftpTransfer] = {}
        self._holes: dict[int, Gaps] = {}
        self._opened_at: dict[int, int] = {}
        self._contents = ContentMemory(limits)
        self._whole: WholeDatagrams | None = None
        self.lapsed: list[TftpTransfer] = []
        """Transfers that were silent for longer than the limit when a frame came for their port."""

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
        columns.seen[slot] = max(int(columns.seen[slot]), packet.time)
        columns.heard[slot] = max(int(columns.heard[slot]), packet.time)
        columns.seen_ref[slot] = packet.frame

    def silent(self, transfer: TftpTransfer, now: int) -> bool:
        """True when nothing of `transfer` was heard for longer than the limit."""
        numbers = transfer.numbers
        heard = numbers.heard if transfer.slot < 0 and numbers is not None else int(self.columns.heard[transfer.slot])
        return now - heard > self._limits.transfer_age

    def finish(self, transfer: TftpTransfer) -> None:
        """Stop following `transfer` and keep its numbers."""
        self._let_go(transfer)
        transfer.numbers = self.columns.numbers(transfer.slot)
        self.columns.release(transfer.slot)
        self._holes.pop(transfer.slot, None)
        self._opened_at.pop(transfer.slot, None)
        del self._transfers[transfer.slot]
        transfer.slot = -1

    def follow(
        self, columns: Columns, start: int, stop: int, whole: WholeDatagrams | None, table: EndpointTable
    ) -> TftpRows:
        """Count datagram rows `start` to `stop`; returns the rows that belong to transfers, orphans included.

        What has `lapsed` meanwhile waits to be finished.
        """
        self._whole = whole
        rows = gather_rows(columns, start, stop, whole, table)
        if self._opened_at:
            rows = self._drop_earlier(columns, rows)
        at = segment(rows.slot)
        if len(rows):
            rows, at = self._drop_lapsed(rows, at)
        if len(columns.fragments.row):
            rows = self._drop_fragments(columns, rows)
            at = segment(rows.slot)
        if not len(rows):
            return rows
        self._collect_heads(columns, rows)
        self._choose_peers(columns, rows, at)
        chosen = rows.peer == at.spread(self.columns.peer[at.slots])
        if not chosen.all():
            self._note_orphans(rows.take(~chosen))
            ours = rows.take(chosen)
            self._count(columns, ours, segment(ours.slot))
        else:
            self._count(columns, rows, at)
        return rows

    def _add_head(self, transfer: TftpTransfer, block: int, content: bytes) -> None:
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

    def _drop_earlier(self, columns: Columns, rows: TftpRows) -> TftpRows:
        """Leave out frames of a port from before its request: they belong to something that was not seen."""
        opened = np.full(len(self.columns.high), -1, np.int64)
        opened[list(self._opened_at)] = columns.datagrams.row[list(self._opened_at.values())]
        self._opened_at.clear()
        early = rows.frame(columns) < opened[rows.slot]
        return rows.take(~early) if early.any() else rows

    def _drop_lapsed(self, rows: TftpRows, at: Segmented) -> tuple[TftpRows, Segmented]:
        """Leave out what came after a silence longer than the limit, and say whose silence it was."""
        before, latest = clock(rows.time, at, self.columns.heard[at.slots])
        late = rows.time - before > self._limits.transfer_age
        self.columns.heard[at.slots] = latest
        if not late.any():
            return rows, at
        keep = np.ones(len(rows), bool)
        for which in np.flatnonzero(np.logical_or.reduceat(late, at.starts)).tolist():
            part = slice(int(at.starts[which]), int(at.ends[which]) + 1)
            first = part.start + int(late[part].argmax())
            keep[first : part.stop] = False
            self.columns.heard[at.slots[which]] = before[first]
            self.lapsed.append(self._transfers[int(at.slots[which])])
        rows = rows.take(keep)
        return rows, segment(rows.slot)

    def _drop_fragments(self, columns: Columns, rows: TftpRows) -> TftpRows:
        """Leave out first fragments, whose datagrams count when they are whole; they show that there are fragments."""
        plain = rows.index >= 0
        np.add.at(self.columns.whole, rows.slot[~plain], 1)
        plain[plain] = columns.datagrams.fragment[rows.index[plain]]
        slot = rows.slot[plain]
        if len(slot):
            np.add.at(self.columns.fragments, slot, 1)
            np.maximum.at(self.columns.fragment_size, slot, self._fragment_sizes(columns, rows.take(plain)))
            fresh = self.columns.fragment_ref[slot] == 0
            # Written in reverse, the first of each slot stays.
            self.columns.fragment_ref[slot[fresh][::-1]] = rows.ref[plain][fresh][::-1]
        return rows.take(~plain)

    def _fragment_sizes(self, columns: Columns, first: TftpRows) -> NDArray[np.int64]:
        """IP bytes of the frames that hold first fragments, by their IP headers."""
        fragments = columns.fragments
        place = np.minimum(np.searchsorted(fragments.row, first.frame(columns)), len(fragments.row) - 1)
        header = np.where(first.peer >> np.uint64(63) != 0, _IPV6_FRAGMENT_HEADERS, _IPV4_HEADER)
        return fragments.length[place].astype(np.int64) + header

    def _collect_heads(self, columns: Columns, rows: TftpRows) -> None:
        """Keep the blocks at the start of each file, in frame order, before the numbers move on over them."""
        slot = rows.slot
        early = self.columns.head_open[slot]
        if not early.any():
            return
        block = (rows.word & np.uint32(0xFFFF)).astype(np.int64)
        early &= (rows.opcode == Opcode.DATA) & ~rows.from_client
        early &= (block < _HEAD_BLOCKS) & (self.columns.high[slot] < _HEAD_BLOCKS)
        early &= (block - 1) * (rows.length - 4) < self._limits.head_bytes
        chosen = np.flatnonzero(early)
        if not len(chosen):
            return
        chosen = chosen[np.argsort(rows.frame(columns)[chosen], kind="stable")]
        for row, number in zip(chosen.tolist(), block[chosen].tolist(), strict=True):
            transfer = self._transfers[int(slot[row])]
            if self.columns.head_open[transfer.slot]:  # another transfer of the same file may be looked at already
                self._add_head(transfer, number, self._content(columns, rows, row)[4:])

    def _choose_peers(self, columns: Columns, rows: TftpRows, at: Segmented) -> None:
        """For transfers that have no server port yet: the one that the client answers.

        The client's first packet shows it, or the server's: it goes on from its first block when that was acknowledged.
        """
        unknown = np.flatnonzero(self.columns.peer[at.slots] == 0)
        for which in unknown.tolist():
            part = slice(int(at.starts[which]), int(at.starts[which] + at.counts[which]))
            transfer = self._transfers[int(at.slots[which])]
            word = rows.word[part]
            goes_on = (word - np.uint32(0x40001) < 0xFFFF) if transfer.write else (word - np.uint32(0x30002) < 0xFFFE)
            answered = np.flatnonzero(rows.from_client[part] | goes_on)
            if len(answered):
                self._note_answers(columns, transfer, rows, range(part.start, part.start + int(answered[0]) + 1))
                self._choose(transfer, rows, part.start + int(answered[0]))
            else:
                self._note_answers(columns, transfer, rows, range(part.start, part.stop))
                self._wait(columns, transfer, rows, part)

    def _note_answers(self, columns: Columns, transfer: TftpTransfer, rows: TftpRows, part: range) -> None:
        """Keep who answered first, and from where; of datagrams put together from fragments the place is not told."""
        for row in part:
            if len(transfer.answers) >= _ANSWERS:
                return
            index, peer = int(rows.index[row]), int(rows.peer[row])
            if index < 0 or rows.from_client[row]:
                continue
            known = next((answer for answer in transfer.answers if answer.peer == peer), None)
            frame = int(rows.ref[row])
            if known is None:
                packet = read_packet(columns, index)
                known = Answer(frame, peer, packet.source, packet.source_mac)
            transfer.answers.append(known._replace(frame=frame))

    def _choose(self, transfer: TftpTransfer, rows: TftpRows, row: int) -> None:
        peer = int(rows.peer[row])
        self.columns.peer[transfer.slot] = transfer.peer = peer
        transfer.peer_port = peer & 0xFFFF
        pending, transfer.pending = transfer.pending, []
        # What other ports said is forgotten: they are orphans from now on.
        transfer.oack, transfer.oacks, transfer.oack_latest, transfer.errors = None, 0, (0, -1), []
        transfer.oack_copies = 0
        self._replay(transfer, [frame for frame in pending if frame.peer == peer])
        for frame in pending:
            if frame.peer != peer:
                self._orphan(transfer, frame.peer)
                if frame.word >> 16 == Opcode.DATA and transfer.rival is None:
                    transfer.rival = frame.frame

    def _wait(self, columns: Columns, transfer: TftpTransfer, rows: TftpRows, part: slice) -> None:
        """Keep what servers sent until the client shows which of them it listens to; after so many, no more."""
        stop = min(part.stop, part.start + self._limits.pending_per_transfer - len(transfer.pending))
        for row in range(part.start, stop):
            opcode = int(rows.word[row]) >> 16
            content = self._content(columns, rows, row) if opcode in (Opcode.ERROR, Opcode.OACK) else b""
            frame = PendingFrame(
                int(rows.ref[row]), int(rows.time[row]), int(rows.word[row]), max(0, int(rows.length[row]) - 4),
                int(rows.peer[row]), int(rows.identification[row]), content,
            )  # fmt: skip
            transfer.pending.append(frame)
            self._control(transfer, frame, from_client=False)

    def _replay(self, transfer: TftpTransfer, frames: list[PendingFrame]) -> None:
        """Count what came in earlier batches, before the peer was known."""
        slot = transfer.slot
        for frame in frames:
            at = Segmented(np.array([slot]), np.array([0]), np.array([1]))
            time, ref = np.array([frame.time], np.int64), np.array([frame.frame], np.int64)
            absorb_times(self.columns, at, time, ref)
            self.columns.side[slot] = 1
            opcode, block = frame.word >> 16, np.array([frame.word & 0xFFFF], np.int64)
            identification = np.array([frame.identification], np.int64)
            if opcode == Opcode.ACK and transfer.write:
                absorb_acks(self.columns, at, block, time, identification, ref)
            elif opcode == Opcode.DATA and not transfer.write:
                rows = DataRows(at, block, np.array([frame.length], np.int64), time, identification, ref)
                absorb_data(self.columns, rows, self._holes, self._limits.holes_per_transfer)
            self._control(transfer, frame, from_client=False)

    def _note_orphans(self, rows: TftpRows) -> None:
        known = np.flatnonzero(self.columns.peer[rows.slot] != 0)
        order = known[np.lexsort((rows.peer[known], rows.slot[known]))]
        if not len(order):
            return
        slot, peer = rows.slot[order], rows.peer[order]
        first = np.append(True, (slot[1:] != slot[:-1]) | (peer[1:] != peer[:-1]))
        for where, port in zip(slot[first].tolist(), peer[first].tolist(), strict=True):
            self._orphan(self._transfers[where], port)
        data = np.sort(known[(rows.opcode[known] == Opcode.DATA) & ~rows.from_client[known]])
        for row in data[np.unique(rows.slot[data], return_index=True)[1]].tolist():
            transfer = self._transfers[int(rows.slot[row])]
            transfer.rival = transfer.rival or int(rows.ref[row])

    def _orphan(self, transfer: TftpTransfer, peer: int) -> None:
        if len(transfer.orphan_ports) < self._limits.orphan_ports:
            transfer.orphan_ports.add(peer & 0xFFFF)

    def _count(self, columns: Columns, rows: TftpRows, at: Segmented) -> None:
        if not len(rows):
            return
        absorb_turns(self.columns, at, absorb_times(self.columns, at, rows.time, rows.ref), rows.from_client)
        opcode = rows.opcode
        # OACKs first: they say what the blocks and ACKs behind them mean.
        for row in np.flatnonzero(opcode >= Opcode.ERROR).tolist():
            frame = PendingFrame(
                int(rows.ref[row]), int(rows.time[row]), int(rows.word[row]), 0, int(rows.peer[row]),
                int(rows.identification[row]), self._content(columns, rows, row),
            )  # fmt: skip
            self._control(self._transfers[int(rows.slot[row])], frame, from_client=bool(rows.from_client[row]))
        sent = rows.from_client == self.columns.write[rows.slot]
        self._count_data(rows, (opcode == Opcode.DATA) & sent)
        acks = np.flatnonzero((opcode == Opcode.ACK) & ~sent)
        if len(acks):
            block = (rows.word[acks] & np.uint32(0xFFFF)).astype(np.int64)
            absorb_acks(
                self.columns, segment(rows.slot[acks]), block, rows.time[acks], rows.identification[acks],
                rows.ref[acks],
            )  # fmt: skip

    def _count_data(self, rows: TftpRows, wanted: NDArray[np.bool_]) -> None:
        chosen = np.flatnonzero(wanted)
        if not len(chosen):
            return
        block = (rows.word[chosen] & np.uint32(0xFFFF)).astype(np.int64)
        data = DataRows(
            segment(rows.slot[chosen]), block, np.maximum(rows.length[chosen] - 4, 0), rows.time[chosen],
            rows.identification[chosen], rows.ref[chosen],
        )  # fmt: skip
        absorb_data(self.columns, data, self._holes, self._limits.holes_per_transfer)

    def _content(self, columns: Columns, rows: TftpRows, row: int) -> bytes:
        index = int(rows.index[row])
        if index < 0:
            return self._whole.payload(int(rows.ref[row])) if self._whole is not None else b""
        datagrams = columns.datagrams
        start = int(datagrams.payload[index])
        return columns.batch.buffer[start : start + int(datagrams.captured[index])].tobytes()

    def _control(self, transfer: TftpTransfer, frame: PendingFrame, *, from_client: bool) -> None:
        """An OACK or ERROR; other opcodes above 4 are no TFTP and say nothing."""
        opcode = int.from_bytes(frame.content[:2], "big")
        try:
            if opcode == Opcode.OACK and not from_client:
                self._option_ack(transfer, frame)
            elif opcode == Opcode.ERROR and len(transfer.errors) < self._limits.pending_per_transfer:
                error = decode_error(frame.content)
                transfer.errors.append(
                    TransferError(frame.frame, frame.time, error.code, error.message, from_client, frame.peer)
                )
        except MalformedFrame:
            return

    def _option_ack(self, transfer: TftpTransfer, frame: PendingFrame) -> None:
        time, identification = transfer.oack_latest
        if transfer.oacks and identification == frame.identification and frame.time - time < COPY_WINDOW:
            transfer.oack_copies += 1
            return
        transfer.oacks += 1
        transfer.oack_latest = frame.time, frame.identification
        if transfer.oack is None:
            transfer.oack, transfer.oack_time = decode_oack(frame.content), frame.time
            window = min(transfer.oack.integer("windowsize") or 0, _LARGEST_WINDOW)
            self.columns.window[transfer.slot] = window if window > 1 else 0
