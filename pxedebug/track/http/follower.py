"""Follows HTTP boot transfers: connection attempts and heads one by one, bodies by sequence numbers.

Only connections of clients that boot (their DHCP or TFTP says so), or whose User-Agent is a boot loader's, are
followed: a mirror port carries far more HTTP than boots.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.http.body import absorb_body
from pxedebug.track.http.connection import HttpConnection, HttpTransfer, unfold_sequence
from pxedebug.track.limits import SECOND, Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.wire.bootprogram import identify
from pxedebug.wire.frames import Columns
from pxedebug.wire.http import REQUEST_WORDS, RESPONSE_WORD, RequestHead, ResponseHead, parse_head
from pxedebug.wire.packets import SegmentEndpoints, segment_endpoints, segment_payload

__all__ = ["BOOT_USER_AGENTS", "HTTP_PORTS", "HttpFollower"]

HTTP_PORTS = frozenset((80, 443, 3000, 5000, 8000, 8008, 8080, 8081, 8088, 8443, 8888, 9080, 9090))
"""Ports on which a booting client's connection is a boot transfer even before a request is seen."""
TLS_PORTS = frozenset((443, 8443))
BOOT_USER_AGENTS = (b"UefiHttpBoot", b"iPXE/", b"gPXE/", b"GRUB", b"Wget/U-Boot", b"U-Boot", b"Syslinux", b"PXELINUX")

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_EXPIRE_EVERY = 5 * SECOND
_COPY_WINDOW = 100_000


