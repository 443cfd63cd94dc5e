"""Follows every TFTP transfer of a capture: requests one by one, DATA and ACK by the column.

A transfer is known by its client's endpoint, because the server answers from a port of its own choosing
(RFC 1350 section 4) and sometimes from another address. The server port that the client acknowledges first
is the transfer's; further ports that repeated requests opened are orphans and judged by nobody (B-08).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pxedebug.errors import MalformedFrame
from pxedebug.track.clocks import COPY_WINDOW, SECOND
from pxedebug.track.limits import Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.track.tftp.bulk import Bulk
from pxedebug.track.tftp.head import Head
from pxedebug.track.tftp.rows import WholeDatagrams
from pxedebug.track.tftp.transfer import TftpTransfer
from pxedebug.wire.frames import Columns
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import read_packet
from pxedebug.wire.reassembly import Reassembled
from pxedebug.wire.tftp import Opcode, Request, decode_request, looks_like_request

__all__ = ["TftpFollower"]

_PORT = 69
_EXPIRE_EVERY = 5 * SECOND
_EVICTED_SHARE = 16

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
        self._expected: frozenset[int] = frozenset()
        self._closed: dict[int, list[TftpTransfer]] = {}

    def expect(self, columns: Columns) -> None:
        """Look ahead into a batch, before `feed`: who asks for a file in it will want the bytes of fragments."""
        requests = columns.datagrams.source[self._candidates(columns)]
        self._expected = frozenset(requests.tolist())

    def feed(self, columns: Columns, whole: Reassembled) -> None:
        """Take the TFTP frames of one batch; `whole` are datagrams that became complete from fragments in it."""
        self._closed.clear()
        datagrams = WholeDatagrams(columns, whole) if len(whole.completed) else None
        done = 0
        last_request: dict[int, int] = {}
        for index in self._candidates(columns).tolist():
            found = self._read_request(columns, index)
            if found is None:
                continue
            packet, request = found
            key = int(columns.datagrams.source[index])
            full = len(self._live) >= self._limits.open_transfers
            if (
                (full and key not in self._live)
                or (key in self._live and self._moved(columns, key, last_request.get(key, done), index))
                or datagrams is not None
            ):
                # What came before the request decides what it is, and who has been silent for longest: count it first.
                self._follow(columns, done, index, datagrams)
                done = index
            last_request[key] = index
            self._request(key, packet, request, index)
        self._follow(columns, done, len(columns.datagrams.row), datagrams)

    def expire(self, now: int) -> None:
        """Close transfers that have been silent for longer than the limit."""
        if now - self._expired < _EXPIRE_EVERY:
            return
        self._expired = now
        for transfer in [transfer for transfer in self._live.values() if self._bulk.silent(transfer, now)]:
            self._close(transfer)

    def unreachable(self, client: int, frame: int, time: int) -> None:
        """An ICMP error about a packet that the client endpoint `client` sent, in the batch fed last."""
        latest = self._live.get(client)
        transfers = [*self._closed.get(client, ()), *([latest] if latest is not None else ())]
        for transfer in reversed(transfers):
            if transfer.times[0] <= time:
                if len(transfer.unreachable) < self._limits.pending_per_transfer and not self._bulk.silent(
                    transfer, time
                ):
                    transfer.unreachable.append((frame, time))
                return

    def wants(self, client: int) -> bool:
        """True while the start of the file that endpoint `client` reads is still being collected."""
        transfer = self._live.get(client)
        if transfer is not None and bool(self._bulk.columns.head_open[transfer.slot]):
            return True
        return client in self._expected

    def settle(self, transfer: TftpTransfer) -> None:
        """Bring `transfer.numbers` and what is known of its content up to date, for a report."""
        if transfer.slot >= 0:
            transfer.numbers = self._bulk.columns.numbers(transfer.slot)
            self._bulk.identify(transfer)

    def _candidates(self, columns: Columns) -> NDArray[np.int64]:
        # Opcodes 1 and 2 in one unsigned comparison; port 69 alone would miss servers on other ports.
        return np.flatnonzero(columns.datagrams.word - np.uint32(0x10000) < 0x20000)

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
        """True when anything but requests went from or to the client at `key` in datagram rows `start` to `stop`."""
        datagrams, part = columns.datagrams, slice(start, stop)
        ours = (datagrams.source[part] == np.uint64(key)) | (datagrams.destination[part] == np.uint64(key))
        return bool((ours & (datagrams.word[part] >= 0x30000)).any())

    def _request(self, key: int, packet: Packet, request: Request, index: int) -> None:
        transfer = self._live.get(key)
        if transfer is not None and self._bulk.silent(transfer, packet.time):
            self._close(transfer)
            transfer = None
        if transfer is not None and self._repeats(transfer, packet, request):
            self._repeat(transfer, packet)
            return
        if transfer is not None:
            self._close(transfer)
        if len(self._live) >= self._limits.open_transfers:
            self._evict()
        self._open(key, packet, request, index)

    def _repeats(self, transfer: TftpTransfer, packet: Packet, request: Request) -> bool:
        if transfer.request != request:
            return False
        return self._is_copy(transfer, packet) or not (transfer.started or transfer.errors)

    def _is_copy(self, transfer: TftpTransfer, packet: Packet) -> bool:
        """A mirror delivered the request twice (catalogue B-13)."""
        return packet.ip_id == transfer.latest_id and packet.time - transfer.times[-1] < COPY_WINDOW

    def _repeat(self, transfer: TftpTransfer, packet: Packet) -> None:
        if self._is_copy(transfer, packet):
            transfer.copies += 1
        elif len(transfer.frames) < self._limits.pending_per_transfer:
            transfer.frames.append(packet.frame)
            transfer.times.append(packet.time)
            transfer.latest_id = packet.ip_id
        self._bulk.touch(transfer, packet)

    def _evict(self) -> None:
        """Close the part of all transfers that has been silent for longest: one by one would cost a search each."""
        live = list(self._live.values())
        heard = self._bulk.columns.heard[[transfer.slot for transfer in live]]
        for which in np.argsort(heard, kind="stable")[: max(1, len(live) // _EVICTED_SHARE)].tolist():
            self._close(live[which])

    def _open(self, key: int, packet: Packet, request: Request, index: int) -> None:
        slot = self._bulk.columns.take()
        transfer = TftpTransfer(
            slot, key, packet, request, request.opcode == Opcode.WRQ, Head(self._limits.head_bytes)
        )  # fmt: skip
        transfer.frames.append(packet.frame)
        transfer.times.append(packet.time)
        transfer.latest_id = packet.ip_id
        self._live[key] = transfer
        self._stale = True
        self._bulk.start(transfer, index)
        self._opened(transfer)

    def _close(self, transfer: TftpTransfer) -> None:
        self._bulk.finish(transfer)
        del self._live[transfer.key]
        self._closed.setdefault(transfer.key, []).append(transfer)
        self._stale = True

    def _follow(self, columns: Columns, start: int, stop: int, whole: WholeDatagrams | None) -> None:
        if not self._live:
            return
        if self._stale:
            self._table.rebuild({key: transfer.slot for key, transfer in self._live.items()})
            self._stale = False
        rows = self._bulk.follow(columns, start, stop, whole, self._table)
        for transfer in self._bulk.lapsed:
            self._close(transfer)
        self._bulk.lapsed.clear()
        if self._trace and len(rows):
            self._trace(rows.ref, rows.word)
