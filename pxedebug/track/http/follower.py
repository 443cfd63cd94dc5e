"""Follows HTTP boot transfers: connection attempts and heads one by one, bodies by sequence numbers.

Only connections of clients that boot (their DHCP or TFTP says so), or whose User-Agent is a boot loader's, are
followed: a mirror port carries far more HTTP than boots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.http.body import absorb_body
from pxedebug.track.http.connection import HttpConnection, HttpTransfer, unfold_sequence
from pxedebug.track.limits import SECOND, Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.wire.bootprogram import identify
from pxedebug.wire.frames import Columns
from pxedebug.wire.http import MAX_HEAD, REQUEST_WORDS, RESPONSE_WORD, RequestHead, ResponseHead, parse_head
from pxedebug.wire.packets import SegmentEndpoints, segment_endpoints, segment_payload

__all__ = ["BOOT_USER_AGENTS", "HTTP_PORTS", "HttpFollower"]

HTTP_PORTS = frozenset((80, 443, 3000, 5000, 8000, 8008, 8080, 8081, 8088, 8443, 8888, 9080, 9090))
"""Ports on which a booting client's connection is a boot transfer even before a request is seen."""
TLS_PORTS = frozenset((443, 8443))
BOOT_USER_AGENTS = (b"UefiHttpBoot", b"iPXE/", b"gPXE/", b"GRUB", b"Wget/U-Boot", b"U-Boot", b"Syslinux", b"PXELINUX")

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_EXPIRE_EVERY = 5 * SECOND
_COPY_WINDOW = 100_000
_EVICTED_SHARE = 16
_LARGEST_JUMP = 1 << 30


