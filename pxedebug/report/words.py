"""Numbers and names in words: sizes, durations, rates, what a boot ended as."""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size

from pxedebug.firmware.programs import Method
from pxedebug.report import escape
from pxedebug.track.story import Outcome
from pxedebug.wire.batch import frame_number, frame_source

__all__ = [
    "METHOD_WORDS", "OUTCOME_STYLE", "count", "duration", "frame_name", "middle", "rate", "safe", "seconds", "size",
]  # fmt: skip

_SECOND = 1_000_000_000

METHOD_WORDS = {
    Method.PXE_V4: "PXE over IPv4",
    Method.PXE_V6: "PXE over IPv6",
    Method.HTTP_V4: "HTTP boot over IPv4",
    Method.HTTP_V6: "HTTP boot over IPv6",
}

OUTCOME_STYLE = {
    Outcome.BOOTED: "bold green",
    Outcome.FAILED: "bold red",
    Outcome.STALLED: "bold yellow",
    Outcome.IN_PROGRESS: "bold cyan",
    Outcome.LOCAL: "bold blue",
    Outcome.INCONCLUSIVE: "bold magenta",
}


def safe(value: bytes | str) -> str:
    """Text from the wire as a terminal may show it, on one line."""
    return escape.printable(escape.text(value) if isinstance(value, bytes) else value)


def middle(value: str, limit: int) -> str:
    """`value`, or its two ends where it is wider than `limit` cells: a path's end tells most."""
    if cell_len(value) <= limit:
        return value
    tail_room = (limit - 1) * 2 // 3
    head = _prefix(value, limit - 1 - tail_room)
    tail = _prefix(value[::-1], tail_room)[::-1]
    return f"{head}…{tail}"


def _prefix(value: str, cells: int) -> str:
    """The longest start of `value` that fits into `cells`."""
    used = 0
    for index, character in enumerate(value):
        used += get_character_cell_size(character)
        if used > cells:
            return value[:index]
    return value


def seconds(time: int) -> str:
    """Nanoseconds as seconds with a precision that fits: `0.004`, `3.9`, `61`."""
    value = abs(time) / _SECOND
    digits = 0 if value >= 30 else 1 if value >= 1 else 2 if value >= 0.1 else 3
    return f"{time / _SECOND:.{digits}f}"


def duration(time: int) -> str:
    """Nanoseconds as a person says them: `3.9 s`, `2 min 5 s`, `1 h 4 min`."""
    whole = round(time / _SECOND)
    if whole < 120:
        return f"{seconds(time)} s"
    if whole < 7200:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def size(value: int) -> str:
    """Bytes in binary units: `512 bytes`, `8.1 MiB`."""
    if value < 1024:
        return count(value, "byte")
    power = next((power for power in (1, 2) if value < 1000 * 1024**power), 3)
    scaled = value / 1024**power
    return f"{scaled:.{1 if scaled < 100 else 0}f} {('KiB', 'MiB', 'GiB')[power - 1]}"


def rate(value: int, time: int) -> str | None:
    """Bytes over nanoseconds as a rate; None where the time is too short to say."""
    return f"{size(int(value * _SECOND / time))}/s" if time >= 1_000_000 and value else None


def count(number: int, noun: str) -> str:
    """`1 frame`, `18,204 frames`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def frame_name(ref: int, many_sources: bool) -> str:
    """A frame as a reader types it: its number, with several files `SOURCE:NUMBER` (sources from 0)."""
    return f"{frame_source(ref)}:{frame_number(ref)}" if many_sources else str(frame_number(ref))
