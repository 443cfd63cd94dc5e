"""What users type on the command line, as values: MAC addresses, times, frames."""

from __future__ import annotations

import re
from dataclasses import dataclass

import click

__all__ = ["FRAME", "MAC", "TIME", "FrameName", "Moment"]

_MAC_BARE = re.compile(r"[0-9a-f]{12}", re.IGNORECASE)
_MAC_CISCO = re.compile(r"[0-9a-f]{4}([.:-])[0-9a-f]{4}\1[0-9a-f]{4}", re.IGNORECASE)
_MAC_OCTETS = re.compile(r"[0-9a-f]{1,2}(?:([:. -])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FrameName:
    """A frame as `N` or, with several files, `SOURCE:N` (SOURCE counts from 0, as in the JSON report)."""

    source: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: nanoseconds since the capture's start where `relative`, else since the Unix epoch."""

    time: int
    relative: bool

    def since_epoch(self, first_time: int) -> int:
        """Nanoseconds since the epoch in a capture that began at `first_time`."""
        return self.time + first_time if self.relative else self.time


class _Mac(click.ParamType[bytes]):
    name = "mac"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        text = str(value).strip()
        if _MAC_BARE.fullmatch(text):
            return bytes.fromhex(text)
        if _MAC_CISCO.fullmatch(text):
            return bytes.fromhex(re.sub(r"[.:-]", "", text))
        if _MAC_OCTETS.fullmatch(text):
            return bytes(int(octet, 16) for octet in re.split(r"[:. -]", text))
        return self.fail(f"{value!r} is no MAC address; write it like 52:54:00:77:00:20", param, ctx)


class _Time(click.ParamType[Moment]):
    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Moment:
        from pxedebug.report.times import parse_time

        try:
            return Moment(*parse_time(str(value)))
        except (ValueError, OverflowError):
            return self.fail(f"{value!r} is no time; write 12.5s, 1m or 2026-11-21T10:22:33Z", param, ctx)


class _Frame(click.ParamType[FrameName]):
    name = "frame"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> FrameName:
        source, colon, number = str(value).rpartition(":")
        if number.isdecimal() and int(number) > 0 and (source.isdecimal() or not colon):
            return FrameName(int(source) if colon else None, int(number))
        return self.fail(f"{value!r} is no frame; write its number, with several files SOURCE:NUMBER", param, ctx)


MAC = _Mac()
TIME = _Time()
FRAME = _Frame()