class HttpFollower:
    """Fed with the columns of each batch; `opened` is told of every new transfer and connection attempt.

    `interesting` gives endpoint keys >> 16 of the addresses of clients that boot, and since when.
    """

    def __init__(
        self,
        limits: Limits,
        interesting: Callable[[], Mapping[int, int]],
        opened: Callable[[HttpTransfer, SegmentEndpoints], None],
    ) -> None:
        self._limits = limits
        self._interesting = interesting
        self._opened = opened
        self._live: dict[int, HttpConnection] = {}
        self._slots: list[HttpConnection | None] = []
        self._free: list[int] = []
        self._stale = False
        self._opened_at: dict[int, int] = {}
        self._closed: dict[int, list[HttpConnection]] = {}
        self._table = EndpointTable()
        self._expired = 0

    def feed(self, columns: Columns) -> None:
        """Take the segments of one batch."""
        self._closed.clear()
        if not len(columns.segments.row):
            return
        done = 0
        for index in self._candidates(columns).tolist():
            if self._needs_past(columns, index):
                # What came before decides what this segment begins.
                self._follow_rows(columns, done, index)
                done = index
            self._consider(columns, index)
        self._follow_rows(columns, done, len(columns.segments.row))

    def expire(self, now: int) -> None:
        """Close connections that have been silent for longer than the limit."""
        if now - self._expired < _EXPIRE_EVERY:
            return
        self._expired = now
        for connection in [c for c in self._live.values() if self._silent(c, now)]:
            self._close(connection)

    def unreachable(self, client: int, frame: int, time: int) -> None:
        """An ICMP error about a segment of the client endpoint `client`, in the batch fed last."""
        latest = self._live.get(client)
        connections = [*self._closed.get(client, ()), *([latest] if latest is not None else ())]
        for connection in reversed(connections):
            if connection.opened <= time:
                connection.unreachable = connection.unreachable or frame
                return

    def _silent(self, connection: HttpConnection, now: int) -> bool:
        return now - connection.last_time > self._limits.transfer_age

    def _candidates(self, columns: Columns) -> NDArray[np.int64]:
        """Segments that may begin a connection or, where its beginning was not captured, a request."""
        segments = columns.segments
        starts = (segments.flags & (_SYN | _ACK)) == _SYN
        for request in REQUEST_WORDS:
            starts |= (segments.word == request) & (segments.length > 0)
        return np.flatnonzero(starts)

    def _needs_past(self, columns: Columns, index: int) -> bool:
        segments = columns.segments
        known = self._live.get(int(segments.source[index]))
        if known is None:
            return len(self._live) >= self._limits.open_connections
        fresh_syn = bool(segments.flags[index] & _SYN) and int(segments.sequence[index]) != known.initial
        return fresh_syn or self._silent(known, int(columns.batch.time[segments.row[index]]))

    def _consider(self, columns: Columns, index: int) -> None:
        """Open a connection for a SYN or a request of a client that boots."""
        segments = columns.segments
        key, sequence = int(segments.source[index]), int(segments.sequence[index])
        time = int(columns.batch.time[segments.row[index]])
        is_syn = bool(segments.flags[index] & _SYN)
        known = self._live.get(key)
        if known is not None and self._silent(known, time):
            self._close(known)
            known = None
        if known is not None:
            # A SYN with another sequence number is another connection, once something came of the one before.
            used = known.transfers or known.accepted or known.reset
            if not is_syn or sequence == known.initial or not used:
                return
        port = int(segments.destination[index]) & 0xFFFF
        since = self._interesting().get(key >> 16)
        boots = since is not None and since <= time
        if is_syn and not (boots and port in HTTP_PORTS):
            return
        if not is_syn and not boots:
            payload = segment_payload(columns, index)
            if not any(agent in payload for agent in BOOT_USER_AGENTS):
                return
        if known is not None:
            self._close(known)
        self._open(columns, index, key, sequence if is_syn else -1)

    def _open(self, columns: Columns, index: int, key: int, initial: int) -> None:
        if len(self._live) >= self._limits.open_connections:
            self._evict()
        ends = segment_endpoints(columns, index)
        slot = self._free.pop() if self._free else len(self._slots)
        row = columns.segments.row[index]
        connection = HttpConnection(
            slot, key, ends.source, ends.source_port, ends.source_mac, ends.ttl, ends.destination, ends.destination_port
        )
        connection.initial = initial
        connection.opened = connection.last_time = int(columns.batch.time[row])
        connection.last_frame = int(columns.batch.ref[row])
        if slot == len(self._slots):
            self._slots.append(connection)
        else:
            self._slots[slot] = connection
        self._live[key] = connection
        self._opened_at[slot] = index
        self._stale = True
        connection.opening = HttpTransfer(connection, connection.frames, connection.times, None)
        self._opened(connection.opening, ends)

    def _close(self, connection: HttpConnection) -> None:
        del self._live[connection.key]
        self._slots[connection.slot] = None
        self._free.append(connection.slot)
        self._opened_at.pop(connection.slot, None)
        self._closed.setdefault(connection.key, []).append(connection)
        self._stale = True

    def _evict(self) -> None:
        """Close the part of all connections that has been silent for longest: one by one would cost a search each."""
        by_age = sorted(self._live.values(), key=lambda connection: connection.last_time)
        for connection in by_age[: max(1, len(by_age) // _EVICTED_SHARE)]:
            self._close(connection)

    def _follow_rows(self, columns: Columns, start: int, stop: int) -> None:
        """Segment rows `start` to `stop`, connection by connection."""
        if not self._live or start == stop:
            return
        if self._stale:
            self._table.rebuild({key: connection.slot for key, connection in self._live.items()})
            self._stale = False
        segments = columns.segments
        slot = self._table.find(segments.source[start:stop])
        from_client = slot >= 0
        rest = np.flatnonzero(~from_client)
        slot[rest] = self._table.find(segments.destination[start:stop][rest])
        rows = np.flatnonzero(slot >= 0)
        rows = rows[np.argsort(slot[rows], kind="stable")]
        for part in np.split(rows, np.flatnonzero(np.diff(slot[rows])) + 1) if len(rows) else ():
            connection = self._slots[int(slot[part[0]])]
            if connection is not None:
                opened = self._opened_at.get(connection.slot, -1)
                mine = part[part + start >= opened]
                if len(mine):
                    self._follow(columns, connection, mine + start, ~from_client[mine])
        self._opened_at.clear()

    def _follow(
        self, columns: Columns, connection: HttpConnection, rows: NDArray[np.int64], down: NDArray[np.bool_]
    ) -> None:
        """Segments of one connection: control first, then the bodies. `down` are those of the server."""
        segments, batch = columns.segments, columns.batch
        frame = segments.row[rows]
        clock = np.maximum.accumulate(np.append(connection.last_time, batch.time[frame]))
        late = np.flatnonzero(np.diff(clock) > self._limits.transfer_age)
        if len(late):
            self._close(connection)
            rows, down, frame = rows[: late[0]], down[: late[0]], frame[: late[0]]
            if not len(rows):
                return
        connection.last_time = int(clock[len(rows)])
        connection.last_frame = int(batch.ref[frame[-1]])
        since = self._heads(columns, connection, rows, down)
        if connection.near < 0 and down.any():
            first = int(segments.sequence[rows[down][0]])
            connection.near = first + (1 << 32)  # room below for segments that arrive out of order
        self._acknowledged(columns, connection, rows[~down])
        body = rows[down & (segments.length[rows] > 0)]
        if len(body):
            absorb_body(columns, connection, body, since, self._limits.holes_per_transfer)
            self._identify(connection)

    def _heads(
        self, columns: Columns, connection: HttpConnection, rows: NDArray[np.int64], down: NDArray[np.bool_]
    ) -> dict[int, int]:
        """Look at flags and heads one by one; returns the rows of response heads by their transfers' places."""
        segments = columns.segments
        data = segments.length[rows] > 0
        flagged = (segments.flags[rows] & (_FIN | _SYN | _RST)) != 0
        heads = data & (~down | (segments.word[rows] == RESPONSE_WORD))
        since: dict[int, int] = {}
        more = np.flatnonzero(data & down).tolist()[::-1]
        for where in np.flatnonzero(flagged | heads).tolist():
            self._go_on(columns, connection, rows, more, where, since)
            place = self._control(columns, connection, int(rows[where]), bool(down[where]))
            if place is not None:
                since[place] = int(rows[where])
        self._go_on(columns, connection, rows, more, len(rows), since)
        return since

    def _go_on(
        self,
        columns: Columns,
        connection: HttpConnection,
        rows: NDArray[np.int64],
        more: list[int],
        stop: int,
        since: dict[int, int],
    ) -> None:
        """While a response head is not complete, what the server sends before row `stop` belongs to it."""
        waiting = self._waiting(connection)
        while more and more[-1] < stop:
            where = more.pop()
            if waiting is not None and waiting.partial:
                place = self._control(columns, connection, int(rows[where]), True)
                if place is not None:
                    since[place] = int(rows[where])
        while more and more[-1] <= stop:
            more.pop()

    def _waiting(self, connection: HttpConnection) -> HttpTransfer | None:
        return next((transfer for transfer in connection.transfers if transfer.body_start < 0), None)

    def _acknowledged(self, columns: Columns, connection: HttpConnection, rows: NDArray[np.int64]) -> None:
        """What the client acknowledged it has, whether or not the mirror showed it."""
        flags = columns.segments.flags[rows]
        rows = rows[(flags & (_ACK | _RST)) == _ACK]
        if connection.near < 0 or not len(rows):
            return
        number = columns.segments.acknowledgement[rows].astype(np.int64)
        ahead = ((number - connection.near + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        ahead = ahead[np.abs(ahead) < _LARGEST_JUMP]
        if len(ahead):
            connection.acknowledged = max(connection.acknowledged, connection.near + int(ahead.max()))

    def _control(self, columns: Columns, connection: HttpConnection, index: int, down: bool) -> int | None:
        """One segment; of the last one of a response head, the place of its transfer."""
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
            return None
        if down:
            return self._response(columns, connection, index, time, ref)
        if int(segments.word[index]) in REQUEST_WORDS:
            self._request(columns, connection, index, time, ref)
        return None

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
        sequence = int(columns.segments.sequence[index])
        latest = connection.transfers[-1] if connection.transfers else None
        if latest is not None and latest.sequence == sequence:
            if latest.response is None and time - latest.times[-1] > _COPY_WINDOW:
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
        transfer.last_time, transfer.last_frame, transfer.sequence = time, ref, sequence
        connection.transfers.append(transfer)

    def _response(self, columns: Columns, connection: HttpConnection, index: int, time: int, ref: int) -> int | None:
        """A response head or the next part of one; when it is whole, the place of its transfer."""
        transfer = self._waiting(connection)
        if transfer is None:
            return None
        sequence = int(columns.segments.sequence[index])
        if connection.near < 0:
            connection.near = sequence + (1 << 32)
        start = unfold_sequence(sequence, connection.near)
        if start < max(other.head_start for other in connection.transfers) + 1:
            return None  # an earlier head again
        if transfer.partial and start != transfer.head_end:
            return None
        if not transfer.partial and int(columns.segments.word[index]) != RESPONSE_WORD:
            return None
        text = transfer.partial + segment_payload(columns, index)
        head = parse_head(text)
        begun = b"\n" not in text and len(text) < MAX_HEAD  # not even the status line is whole
        if not isinstance(head, ResponseHead) and not begun:
            return None
        transfer.last_time, transfer.last_frame = time, ref
        if not transfer.response_frame:
            transfer.response_frame, transfer.first_data = ref, time
        begin = start - len(transfer.partial)
        if isinstance(head, ResponseHead):
            transfer.response = head
        if not isinstance(head, ResponseHead) or not head.complete:
            transfer.partial = text if len(text) < MAX_HEAD else b""
            transfer.head_end = start + int(columns.segments.length[index])
            return None
        transfer.partial = b""
        if 100 <= head.status < 200:  # an interim answer: the real one follows
            transfer.response, transfer.response_frame = None, 0
            return None
        transfer.head_start = begin
        transfer.body_start = transfer.high = begin + head.length
        return connection.transfers.index(transfer)

    def _identify(self, connection: HttpConnection) -> None:
        for transfer in connection.transfers:
            if transfer.start and transfer.content_type is None:
                whole = transfer.response.content_length if transfer.response else None
                if len(transfer.start) >= min(self._limits.head_bytes, whole if whole is not None else 1 << 62):
                    program = identify(transfer.content, whole)
                    transfer.content_type = program.type
                    transfer.content_detail = program.detail
                    del transfer.start[self._limits.kept_head_bytes :]
