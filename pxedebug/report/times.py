"""Points in time: as the report writes them, and as a user types them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

__all__ = ["Clock", "TimeStyle", "clock_time", "parse_time", "rfc3339"]

_SECOND = 1_000_000_000
_RELATIVE = r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ns|us|µs|ms|s|m|min|h|d)?"
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": _SECOND, "m": 60 * _SECOND, "min": 60 * _SECOND,
          "h": 3600 * _SECOND, "d": 86400 * _SECOND}  # fmt: skip
_FRACTION = r"(?<=:\d\d)[.,](\d{1,9})\d*"
_YEAR_10000 = 253_402_300_800
"""Seconds at which `datetime` ends; a container's 64-bit timestamp may lie far behind it."""


class Clock(StrEnum):
    """How the text report shows times."""

    RELATIVE = "relative"
    LOCAL = "local"
    UTC = "utc"


class TimeStyle:
    """Writes times of one capture in one way."""

    def __init__(self, clock: Clock, first_time: int) -> None:
        self.clock = clock
        self.first_time = first_time

    def __call__(self, time: int) -> str:
        """`time` (nanoseconds since the epoch) as seconds from the capture's start, or as the time of day."""
        if self.clock is Clock.RELATIVE:
            return f"{(time - self.first_time) / _SECOND:.3f}"
        return clock_time(time, UTC if self.clock is Clock.UTC else None)


def rfc3339(time: int) -> str:
    """`time` (nanoseconds since the epoch) as RFC 3339 with nine decimals, UTC."""
    seconds, rest = divmod(time, _SECOND)
    moment = _moment(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def clock_time(time: int, zone: tzinfo | None) -> str:
    """The time of day with milliseconds, in `zone` or the machine's own."""
    seconds, rest = divmod(time, _SECOND)
    return f"{_moment(seconds, zone):%H:%M:%S}.{rest // 1_000_000:03d}"


def _moment(seconds: int, zone: tzinfo | None) -> datetime:
    """The moment, or the nearest one that the calendar knows: a damaged file may claim any year."""
    return datetime.fromtimestamp(min(max(seconds, 0), _YEAR_10000 - 86_401), zone)


def parse_time(text: str) -> tuple[int, bool]:
    """A time as a user types it: (nanoseconds, whether they count from the capture's start).

    `12.5s`, `1m`, `250ms` and a bare number of seconds count from the start; RFC 3339 such as
    `2026-11-21T10:22:33Z` counts from the Unix epoch, and without an offset it is the machine's own time.
    Raises ValueError for anything else.
    """
    relative = re.fullmatch(_RELATIVE, text.strip())
    if relative:
        whole, _, fraction = relative["number"].partition(".")
        unit = _UNITS[relative["unit"] or "s"]
        return int(whole) * unit + int(fraction or 0) * unit // 10 ** len(fraction), True
    return _parse_absolute(text.strip()), False


def _parse_absolute(text: str) -> int:
    """RFC 3339, with the nanoseconds that `datetime` would drop."""
    fraction = re.search(_FRACTION, text)
    moment = datetime.fromisoformat(re.sub(_FRACTION, "", text))
    return int(moment.timestamp()) * _SECOND + (int(fraction[1].ljust(9, "0")) if fraction else 0)
