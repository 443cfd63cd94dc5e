"""How long a client kept its receive window closed: it took nothing, and the server had to wait (RFC 9293, 3.8.6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.http.connection import HttpConnection
from pxedebug.wire.frames import Columns

__all__ = ["watch_window"]

_SYN_FIN_RST = 7
_ACK = 16
_IPV6_HEAD = 40
_WINDOW = 14
"""Offset of the window in the TCP header."""


def watch_window(columns: Columns, connection: HttpConnection, rows: NDArray[np.int64]) -> None:
    """Note where the client's segments `rows` (in frame order) close its window and how long it stays closed.

    The window is read behind an IPv4 header or an IPv6 header without extensions: all that boots use.
    """
    flags = columns.segments.flags[rows]
    rows = rows[(flags & (_SYN_FIN_RST | _ACK)) == _ACK]
    if not len(rows):
        return
    buffer, network = columns.batch.buffer, columns.segments.network[rows]
    first = buffer[network]
    transport = network + np.where(first >> 4 == 4, (first & 15).astype(np.int64) * 4, _IPV6_HEAD)
    shut = (buffer[transport + _WINDOW] == 0) & (buffer[transport + _WINDOW + 1] == 0)
    if not connection.shut_since and not shut.any():
        return
    frame = columns.segments.row[rows]
    for closed, time, ref in zip(
        shut.tolist(), columns.batch.time[frame].tolist(), columns.batch.ref[frame].tolist(), strict=True
    ):
        if closed and not connection.shut_since:
            connection.shut_since, connection.shut_begun = time, ref
        elif connection.shut_since and time - connection.shut_since > connection.shut:
            connection.shut, connection.shut_frame = time - connection.shut_since, connection.shut_begun
        if not closed:
            connection.shut_since = 0
