"""One client's messages and transfers, decoded and in time order."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence

from pxedebug.track.clients import ClientLog, LoggedMessage
from pxedebug.track.http.connection import HttpTransfer
from pxedebug.track.http.judge import judge_http
from pxedebug.track.story import Message, Transfer, TransferStatus
from pxedebug.track.tftp.judge import judge
from pxedebug.track.tftp.transfer import TftpTransfer
from pxedebug.wire import dhcpv6
from pxedebug.wire.batch import frame_source
from pxedebug.wire.dhcp import decode_message

__all__ = ["Event", "client_events"]

_CLOCK_DIFFERENCE = 2_000_000_000
"""Nanoseconds by which the clocks of two captures of one network may differ."""

Event = Message | Transfer


def client_events(
    log: ClientLog, now_after: Callable[[int], int], settle: Callable[[TftpTransfer], None], *, hidden: bool
) -> Sequence[Event]:
    """All events of `log` in capture order; `now_after` gives the time up to which the capture shows what followed."""
    messages = [_message(logged) for logged in log.messages]
    if not log.tftp and not log.http:
        return messages
    events: list[Event] = [*messages]
    events += _transfers(log, messages, now_after, settle, hidden=hidden)
    # Frames of one file stand in the order in which they were captured, whatever their timestamps say.
    one_file = len({frame_source(_began(event)[1]) for event in events}) == 1
    events.sort(key=lambda event: _began(event)[one_file:])
    return events


def _began(event: Event) -> tuple[int, int]:
    """Time and frame of an event's beginning."""
    if isinstance(event, Transfer):
        return event.started, event.first_frame
    return event.packet.time, event.packet.frame


def _message(logged: LoggedMessage) -> Message:
    packet, dhcp, kind, _, copy_of, from_client, port = logged
    if dhcp is None:
        dhcp = dhcpv6.decode_message(packet.payload) if port == 547 else decode_message(packet.payload)
    return Message(packet, dhcp, kind, copy_of, from_client, port)


def _transfers(
    log: ClientLog,
    messages: Sequence[Message],
    now_after: Callable[[int], int],
    settle: Callable[[TftpTransfer], None],
    *,
    hidden: bool,
) -> list[Transfer]:
    """Each transfer as it stands, knowing when the client went on to something else."""
    for transfer in log.tftp:
        settle(transfer)
    moves = _moves(log, messages)
    judged = []
    for tftp in log.tftp:
        moved = _last_move(tftp)
        following = _next(moves[frame_source(tftp.frames[0])], moved)
        judged.append(judge(tftp, now_after(moved), following, hidden=hidden))
    for http in log.http:
        if _shown(http):
            moved = max(http.last_time, *(http.times or [0]))
            following = _next(moves[frame_source(http.last_frame)], moved)
            judged.append(judge_http(http, now_after(moved), following))
    return _told_once(judged)


def _moves(log: ClientLog, messages: Sequence[Message]) -> defaultdict[int, list[int]]:
    """When the client did something, in order, as each source saw it: the clocks of two captures may differ."""
    sent = [message.packet.time for message in messages if message.from_client and not message.copy_of]
    moves: defaultdict[int, list[int]] = defaultdict(lambda: list(sent))
    for tftp in log.tftp:
        moves[frame_source(tftp.frames[0])].append(tftp.times[0])
    for http in log.http:
        if http.times:
            moves[frame_source(http.frames[0])].append(http.times[0])
    for times in moves.values():
        times.sort()
    return moves


def _told_once(transfers: list[Transfer]) -> list[Transfer]:
    """Of a transfer that several vantage points saw, the fullest view."""
    if len({frame_source(transfer.first_frame) for transfer in transfers}) < 2:
        return transfers
    kept: list[Transfer] = []
    for transfer in sorted(transfers, key=lambda transfer: transfer.started):
        twin = next((at for at, other in enumerate(kept) if _same(transfer, other)), None)
        if twin is None:
            kept.append(transfer)
        elif _fullness(transfer) > _fullness(kept[twin]):
            kept[twin] = transfer
    return kept


def _same(transfer: Transfer, other: Transfer) -> bool:
    names = ("protocol", "operation", "file", "client", "client_port", "server")
    return (
        frame_source(transfer.first_frame) != frame_source(other.first_frame)
        and abs(transfer.started - other.started) <= _CLOCK_DIFFERENCE
        and all(getattr(transfer, name) == getattr(other, name) for name in names)
    )


def _fullness(transfer: Transfer) -> tuple[bool, int, int]:
    answers = len(transfer.tftp.answers) if transfer.tftp else 0
    return transfer.status in (TransferStatus.COMPLETE, TransferStatus.SIZE_PROBE), transfer.size, answers


def _shown(transfer: HttpTransfer) -> bool:
    """An attempt whose connection was used for requests is no story of its own."""
    return transfer.request is not None or not transfer.connection.transfers


def _last_move(transfer: TftpTransfer) -> int:
    """When the transfer last needed the client: servers repeat the last block long after it is done."""
    assert transfer.numbers is not None
    return max(transfer.times[-1], transfer.numbers.progress, transfer.numbers.final_ack)


def _next(moves: list[int], after: int) -> int | None:
    at = bisect_right(moves, after)
    return moves[at] if at < len(moves) else None
