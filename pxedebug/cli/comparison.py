"""What `pxedebug compare` does once it runs: read both captures, choose a boot of each, and say how they differ."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

from pxedebug.api import judge_reading, read_captures
from pxedebug.cli.errors import FOUND, complain
from pxedebug.diagnose import Judgement
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.errors import CaptureError
from pxedebug.query import compare_boots, likely_pair
from pxedebug.report.context import Context

__all__ = ["run"]


def run(
    *,
    left: str,
    right: str,
    format_: str,
    left_client: bytes | None,
    right_client: bytes | None,
    left_boot: int | None,
    right_boot: int | None,
    allow_server: tuple[IPv4Address | IPv6Address, ...],
    show_secrets: bool,
) -> int:
    """Compare and report; gives the exit status."""
    if left == right == "-":
        raise CaptureError("only one of the two captures can come from a pipe", "save the other one to a file")
    one = _judged(left, allow_server)
    other = one if right == left else _judged(right, allow_server)
    boots = list(one.boots())
    others = boots if other is one else list(other.boots())
    pair = likely_pair(_chosen(boots, left, left_client, left_boot), _chosen(others, right, right_client, right_boot))
    assert pair is not None
    comparison = compare_boots(*pair)
    contexts = Context.of(one.story, show_secrets=show_secrets), Context.of(other.story, show_secrets=show_secrets)
    if format_ == "json":
        from pxedebug.report.comparison import comparison_json

        sys.stdout.buffer.write(comparison_json(comparison, *contexts))
    else:
        from pxedebug.report.text import Output
        from pxedebug.report.text.comparison import write_comparison

        write_comparison(comparison, (left, right), contexts, Output(sys.stdout))
    return FOUND if comparison.differences else 0


def _judged(path: str, allowed_servers: Iterable[IPv4Address | IPv6Address]) -> Judgement:
    reading = read_captures([path], stdin=sys.stdin.buffer if path == "-" else None)
    return judge_reading(reading, allowed_servers=allowed_servers, complain=complain)


def _chosen(boots: list[JudgedBoot], path: str, client: bytes | None, number: int | None) -> list[JudgedBoot]:
    """The boots of one capture that may be meant; at least one."""
    chosen = [
        judged
        for judged in boots
        if (client is None or judged.boot.client.mac == client) and number in (None, judged.number)
    ]
    if not chosen:
        wanted = "no such boot" if client or number else "no network boot"
        raise CaptureError(f"{path}: {wanted} in this capture", f"`pxedebug analyze {path}` lists what there is")
    return chosen
