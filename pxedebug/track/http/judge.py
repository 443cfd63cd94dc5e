"""From a followed HTTP request to its record in the story."""

from __future__ import annotations

from pxedebug.track.clocks import FIRST_ANSWER, SILENCE
from pxedebug.track.http.connection import HttpConnection, HttpTransfer
from pxedebug.track.http.facts import http_facts
from pxedebug.track.http.follower import TLS_PORTS
from pxedebug.track.story import Transfer, TransferStatus
from pxedebug.wire.bootprogram import identify
from pxedebug.wire.http import RequestHead

__all__ = ["judge_http"]

_KEPT_HEAD = 4096


def judge_http(transfer: HttpTransfer, now: int, moved_on: int | None) -> Transfer:
    """The story's record of `transfer` at time `now`; `moved_on` as in `tftp.judge`."""
    connection, request, response = transfer.connection, transfer.request, transfer.response
    status = _status(transfer, now, moved_on)
    content_type, content_detail = _content(transfer)
    failed = response is not None and response.status >= 400
    frames = transfer.frames or connection.frames or [connection.last_frame]
    times = transfer.times or connection.times or [connection.last_time]
    return Transfer(
        protocol="http",
        operation="head" if request is not None and request.method == "HEAD" else _operation(request),
        file=request.url if request is not None else None,
        server=connection.server,
        client=connection.client,
        client_port=connection.client_port,
        server_port=connection.server_port,
        first_frame=frames[0],
        last_frame=transfer.last_frame or connection.last_frame,
        started=times[0],
        ended=transfer.last_time or connection.last_time,
        status=status,
        size=_size(transfer, status),
        declared_bytes=response.content_length if response is not None else None,
        blocks=0,
        block_size=None,
        window_size=None,
        retransmissions=transfer.retransmissions + len(frames) - 1,
        missing_blocks=0,
        fragmented=False,
        requests=tuple(frames),
        longest_gap=transfer.gap,
        error_code=response.status if failed and response is not None else None,
        error_message=response.reason if failed and response is not None else None,
        error_frame=transfer.response_frame if failed else connection.reset or connection.unreachable or None,
        content_type=content_type,
        content_detail=content_detail,
        head=transfer.content[:_KEPT_HEAD],
        user_agent=request.user_agent if request is not None else None,
        http=http_facts(transfer),
    )


def _content(transfer: HttpTransfer) -> tuple[str | None, str | None]:
    """What the file is, by as much of its start as there is."""
    if transfer.content_type is not None or not transfer.content:
        return transfer.content_type, transfer.content_detail
    program = identify(transfer.content, transfer.response.content_length if transfer.response else None)
    return program.type, program.detail


def _size(transfer: HttpTransfer, status: TransferStatus) -> int:
    """Body bytes; of a body that the client acknowledged whole also those that this capture point missed."""
    if transfer.request is None:
        return transfer.connection.down
    declared = transfer.response.content_length if transfer.response is not None else None
    whole = status is TransferStatus.COMPLETE and transfer.request.method != "HEAD" and transfer.body_start >= 0
    return declared if whole and declared is not None else transfer.received


def _operation(request: RequestHead | None) -> str:
    return "write" if request is not None and request.method in ("POST", "PUT") else "read"


def _status(transfer: HttpTransfer, now: int, moved_on: int | None) -> TransferStatus:
    connection = transfer.connection
    if transfer.request is None:
        return _attempt(connection, now, moved_on)
    response = transfer.response
    if response is None:
        if connection.unreachable or (connection.reset and not connection.reset_by_client):
            return TransferStatus.UNREACHABLE
        if connection.reset_by_client:
            return TransferStatus.ABORTED
        waited = now - transfer.times[-1] > FIRST_ANSWER or len(transfer.frames) > 1
        return TransferStatus.UNANSWERED if waited else TransferStatus.IN_PROGRESS
    if response.status >= 400:
        return TransferStatus.REFUSED
    if transfer.head_cut:
        return TransferStatus.COMPLETE if moved_on is not None else TransferStatus.UNSEEN
    if _delivered(transfer, moved_on):
        return TransferStatus.COMPLETE
    if connection.reset and connection.reset_by_client:
        return TransferStatus.ABORTED
    if connection.reset or connection.unreachable:
        return TransferStatus.UNREACHABLE
    silent = now - max(transfer.last_time, transfer.times[-1]) > SILENCE
    return TransferStatus.STALLED if silent or moved_on is not None else TransferStatus.IN_PROGRESS


def _delivered(transfer: HttpTransfer, moved_on: int | None) -> bool:
    response, request, connection = transfer.response, transfer.request, transfer.connection
    assert response is not None
    assert request is not None
    if request.method == "HEAD" or response.status in (204, 304) or 300 <= response.status < 400:
        return True
    if transfer.body_start < 0:
        return False
    stop = transfer.stop
    if stop is not None:
        # What the mirror lost is not what the client lost: it says what it has, or asks for something else then.
        whole = transfer.received >= stop - transfer.body_start or connection.acknowledged >= stop
        return whole or (transfer.high >= stop and moved_on is not None)
    return transfer.last_chunk or bool(connection.finished) or moved_on is not None


def _attempt(connection: HttpConnection, now: int, moved_on: int | None) -> TransferStatus:
    """A connection on which no request was read."""
    if not connection.accepted and not connection.down:
        if (connection.reset and not connection.reset_by_client) or connection.unreachable:
            return TransferStatus.UNREACHABLE
        waited = len(connection.times) > 1 or (bool(connection.times) and now - connection.times[-1] > FIRST_ANSWER)
        return TransferStatus.UNANSWERED if waited or moved_on is not None else TransferStatus.IN_PROGRESS
    if connection.server_port in TLS_PORTS or connection.down:
        return TransferStatus.UNSEEN
    silent = now - connection.last_time > SILENCE
    return TransferStatus.STALLED if silent else TransferStatus.IN_PROGRESS
