"""What a followed connection shows beside the file itself: how it began and ended, and its heads."""

from __future__ import annotations

from pxedebug.errors import MalformedFrame
from pxedebug.track.http.connection import HttpConnection, HttpTransfer
from pxedebug.track.story import HttpFacts, TlsFacts
from pxedebug.wire.tls import decode_client_hello, is_tls

__all__ = ["http_facts"]

_SHOWN = 64
"""First bytes of a direction that diagnosis looks at."""
_OPEN = None, None, False, False
_ALERT_BYTES = 40
"""A TLS 1.3 client that refuses the server sends one encrypted alert (24 bytes) and no more application data."""


def http_facts(transfer: HttpTransfer) -> HttpFacts:
    """The facts of one transfer, or of a connection on which no request was read."""
    connection, request, response = transfer.connection, transfer.request, transfer.response
    # A connection that goes on was closed for its last transfer only.
    closed, closed_time, by_client, reset = _closed(connection) if _last(transfer) else _OPEN
    began = bool(connection.confirmed and connection.times)
    return HttpFacts(
        syns=tuple(connection.frames),
        syn_times=tuple(connection.times),
        accepted=connection.accepted_frame or None,
        round_trip=max(0, connection.confirmed - connection.times[-1]) if began else None,
        closed=closed,
        closed_time=closed_time,
        closed_by_client=by_client,
        reset=reset,
        sent=_sent(transfer),
        unreachable=connection.unreachable or None,
        method=None if request is None else request.method,
        range=None if request is None else request.header("range"),
        status=None if response is None else response.status,
        status_frame=transfer.response_frame or None,
        reason=b"" if response is None else response.reason,
        location=None if response is None else response.header("location"),
        content_type=None if response is None else response.header("content-type"),
        content_encoding=None if response is None else response.header("content-encoding"),
        content_range=None if response is None else response.header("content-range"),
        server_software=None if response is None else response.header("server"),
        authenticate=None
        if response is None
        else response.header("www-authenticate") or response.header("proxy-authenticate"),
        retry_after=None if response is None else response.header("retry-after"),
        first_up=connection.first_up[:_SHOWN],
        first_down=connection.first_down[:_SHOWN],
        first_down_frame=connection.first_down_frame or None,
        first_data=transfer.first_data or None,
        shut=connection.shut,
        shut_frame=connection.shut_frame or None,
        tls=_tls(connection),
    )


def _last(transfer: HttpTransfer) -> bool:
    transfers = transfer.connection.transfers
    return not transfers or transfers[-1] is transfer


def _sent(transfer: HttpTransfer) -> int | None:
    if transfer.body_start < 0 or transfer.connection.finished_at < 0 or not _last(transfer):
        return None
    return max(0, transfer.connection.finished_at - transfer.body_start)


def _closed(connection: HttpConnection) -> tuple[int | None, int | None, bool, bool]:
    """The first frame that closed the connection, its time, whether it was the client's, and whether it was an RST."""
    ends = [
        (connection.reset, connection.reset_time, connection.reset_by_client, True),
        (connection.finished_frame, connection.finished, False, False),
        (connection.client_finished, connection.client_finished_time, True, False),
    ]
    return min((end for end in ends if end[0]), default=_OPEN)


def _tls(connection: HttpConnection) -> TlsFacts | None:
    up, down = is_tls(connection.first_up), is_tls(connection.first_down)
    if not up and not down:
        return None
    try:
        hello = decode_client_hello(connection.first_up)
    except MalformedFrame:
        hello = None
    return TlsFacts(
        hello=connection.first_up_frame if up else None,
        server_name=None if hello is None else hello.server_name,
        version=0 if hello is None else hello.version,
        answer=connection.first_down_frame if down else None,
        alert=connection.alert_frame or None,
        alert_code=None if connection.alert is None else connection.alert.description,
        alert_by_client=connection.alert_by_client,
        established=connection.sealed >= _ALERT_BYTES,
    )
