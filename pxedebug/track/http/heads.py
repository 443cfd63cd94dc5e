"""What is looked at segment by segment: how a connection begins and ends, request heads and response heads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pxedebug.errors import MalformedFrame
from pxedebug.track.clocks import COPY_WINDOW
from pxedebug.track.http.connection import HttpConnection, HttpTransfer, unfold_sequence
from pxedebug.track.limits import Limits
from pxedebug.wire.frames import Columns
from pxedebug.wire.http import MAX_HEAD, REQUEST_WORDS, RESPONSE_WORD, RequestHead, ResponseHead, parse_head
from pxedebug.wire.packets import SegmentEndpoints, segment_endpoints, segment_payload
from pxedebug.wire.tls import ALERT_WORD, decode_alert

__all__ = ["ACK", "FIN", "RST", "SYN", "HeadReader"]

FIN, SYN, RST, ACK = 1, 2, 4, 16
"""TCP flags (RFC 9293 section 3.1)."""
_APPLICATION_DATA = 23
"""TLS record type (RFC 8446 section 5.1)."""
_FIRST_BYTES = 2048
"""Of each direction; a ClientHello is shorter unless it carries post-quantum keys."""


class HeadReader:
    """Reads the control segments of one connection after the other; `opened` is told of every further request."""

    def __init__(self, limits: Limits, opened: Callable[[HttpTransfer, SegmentEndpoints], None]) -> None:
        self._limits = limits
        self._opened = opened

    def read(
        self, columns: Columns, connection: HttpConnection, rows: NDArray[np.int64], down: NDArray[np.bool_]
    ) -> dict[int, int]:
        """Look at segments `rows`, of which `down` are the server's.

        Returns where bodies begin: the row of the segment that ends a response head, by its transfer's place in the
        connection.
        """
        segments = columns.segments
        data = segments.length[rows] > 0
        flagged = (segments.flags[rows] & (FIN | SYN | RST)) != 0
        word = segments.word[rows]
        heads = data & (~down | (word == RESPONSE_WORD) | (word >> 16 == ALERT_WORD))
        if not connection.first_down_frame:
            heads[np.flatnonzero(data & down)[:1]] = True
        bulk = np.flatnonzero(data & down & ~flagged & ~heads)
        since: dict[int, int] = {}
        after = -1
        for stop in (*np.flatnonzero(flagged | heads).tolist(), len(rows)):
            waiting = _waiting(connection)
            if waiting is not None and waiting.partial:
                between = bulk[np.searchsorted(bulk, after) : np.searchsorted(bulk, stop)]
                for where in between.tolist():
                    self._take(columns, connection, int(rows[where]), True, since)
                    if not waiting.partial:
                        break
            if stop < len(rows):
                self._take(columns, connection, int(rows[stop]), bool(down[stop]), since)
            after = stop
        return since

    def _take(
        self, columns: Columns, connection: HttpConnection, index: int, down: bool, since: dict[int, int]
    ) -> None:
        place = self._control(columns, connection, index, down)
        if place is not None:
            since[place] = index

    def _control(self, columns: Columns, connection: HttpConnection, index: int, down: bool) -> int | None:
        """One segment; of the last one of a response head, the place of its transfer."""
        segments, batch = columns.segments, columns.batch
        flags, row = int(segments.flags[index]), int(segments.row[index])
        time, ref = int(batch.time[row]), int(batch.ref[row])
        if flags & SYN:
            self._handshake(connection, int(segments.sequence[index]), time, ref, accepted=bool(flags & ACK))
        elif flags & RST and not connection.reset:
            connection.reset, connection.reset_time, connection.reset_by_client = ref, time, not down
        elif flags & FIN and down:
            connection.finished = connection.finished or time
            connection.finished_frame = connection.finished_frame or ref
            self._note_end(columns, connection, index)
        elif flags & FIN:
            connection.client_finished = connection.client_finished or ref
            connection.client_finished_time = connection.client_finished_time or time
        if not segments.length[index]:
            return None
        _note_first_bytes(columns, connection, index, ref, down=down)
        if down:
            return self._response(columns, connection, index, time, ref)
        if int(segments.word[index]) in REQUEST_WORDS:
            self._request(columns, connection, index, time, ref)
        return None

    def _note_end(self, columns: Columns, connection: HttpConnection, index: int) -> None:
        if connection.near >= 0 and connection.finished_at < 0:
            segments = columns.segments
            end = int(segments.sequence[index]) + int(segments.length[index])
            connection.finished_at = unfold_sequence(end, connection.near)

    def _handshake(self, connection: HttpConnection, sequence: int, time: int, ref: int, *, accepted: bool) -> None:
        if accepted:
            connection.accepted = connection.accepted or time
            connection.accepted_frame = connection.accepted_frame or ref
            if connection.near < 0:
                connection.near = sequence + 1 + (1 << 32)
        elif not connection.times or time - connection.times[-1] > COPY_WINDOW:
            connection.frames.append(ref)
            connection.times.append(time)

    def _request(self, columns: Columns, connection: HttpConnection, index: int, time: int, ref: int) -> None:
        head = parse_head(segment_payload(columns, index))
        if not isinstance(head, RequestHead):
            return
        sequence = int(columns.segments.sequence[index])
        latest = connection.transfers[-1] if connection.transfers else None
        if latest is not None and latest.sequence == sequence:
            if latest.response is None and time - latest.times[-1] > COPY_WINDOW:
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
        transfer = _waiting(connection)
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
            transfer.head_cut = int(columns.segments.captured[index]) < int(columns.segments.length[index])
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


def _note_first_bytes(columns: Columns, connection: HttpConnection, index: int, ref: int, *, down: bool) -> None:
    """What tells HTTP from TLS: how each side begins, and TLS alerts in clear."""
    word = int(columns.segments.word[index])
    if word >> 16 == ALERT_WORD and connection.alert is None:
        _note_alert(columns, connection, index, ref, down=down)
    elif not down and word >> 24 == _APPLICATION_DATA:
        connection.sealed += int(columns.segments.length[index])
    if down and not connection.first_down_frame:
        connection.first_down = segment_payload(columns, index)[:_FIRST_BYTES]
        connection.first_down_frame = ref
    elif not down and not connection.first_up_frame:
        connection.first_up = segment_payload(columns, index)[:_FIRST_BYTES]
        connection.first_up_frame = ref


def _note_alert(columns: Columns, connection: HttpConnection, index: int, ref: int, *, down: bool) -> None:
    try:
        alert = decode_alert(segment_payload(columns, index))
    except MalformedFrame:
        return
    if alert.fatal:
        connection.alert, connection.alert_frame, connection.alert_by_client = alert, ref, not down


def _waiting(connection: HttpConnection) -> HttpTransfer | None:
    """The request that the server's next response head answers."""
    return next((transfer for transfer in connection.transfers if transfer.body_start < 0), None)
