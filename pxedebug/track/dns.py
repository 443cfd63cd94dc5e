"""What clients that boot ask name servers, and what comes back: a bounded log by client address."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from pxedebug.errors import MalformedFrame
from pxedebug.track.limits import Limits
from pxedebug.track.story import NameQuery
from pxedebug.wire.dns import decode_dns
from pxedebug.wire.frames import Columns
from pxedebug.wire.packet import Address
from pxedebug.wire.packets import read_packets

__all__ = ["DnsLog"]

_PORT = 53


class DnsLog:
    """Fed with the columns of each batch; `interesting` gives since when the client with an endpoint key, seen in a
    frame, is known to boot, None if not."""

    def __init__(self, limits: Limits, interesting: Callable[[int, int], int | None]) -> None:
        self._limits = limits
        self._interesting = interesting
        self._seen: dict[Address, deque[NameQuery]] = {}
        self.more = 0
        """Messages beyond the caps."""

    def feed(self, columns: Columns) -> None:
        """Take the DNS datagrams of one batch. A batch without any costs two comparisons a datagram."""
        datagrams = columns.datagrams
        asked = datagrams.destination & 0xFFFF == _PORT
        rows = np.flatnonzero(asked | (datagrams.source & 0xFFFF == _PORT))
        if not len(rows):
            return
        client = np.where(asked[rows], datagrams.source[rows], datagrams.destination[rows])
        ref = columns.batch.ref[datagrams.row[rows]]
        # Thousands of datagrams come from a few hosts, most of which do not boot.
        _, first, host = np.unique(client >> 16, return_index=True, return_inverse=True)
        since = [self._interesting(int(client[at]), int(ref[at])) for at in first]
        begun = np.array([-1 if time is None else time for time in since], np.int64)[host]
        time = columns.batch.time[datagrams.row[rows]]
        rows = rows[(begun >= 0) & (begun <= time) & ~datagrams.fragment[rows]]
        for row, packet in zip(rows.tolist(), read_packets(columns, rows), strict=True):
            try:
                message = decode_dns(packet.payload)
            except MalformedFrame:
                continue
            ends = (packet.source, packet.destination) if asked[row] else (packet.destination, packet.source)
            self._keep(ends[0], NameQuery(packet.frame, packet.time, ends[1], message))

    def view(self) -> Mapping[Address, tuple[NameQuery, ...]]:
        """What has been seen so far, by client address."""
        return MappingProxyType({client: tuple(seen) for client, seen in self._seen.items()})

    def _keep(self, client: Address, query: NameQuery) -> None:
        kept = self._seen.get(client)
        if kept is None:
            if len(self._seen) >= self._limits.dns_clients:
                self.more += len(self._seen.pop(next(iter(self._seen))))
            kept = self._seen[client] = deque()
        if len(kept) >= self._limits.dns_messages:
            kept.popleft()
            self.more += 1
        kept.append(query)