class HttpFollower:
    """Fed with the columns of each batch; `opened` is told of every new transfer and connection attempt.

    `interesting` gives endpoint keys >> 16 of the addresses of clients that boot.
    """

    def __init__(
        self,
        limits: Limits,
        interesting: Callable[[], set[int]],
        opened: Callable[[HttpTransfer, SegmentEndpoints], None],
    ) -> None:
        self._limits = limits
        self._interesting = interesting
        self._opened = opened
        self._live: dict[int, HttpConnection] = {}
        self._slots: list[HttpConnection | None] = []
        self._table = EndpointTable()
        self._expired = 0

    def feed(self, columns: Columns) -> None:
        """Take the segments of one batch."""
        segments = columns.segments
        if not len(segments.row):
            return
        self._open_connections(columns)
        if not self._live:
            return
        self._table.rebuild({key: connection.slot for key, connection in self._live.items()})
        slot = self._table.find(segments.source)
        from_client = slot >= 0
        rest = np.flatnonzero(~from_client)
        slot[rest] = self._table.find(segments.destination[rest])
        rows = np.flatnonzero(slot >= 0)
        rows = rows[np.argsort(slot[rows], kind="stable")]
        if not len(rows):
            return
        for part in np.split(rows, np.flatnonzero(np.diff(slot[rows])) + 1):
            connection = self._slots[int(slot[part[0]])]
            if connection is not None:
                self._follow(columns, connection, part, from_client)

    def expire(self, now: int) -> None:
        """Close connections that have been silent for longer than the limit."""
        if now - self._expired < _EXPIRE_EVERY:
            return
        self._expired = now
        for connection in [c for c in self._live.values() if now - c.last_time > self._limits.transfer_age]:
            self._close(connection)

    def unreachable(self, client: int, frame: int) -> None:
        """An ICMP error about a segment of the client endpoint `client`."""
        connection = self._live.get(client)
        if connection is not None and not connection.unreachable:
            connection.unreachable = frame

    def _open_connections(self, columns: Columns) -> None:
        segments = columns.segments
        starts = (segments.flags & (_SYN | _ACK)) == _SYN
        word = segments.word
        for request in REQUEST_WORDS:
            starts |= (word == request) & (segments.length > 0)
        for index in np.flatnonzero(starts).tolist():
            self._consider(columns, index)

    def _consider(self, columns: Columns, index: int) -> None:
        """Open a connection for a SYN or a request of a client that boots."""
        segments = columns.segments
        key = int(segments.source[index])
        known = self._live.get(key)
        is_syn = bool(segments.flags[index] & _SYN)
        if known is not None and not (is_syn and (known.transfers or known.accepted)):
            return
        port = int(segments.destination[index]) & 0xFFFF
        boots = key >> 16 in self._interesting()
        if is_syn and not (boots and port in HTTP_PORTS):
            return
        if not is_syn and not boots:
            payload = segment_payload(columns, index)
            if not any(agent in payload for agent in BOOT_USER_AGENTS):
                return
        if known is not None:
            if self._same_start(columns, index, known):
                return
            self._close(known)
        self._open(columns, index, key)

    def _same_start(self, columns: Columns, index: int, known: HttpConnection) -> bool:
        """A mirror's copy or a late retransmission of the SYN of a connection that is open already."""
        time = int(columns.batch.time[columns.segments.row[index]])
        return bool(known.times) and time - known.times[-1] < 2 * SECOND

    def _open(self, columns: Columns, index: int, key: int) -> None:
        if len(self._live) >= self._limits.open_connections:
            self._close(min(self._live.values(), key=lambda c: c.last_time))
        ends = segment_endpoints(columns, index)
        slot = next((i for i, used in enumerate(self._slots) if used is None), len(self._slots))
        connection = HttpConnection(
            slot, key, ends.source, ends.source_port, ends.source_mac, ends.ttl, ends.destination, ends.destination_port
        )
        if slot == len(self._slots):
            self._slots.append(connection)
        else:
            self._slots[slot] = connection
        row = columns.segments.row[index]
        connection.last_time, connection.last_frame = int(columns.batch.time[row]), int(columns.batch.ref[row])
        self._live[key] = connection
        connection.opening = HttpTransfer(connection, connection.frames, connection.times, None)
        self._opened(connection.opening, ends)

    def _close(self, connection: HttpConnection) -> None:
        del self._live[connection.key]
        self._slots[connection.slot] = None

    def _follow(
        self,
        columns: Columns,
        connection: HttpConnection,
        rows: NDArray[np.int64],
        from_client: NDArray[np.bool_],
    ) -> None:
        """All segments of one connection in this batch: control first, then the bodies."""
        segments, batch = columns.segments, columns.batch
        frame = segments.row[rows]
        times, refs = batch.time[frame], batch.ref[frame]
        down = ~from_client[rows]
        data = segments.length[rows] > 0
        flagged = (segments.flags[rows] & (_FIN | _SYN | _RST)) != 0
        word = segments.word[rows]
        heads = (data & down & (word == RESPONSE_WORD)) | (data & ~down)
        partial = bool(connection.transfers) and connection.transfers[-1].partial != b""
        control = flagged | heads | (down & data & partial)
        for where in np.flatnonzero(control).tolist():
            self._control(columns, connection, int(rows[where]), bool(down[where]))
        if connection.near < 0 and down.any():
            first = int(segments.sequence[rows[down][0]])
            connection.near = first + (1 << 32)  # room below for segments that arrive out of order
        body = rows[down & data]
        if len(body):
            absorb_body(columns, connection, body)
            self._identify(connection)
        if len(times):
            connection.last_time, connection.last_frame = int(times[-1]), int(refs[-1])

    def _control(self, columns: Columns, connection: HttpConnection, index: int, down: bool) -> None:
        segments, batch = columns.segments, columns.batch
        flags, row = int(segments.flags[index]), int(segments.row[index])
        time, ref = int(batch.time[row]), int(batch.ref[row])
        if flags & _SYN:
            self._handshake(connection, int(segments.sequence[index]), time, ref, accepted=bool(flags & _ACK))
        elif flags & _RST and not connection.reset:
            connection.reset, connection.reset_by_client = ref, not down
        elif flags & _FIN and down:
            connection.finished = connection.finished or time
        if not segments.length[index]:
            return
        if down:
            self._response(columns, connection, index, time, ref)
        elif int(segments.word[index]) in REQUEST_WORDS:
            self._request(columns, connection, index, time, ref)

    def _handshake(self, connection: HttpConnection, sequence: int, time: int, ref: int, *, accepted: bool) -> None:
        if accepted:
            connection.accepted = connection.accepted or time
            if connection.near < 0:
                connection.near = sequence + 1 + (1 << 32)
        elif not connection.times or time - connection.times[-1] > _COPY_WINDOW:
            connection.frames.append(ref)
            connection.times.append(time)

    def _request(self, columns: Columns, connection: HttpConnection, index: int, time: int, ref: int) -> None:
        head = parse_head(segment_payload(columns, index))
        if not isinstance(head, RequestHead):
            return
        latest = connection.transfers[-1] if connection.transfers else None
        if latest is not None and latest.response is None and latest.request == head:
            if time - latest.times[-1] > _COPY_WINDOW:
                latest.frames.append(ref)
                latest.times.append(time)
            return
        if len(connection.transfers) >= self._limits.transfers_per_client:
            return
        if connection.opening is not None and connection.opening.request is None and not connection.transfers:
            # The attempt's record becomes the first request's: one connection, one line in the story.
            transfer = connection.opening
            transfer.request, transfer.frames, transfer.times = head, [ref], [time]
        else:
            transfer = HttpTransfer(connection, [ref], [time], head)
            self._opened(transfer, segment_endpoints(columns, index))
        transfer.last_time, transfer.last_frame = time, ref
        connection.transfers.append(transfer)

    def _response(self, columns: Columns, connection: HttpConnection, index: int, time: int, ref: int) -> None:
        waiting = [transfer for transfer in connection.transfers if transfer.body_start < 0]
        if not waiting:
            return
        transfer, payload = waiting[0], segment_payload(columns, index)
        if not transfer.partial and int(columns.segments.word[index]) != RESPONSE_WORD:
            return
        text = transfer.partial + payload
        head = parse_head(text)
        if not isinstance(head, ResponseHead):
            return
        transfer.last_time, transfer.last_frame = time, ref
        if not transfer.response_frame:
            transfer.response_frame, transfer.first_data = ref, time
        transfer.response = head
        if not head.complete:
            transfer.partial = text
            return
        start = int(columns.segments.sequence[index]) + head.length - len(transfer.partial)
        if connection.near < 0:
            connection.near = start + (1 << 32)
        transfer.partial = b""
        if 100 <= head.status < 200:  # an interim answer: the real one follows
            transfer.response = None
            return
        transfer.body_start = transfer.high = unfold_sequence(start & 0xFFFFFFFF, connection.near)

    def _identify(self, connection: HttpConnection) -> None:
        for transfer in connection.transfers:
            if transfer.start and transfer.content_type is None:
                whole = transfer.response.content_length if transfer.response else None
                if len(transfer.start) >= min(self._limits.head_bytes, whole if whole is not None else 1 << 62):
                    program = identify(bytes(transfer.start), whole)
                    transfer.content_type = program.type
                    transfer.content_detail = program.detail
                    del transfer.start[self._limits.kept_head_bytes :]
