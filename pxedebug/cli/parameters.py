"""What users type on the command line, as values: MAC addresses, times, frames."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from pxedebug.diagnose import Severity
    from pxedebug.query import Query

__all__ = ["ADDRESS", "FRAME", "MAC", "SEVERITY", "TIME", "WHERE", "FrameName", "Moment"]


class FrameName(NamedTuple):
    """A frame as `N` or, with several files, `SOURCE:N` (SOURCE counts from 0, as in the JSON report)."""

    source: int | None
    number: int


class Moment(NamedTuple):
    """A time: nanoseconds since the capture's start where `relative`, else since the Unix epoch."""

    time: int
    relative: bool

    def since_epoch(self, first_time: int) -> int:
        """Nanoseconds since the epoch in a capture that began at `first_time`."""
        return self.time + first_time if self.relative else self.time


class _Mac(click.ParamType[bytes]):
    name = "mac"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        from pxedebug.wire.packet import parse_mac

        try:
            return parse_mac(str(value))
        except ValueError as error:
            return self.fail(str(error), param, ctx)


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


class _Address(click.ParamType["IPv4Address | IPv6Address"]):
    name = "address"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> IPv4Address | IPv6Address:
        try:
            return ip_address(str(value))
        except ValueError:
            return self.fail(f"{value!r} is no IP address", param, ctx)


class _Severity(click.Choice[str]):
    def __init__(self) -> None:
        super().__init__(["fatal", "error", "warning", "info"])

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Severity:  # type: ignore[override]
        from pxedebug.diagnose import Severity  # numpy comes with it

        return value if isinstance(value, Severity) else Severity[super().convert(value, param, ctx).upper()]


class _Where(click.ParamType["Query"]):
    name = "where"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Query:
        from pxedebug.query import Query, QueryError, parse_query

        if isinstance(value, Query):
            return value
        try:
            return parse_query(str(value), _rule_ids)
        except QueryError as error:
            return self.fail(str(error), param, ctx)


def _rule_ids() -> list[str]:
    """What findings are called, those of installed packages too; who fails to load is told of when boots are judged."""
    from pxedebug.plugins import installed_rules
    from pxedebug.query import builtin_ids

    return [*builtin_ids(), *(rule.id for rule in installed_rules(lambda _: None))]


WHERE = _Where()
ADDRESS = _Address()
SEVERITY = _Severity()
MAC = _Mac()
TIME = _Time()
FRAME = _Frame()
