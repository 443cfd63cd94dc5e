"""The ladder of a boot as geometry: lifelines for the client and each server, a row for each event.

Lengths are SVG user units (CSS pixels at 100 %).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pxedebug.report.context import Context
from pxedebug.report.events import Event, MessageRun, TransferRun, client_sent, events
from pxedebug.report.text.message import message_segments
from pxedebug.report.text.output import UNICODE
from pxedebug.report.text.transfers import search_segments, transfer_segments
from pxedebug.report.times import TimeStyle
from pxedebug.report.words import frame_name, seconds
from pxedebug.track.story import Boot, Transfer, TransferStatus
from pxedebug.wire.packet import Address

__all__ = ["Drawing", "Lifeline", "Row", "draw", "row_id"]

_LEFT, _LANE, _RIGHT = 190, 200, 460
"""Room for time and frame, between lifelines, and for labels behind the last one."""
_TOP, _ROW, _PAUSE = 56, 40, 22
_LABEL_LIMIT = 110
_ROWS = 400
"""Rows of one boot; the first and the last halves are drawn."""
_LONG = 1_000_000_000
"""A pause that a person notices gets room of its own."""
_BROADCAST = "broadcast"


class Lifeline(NamedTuple):
    """One host, as a vertical line."""

    x: int
    name: str
    part: str
    """`client`, `DHCP`, `proxyDHCP`, `TFTP`, `HTTP` or several of these."""


class Row(NamedTuple):
    """One event, as an arrow or a bar."""

    id: str
    """What evidence links to."""
    y: int
    time: str
    frame: str
    pause: str
    """The wait before it where it was long, else empty."""
    pause_y: int
    start: int
    end: int
    label: str
    title: str
    """The whole label."""
    kind: str
    """CSS classes: `message` or `transfer`, and what became of it."""
    progress: int
    """Length of a transfer's filled part, from `start`."""
    cited: bool
    """A finding rests on one of its frames."""


class Drawing(NamedTuple):
    """A whole ladder."""

    width: int
    height: int
    lifelines: tuple[Lifeline, ...]
    rows: tuple[Row, ...]
    left_out: int
    """Events in the middle that are not drawn."""


def row_id(number: int, frame: int, context: Context) -> str:
    """The id of the row that shows a frame."""
    return f"b{number}-f{frame_name(frame, context.many_sources).replace(':', '-')}"


def draw(
    boot: Boot, number: int, cited: Iterable[int], context: Context, times: TimeStyle
) -> tuple[Drawing, dict[int, str]]:
    """The ladder of boot `number`, and the row id of every frame that it shows; `cited` frames are marked."""
    happened = [event for stage in boot.stages for event in events(stage.exchanges, stage.transfers)]
    left_out = max(0, len(happened) - _ROWS)
    if left_out:
        happened = happened[: _ROWS // 2] + happened[-_ROWS // 2 :]
    lanes = _Lanes(happened)
    wanted, ids, rows = frozenset(cited), {}, []
    y, previous = _TOP, None
    for event in happened:
        frames = _frames(event)
        name = row_id(number, frames[0], context)
        ids.update(dict.fromkeys(frames, name))
        pause = 0 if previous is None else event.started - previous
        previous = max(event.ended, previous or event.ended)
        pause_y = y
        y += _PAUSE if pause >= _LONG else 0
        row = _row(event, name, y, pause, pause_y, lanes, context, times)
        rows.append(row._replace(cited=not wanted.isdisjoint(frames)))
        y += _ROW
    width = _LEFT + _LANE * len(lanes.lifelines) + _RIGHT
    return Drawing(width, y + 8, tuple(lanes.lifelines), tuple(rows), left_out), ids


class _Lanes:
    """Which host has which lifeline, in the order in which hosts speak."""

    def __init__(self, happened: Sequence[Event]) -> None:
        parts: dict[str, list[str]] = {}
        for event in happened:
            host, part = _host(event)
            if host != _BROADCAST and part not in parts.setdefault(host, []):
                parts[host].append(part)
        self.lifelines = [Lifeline(_LEFT, "client", "client")]
        self._x: dict[str, int] = {}
        for index, (host, said) in enumerate(parts.items(), start=1):
            self._x[host] = _LEFT + _LANE * index
            self.lifelines.append(Lifeline(self._x[host], host, ", ".join(said)))

    def x(self, host: str) -> int:
        """Where a host's line stands; a broadcast reaches beyond the last one."""
        return self._x.get(host, self.lifelines[-1].x + (_LANE // 2 if len(self.lifelines) > 1 else _LANE))


def _host(event: Event) -> tuple[str, str]:
    if isinstance(event, TransferRun):
        return str(event.transfers[0].server), event.transfers[0].protocol.upper()
    message = event.messages[0]
    if client_sent(message):
        return _named(message.packet.destination), "proxyDHCP" if event.exchange.port == 4011 else "DHCP"
    proxy = event.exchange.port == 4011 or (event.offer is not None and event.offer.proxy)
    return str(message.packet.source), "proxyDHCP" if proxy else "DHCP"


def _named(address: Address) -> str:
    return _BROADCAST if str(address) in ("255.255.255.255", "ff02::1:2") else str(address)


def _frames(event: Event) -> list[int]:
    if isinstance(event, MessageRun):
        return [message.packet.frame for message in (*event.messages, *event.copies)]
    found: list[int] = []
    for transfer in event.transfers:
        found += [transfer.first_frame, *transfer.requests, transfer.last_frame]
        found += [] if transfer.error_frame is None else [transfer.error_frame]
    return found


def _row(
    event: Event, name: str, y: int, pause: int, pause_y: int, lanes: _Lanes, context: Context, times: TimeStyle
) -> Row:
    host, _ = _host(event)
    here, there = lanes.lifelines[0].x, lanes.x(host)
    progress = 0
    if isinstance(event, MessageRun):
        message = event.messages[0]
        segments = message_segments(event, context, UNICODE)
        up = client_sent(message)
        start, end = (here, there) if up else (there, here)
        kind = f"message {message.type.lower()}" + (" repeated" if len(event.messages) > 1 else "")
        kind += "" if event.offer is None or event.offer.chosen else " refused"
    elif event.search is not None:
        segments = search_segments(event, context)
        start, end, kind = here, there, f"transfer search {'complete' if event.led_to_hit else 'size-probe'}"
    else:
        transfer = event.transfers[0]
        segments = transfer_segments(transfer, context, event.found_at)
        start, end = (here, there) if transfer.operation == "write" or not transfer.size else (there, here)
        kind, progress = f"transfer {transfer.status.value}", _progress(transfer, abs(there - here))
    title = " · ".join(segment.plain for segment in segments if segment.plain)
    waited = f"{seconds(pause)} s" if pause >= _LONG else ""
    frame = _frames(event)[0]
    return Row(
        name, y, times(event.started), frame_name(frame, context.many_sources), waited, pause_y, start, end,
        title if len(title) <= _LABEL_LIMIT else f"{title[: _LABEL_LIMIT - 1]}…", title, kind, progress, cited=False,
    )  # fmt: skip


def _progress(transfer: Transfer, length: int) -> int:
    if transfer.status is TransferStatus.COMPLETE:
        return length
    if not transfer.declared_bytes:
        return length // 2 if transfer.size else 0
    return min(length, length * transfer.size // transfer.declared_bytes)
