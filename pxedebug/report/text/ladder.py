"""The ladder of a stage: frame, time, pause, who spoke to whom, and what was said."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from pxedebug.report.context import Context
from pxedebug.report.events import Event, MessageRun, TransferRun, client_sent
from pxedebug.report.text.message import message_segments
from pxedebug.report.text.output import Output, Signs, join
from pxedebug.report.text.transfers import search_segments, transfer_segments
from pxedebug.report.times import Clock, TimeStyle
from pxedebug.report.words import frame_name
from pxedebug.wire.packet import Address

__all__ = ["Ladder"]

_SECOND = 1_000_000_000
_PEER_LIMIT = 24
_NOTE_INDENT = 4
_WORTH_COLOUR = 1 * _SECOND  # a pause that a person at the machine notices


@dataclass(frozen=True, slots=True)
class _Row:
    frame: str
    time: str
    gap: str
    long_gap: bool
    arrow: str
    peer: str
    segments: list[Text]


class Ladder:
    """Writes events as aligned rows; one object for a boot, so that pauses run on from stage to stage."""

    def __init__(self, output: Output, context: Context, times: TimeStyle) -> None:
        self._output = output
        self._context = context
        self._times = times
        self._previous: int | None = None
        self._headed = False
        self._heading = "second" if times.clock is Clock.RELATIVE else times.clock.value

    def rows(self, events: list[Event]) -> list[_Row]:
        """The rows of a stage's events."""
        return [self._row(event) for event in events]

    def write(self, events: list[Event]) -> None:
        """Write a stage's events, aligned."""
        rows = self.rows(events)
        widths = self._widths(rows)
        if not self._headed:
            frame, time, gap, _ = widths
            self._output.line(Text(f" {'frame':>{frame}}  {self._heading:>{time}}  {'pause':>{gap}}", "dim"))
            self._headed = True
        for row in rows:
            self._write_row(row, widths)

    @staticmethod
    def _widths(rows: list[_Row]) -> tuple[int, int, int, int]:
        return (
            max([6, *(len(row.frame) for row in rows)]),
            max([8, *(len(row.time) for row in rows)]),
            max([7, *(len(row.gap) for row in rows)]),
            min(_PEER_LIMIT, max([11, *(len(row.peer) for row in rows)])),
        )

    def _write_row(self, row: _Row, widths: tuple[int, int, int, int]) -> None:
        frame, time, gap, peer = widths
        head = Text.assemble(
            " ",
            (f"{row.frame:>{frame}}", "dim"),
            f"  {row.time:>{time}}  ",
            (f"{row.gap:>{gap}}", "yellow" if row.long_gap else "dim"),
            "  ",
            (row.arrow, "cyan"),
            f" {row.peer:<{peer}}  ",
        )
        indent = 1 + frame + 2 + time + 2 + gap + 2 + _NOTE_INDENT
        room = self._output.width - cell_len(head.plain)
        first, *rest = join(row.segments, self._output.signs.dot, room, self._output.width - indent)
        self._output.line(head + first)
        for line in rest:
            self._output.line(Text(" " * indent) + line)

    def _row(self, event: Event) -> _Row:
        pause = None if self._previous is None else event.started - self._previous
        self._previous = max(event.ended, self._previous or event.ended)
        gap = "" if pause is None else f"+{pause / _SECOND:.3f}" if pause >= 0 else ""
        time, long_gap = self._times(event.started), (pause or 0) >= _WORTH_COLOUR
        if isinstance(event, MessageRun):
            return self._message_row(event, time, gap, long_gap)
        return self._transfer_row(event, time, gap, long_gap)

    def _message_row(self, run: MessageRun, time: str, gap: str, long_gap: bool) -> _Row:
        message = run.messages[0]
        packet, signs = message.packet, self._output.signs
        up = client_sent(message)
        peer = packet.destination if up else run.offer.server if run.offer and run.offer.server else packet.source
        segments = message_segments(run, self._context, signs)
        frame = frame_name(packet.frame, self._context.many_sources)
        return _Row(frame, time, gap, long_gap, signs.to_server if up else signs.to_client, _peer(peer), segments)

    def _transfer_row(self, run: TransferRun, time: str, gap: str, long_gap: bool) -> _Row:
        transfer = run.transfers[0]
        frame = frame_name(transfer.first_frame, self._context.many_sources)
        if run.search:
            segments = search_segments(run, self._context)
            arrow = self._output.signs.to_server
        else:
            segments = transfer_segments(transfer, self._context, run.found_at)
            arrow = _transfer_arrow(transfer.size, transfer.operation, self._output.signs)
        return _Row(frame, time, gap, long_gap, arrow, _peer(transfer.server), segments)


def _transfer_arrow(moved: int, operation: str, signs: Signs) -> str:
    if not moved:
        return signs.to_server
    return signs.data_to_server if operation == "write" else signs.data_to_client


def _peer(peer: Address) -> str:
    """The other end; a broadcast or DHCPv6 multicast address in words."""
    text = str(peer)
    return {"255.255.255.255": "broadcast", "ff02::1:2": "all servers"}.get(text, text)
