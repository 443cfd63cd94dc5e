"""Follows every TFTP transfer of a capture: requests one by one, DATA and ACK by the column.

A transfer is known by its client's endpoint, because the server answers from a port of its own choosing
(RFC 1350 section 4) and sometimes from another address. The server port that the client acknowledges first
is the transfer's; further ports that repeated requests opened are orphans and judged by nobody (B-08).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from pxedebug.errors import MalformedFrame
from pxedebug.track.limits import SECOND, Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.track.tftp.bulk import Bulk
from pxedebug.track.tftp.head import Head
from pxedebug.track.tftp.transfer import TftpTransfer
from pxedebug.wire.frames import Columns, endpoint_key
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import read_packet
from pxedebug.wire.reassembly import CompletedDatagrams
from pxedebug.wire.tftp import Opcode, Request, decode_request, looks_like_request

__all__ = ["TftpFollower"]

_PORT = 69
_COPY_WINDOW = 100_000
_EXPIRE_EVERY = 5 * SECOND

Trace = Callable[[NDArray[np.int64], NDArray[np.uint32]], None]


class TftpFollower:
    """Fed with the columns of each batch in capture order; `opened` is told of every new transfer."""

    def __init__(self, limits: Limits, opened: Callable[[TftpTransfer], None], trace: Trace | None = None) -> None:
        self._limits = limits
        self._opened = opened
        self._trace = trace
        self._live: dict[int, TftpTransfer] = {}
        self._table = EndpointTable()
        self._stale = False
        self._bulk = Bulk(limits)
        self._expired = 0

    def feed(self, columns: Columns, whole: CompletedDatagrams | None) -> None:
        """Take the TFTP frames of one batch; `whole` are datagrams that became complete from fragments in it."""
        done = 0
        last_request: dict[int, int] = {}
        for index in self._candidates(columns):
            found = self._read_request(columns, index)
            if found is None:
                continue
            packet, request = found
            key = int(columns.datagrams.source[index])
            if key in self._live and self._moved(columns, key, last_request.get(key, done), index):
                # What came before the repeat decides whether it is one: count it first.
                self._follow(columns, done, index, None)
                done = index
            last_request[key] = index
            self._request(key, packet, request, index)
        self._follow(columns, done, len(columns.datagrams.row), whole)
        self._note_fragments(columns)

    def expire(self, now: int) -> None:
        """Close transfers that have been silent for longer than the limit."""
        if now - self._expired < _EXPIRE_EVERY:
            return
        self._expired = now
        seen = self._bulk.columns.seen
        for transfer in [t for t in self._live.values() if now - int(seen[t.slot]) > self._limits.transfer_age]:
            self._close(transfer)

    def unreachable(self, client: int, frame: int, time: int) -> None:
        """An ICMP error about a packet that the client endpoint `client` sent."""
        transfer = self._live.get(client)
        if transfer is not None and len(transfer.unreachable) < self._limits.pending_per_transfer:
            transfer.unreachable.append((frame, time))

    def wants(self, client: int) -> bool:
        """True while the start of the file that endpoint `client` reads is still being collected."""
        transfer = self._live.get(client)
        return transfer is not None and bool(self._bulk.columns.head_open[transfer.slot])

    def content(self, packet: Packet) -> None:
        """A datagram that was put together from fragments: DATA of the start of a file, perhaps."""
        transfer = self._live.get(endpoint_key(packet.destination.packed, packet.destination_port))
        if transfer is not None and packet.payload[:2] == b"\x00\x03":
            self._bulk.add_head(transfer, int.from_bytes(packet.payload[2:4], "big"), packet.payload[4:])

    def settle(self, transfer: TftpTransfer) -> None:
        """Bring `transfer.numbers` and what is known of its content up to date, for a report."""
        if transfer.slot >= 0:
            transfer.numbers = self._bulk.columns.numbers(transfer.slot)
            self._bulk.identify(transfer)

    def _candidates(self, columns: Columns) -> Iterator[int]:
        word = columns.datagrams.word
        # Opcodes 1 and 2 in one unsigned comparison; port 69 alone would miss servers on other ports.
        yield from np.flatnonzero(word - np.uint32(0x10000) < 0x20000).tolist()

    def _read_request(self, columns: Columns, index: int) -> tuple[Packet, Request] | None:
        datagrams = columns.datagrams
        start = int(datagrams.payload[index])
        payload = columns.batch.buffer[start : start + int(datagrams.captured[index])].tobytes()
        if int(datagrams.destination[index]) & 0xFFFF != _PORT and not looks_like_request(payload):
            return None
        try:
            request = decode_request(payload, int(datagrams.length[index]))
        except MalformedFrame:
            return None
        if self._trace:
            frame = datagrams.row[index : index + 1]
            self._trace(columns.batch.ref[frame], datagrams.word[index : index + 1])
        return read_packet(columns, index), request

    def _moved(self, columns: Columns, key: int, start: int, stop: int) -> bool:
        """True when the client at `key` sent anything but requests in datagram rows `start` to `stop`."""
        datagrams = columns.datagrams
        ours = datagrams.source[start:stop] == np.uint64(key)
        return bool((ours & (datagrams.word[start:stop] >= 0x30000)).any())

    def _request(self, key: int, packet: Packet, request: Request, index: int) -> None:
        transfer = self._live.get(key)
        if transfer is not None and self._repeats(transfer, request):
            self._repeat(transfer, packet)
            return
        if transfer is not None:
            self._close(transfer)
        if len(self._live) >= self._limits.open_transfers:
            seen = self._bulk.columns.seen
            self._close(min(self._live.values(), key=lambda t: int(seen[t.slot])))
        self._open(key, packet, request, index)

    def _repeats(self, transfer: TftpTransfer, request: Request) -> bool:
        return not transfer.started and not transfer.errors and transfer.request == request

    def _repeat(self, transfer: TftpTransfer, packet: Packet) -> None:
        first = transfer.packet
        if packet.ip_id == first.ip_id and packet.time - transfer.times[-1] < _COPY_WINDOW:
            transfer.copies += 1
        elif len(transfer.frames) < self._limits.pending_per_transfer:
            transfer.frames.append(packet.frame)
            transfer.times.append(packet.time)
        self._bulk.touch(transfer, packet)

    def _open(self, key: int, packet: Packet, request: Request, index: int) -> None:
        slot = self._bulk.columns.take()
        transfer = TftpTransfer(
            slot, key, packet, request, request.opcode == Opcode.WRQ, Head(self._limits.head_bytes)
        )  # fmt: skip
        transfer.frames.append(packet.frame)
        transfer.times.append(packet.time)
        self._live[key] = transfer
        self._stale = True
        self._bulk.start(transfer, index)
        self._opened(transfer)

    def _close(self, transfer: TftpTransfer) -> None:
        self._bulk.finish(transfer)
        del self._live[transfer.key]
        self._stale = True

    def _follow(self, columns: Columns, start: int, stop: int, whole: CompletedDatagrams | None) -> None:
        if not self._live:
            return
        if self._stale:
            self._table.rebuild({key: transfer.slot for key, transfer in self._live.items()})
            self._stale = False
        rows = self._bulk.follow(columns, start, stop, whole, self._table)
        if self._trace and len(rows):
            self._trace(rows.ref, rows.word)

    def _note_fragments(self, columns: Columns) -> None:
        """First fragments say that a transfer is fragmented, also when the rest never arrives."""
        rows = np.flatnonzero(columns.datagrams.fragment)
        if len(rows) and self._live:
            self._bulk.note_fragments(columns, rows, self._table)
