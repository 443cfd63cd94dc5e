"""Follows HTTP boot transfers: connection attempts and heads one by one, bodies by sequence numbers.

Only connections of clients that boot (their DHCP or TFTP says so), or whose User-Agent is a boot loader's, are
followed: a mirror port carries far more HTTP than boots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.clocks import SECOND
from pxedebug.track.http.body import absorb_body
from pxedebug.track.http.connection import HttpConnection, HttpTransfer
from pxedebug.track.http.heads import ACK, RST, SYN, HeadReader
from pxedebug.track.http.window import watch_window
from pxedebug.track.limits import Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.wire.bootprogram import identify
from pxedebug.wire.frames import Columns
from pxedebug.wire.http import REQUEST_WORDS
from pxedebug.wire.packets import SegmentEndpoints, segment_endpoints, segment_payload

__all__ = ["BOOT_USER_AGENTS", "HTTP_PORTS", "HttpFollower"]

HTTP_PORTS = frozenset((80, 443, 3000, 5000, 8000, 8008, 8080, 8081, 8082, 8088, 8090, 8443, 8888, 9080, 9090))
"""Ports on which a booting client's connection is a boot transfer even before a request is seen."""
TLS_PORTS = frozenset((443, 8443))
BOOT_USER_AGENTS = (b"UefiHttpBoot", b"iPXE/", b"gPXE/", b"GRUB", b"Wget/U-Boot", b"U-Boot", b"Syslinux", b"PXELINUX")

_EXPIRE_EVERY = 5 * SECOND
_EVICTED_SHARE = 16
_LARGEST_JUMP = 1 << 30


class HttpFollower:
    """Fed with the columns of each batch; `opened` is told of every new transfer and connection attempt.

    `interesting` gives since when the client with an endpoint key, seen in a frame, is known to boot, None if not;
    `url_ports` are ports that boot URLs name, and since when; they may grow.
    """

    def __init__(
        self,
        limits: Limits,
        interesting: Callable[[int, int], int | None],
        opened: Callable[[HttpTransfer, SegmentEndpoints], None],
        url_ports: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        self._limits = limits
        self._url_ports = url_ports
        self._interesting = interesting
        self._opened = opened
        self._heads = HeadReader(limits, opened)
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
                if not self._silent(connection, time):
                    connection.unreachable = connection.unreachable or frame
                return

    def _silent(self, connection: HttpConnection, now: int) -> bool:
        return now - connection.last_time > self._limits.transfer_age

    def _candidates(self, columns: Columns) -> NDArray[np.int64]:
        """Segments that may begin a connection or, where its beginning was not captured, a request."""
        segments = columns.segments
        starts = (segments.flags & (SYN | ACK)) == SYN
        for request in REQUEST_WORDS:
            starts |= (segments.word == request) & (segments.length > 0)
        return np.flatnonzero(starts)

    def _needs_past(self, columns: Columns, index: int) -> bool:
        segments = columns.segments
        known = self._live.get(int(segments.source[index]))
        if known is None:
            return len(self._live) >= self._limits.open_connections
        fresh_syn = bool(segments.flags[index] & SYN) and int(segments.sequence[index]) != known.initial
        return fresh_syn or self._silent(known, int(columns.batch.time[segments.row[index]]))

    def _consider(self, columns: Columns, index: int) -> None:
        """Open a connection for a SYN or a request of a client that boots."""
        segments = columns.segments
        key, sequence = int(segments.source[index]), int(segments.sequence[index])
        time = int(columns.batch.time[segments.row[index]])
        is_syn = bool(segments.flags[index] & SYN)
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
        since = self._interesting(key, int(columns.batch.ref[segments.row[index]]))
        boots = since is not None and since <= time
        if is_syn and not (boots and (port in HTTP_PORTS or self._url_ports.get(port, time + 1) <= time)):
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
        since = self._heads.read(columns, connection, rows, down)
        if connection.near < 0 and down.any():
            first = int(segments.sequence[rows[down][0]])
            connection.near = first + (1 << 32)  # room below for segments that arrive out of order
        self._acknowledged(columns, connection, rows[~down])
        watch_window(columns, connection, rows[~down])
        body = rows[down & (segments.length[rows] > 0)]
        if len(body):
            absorb_body(columns, connection, body, since, self._limits.holes_per_transfer)
            self._identify(connection)

    def _acknowledged(self, columns: Columns, connection: HttpConnection, rows: NDArray[np.int64]) -> None:
        """What the client acknowledged it has, whether or not the mirror showed it."""
        flags = columns.segments.flags[rows]
        rows = rows[(flags & (ACK | RST)) == ACK]
        if not len(rows):
            return
        if connection.accepted and not connection.confirmed:
            frame = columns.segments.row[rows]
            behind = frame[columns.batch.ref[frame] > connection.accepted_frame]
            connection.confirmed = int(columns.batch.time[behind[0]]) if len(behind) else 0
        if connection.near < 0:
            return
        number = columns.segments.acknowledgement[rows].astype(np.int64)
        ahead = ((number - connection.near + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        ahead = ahead[np.abs(ahead) < _LARGEST_JUMP]
        if len(ahead):
            connection.acknowledged = max(connection.acknowledged, connection.near + int(ahead.max()))

    def _identify(self, connection: HttpConnection) -> None:
        for transfer in connection.transfers:
            if transfer.start and transfer.content_type is None:
                whole = transfer.response.content_length if transfer.response else None
                if len(transfer.start) >= min(self._limits.head_bytes, whole if whole is not None else 1 << 62):
                    program = identify(transfer.content, whole)
                    transfer.content_type = program.type
                    transfer.content_detail = program.detail
                    del transfer.start[self._limits.kept_head_bytes :]
