"""One client's messages and transfers, decoded and in time order."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from pxedebug.firmware import Fingerprint, classify, classify_v6
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
_SERVER_TYPES = frozenset(("OFFER", "ACK", "NAK"))
"""Whatever their op says: a home-made server may send its replies as requests."""
V6_CLIENT_TYPES = frozenset(
    ("SOLICIT", "REQUEST", "CONFIRM", "RENEW", "REBIND", "RELEASE", "DECLINE", "INFORMATION-REQUEST")
)


@dataclass(slots=True)
class Event:
    """A message or a transfer at the time it began."""

    time: int
    frame: int
    message: Message | None = None
    fingerprint: Fingerprint | None = None
    """Of a client's message."""
    transfer: Transfer | None = None


def client_events(
    log: ClientLog, now_after: Callable[[int], int], settle: Callable[[TftpTransfer], None], *, hidden: bool
) -> list[Event]:
    """All events of `log` in capture order; `now_after` gives the time up to which the capture shows what followed."""
    events = [_message_event(message) for message in log.messages]
    if log.tftp or log.http:
        events += _transfer_events(log, events, now_after, settle, hidden=hidden)
        # Frames of one file stand in the order in which they were captured, whatever their timestamps say.
        one_file = len({frame_source(event.frame) for event in events}) == 1
        events.sort(key=lambda event: (0 if one_file else event.time, event.frame))
    return events


def _message_event(logged: LoggedMessage) -> Event:
    packet = logged.packet
    fingerprint = None
    if logged.family == 4:
        message = decode_message(packet.payload)
        from_client = message.op == 1 and logged.type not in _SERVER_TYPES
        port = 4011 if packet.destination_port == 4011 or packet.source_port == 4011 else 67
        told = Message(packet, message, logged.type, logged.copy_of, from_client, port)
        if from_client:
            fingerprint = classify(message)
    else:
        message_v6 = dhcpv6.decode_message(packet.payload)
        from_client = logged.type in V6_CLIENT_TYPES
        told = Message(packet, message_v6, logged.type, logged.copy_of, from_client, 547)
        if from_client:
            fingerprint = classify_v6(message_v6)
    return Event(packet.time, packet.frame, told, fingerprint)


def _transfer_events(
    log: ClientLog,
    messages: list[Event],
    now_after: Callable[[int], int],
    settle: Callable[[TftpTransfer], None],
    *,
    hidden: bool,
) -> list[Event]:
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
    return [Event(t.started, t.first_frame, transfer=t) for t in _told_once(judged)]


def _moves(log: ClientLog, messages: list[Event]) -> defaultdict[int, list[int]]:
    """When the client did something, in order, as each source saw it: the clocks of two captures may differ."""
    sent = [e.time for e in messages if e.fingerprint is not None and e.message is not None and not e.message.copy_of]
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
