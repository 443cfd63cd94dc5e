"""What `pxedebug compare` does once it runs: read both captures, choose a boot of each, and say how they differ."""

from __future__ import annotations

import sys

from pxedebug.api import read_captures
from pxedebug.cli.errors import FOUND
from pxedebug.diagnose import judge
from pxedebug.errors import CaptureError
from pxedebug.query import compare_boots, likely_pair
from pxedebug.report.context import Context
from pxedebug.track.story import Boot, Story

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
    show_secrets: bool,
) -> int:
    """Compare and report; gives the exit status."""
    if left == right == "-":
        raise CaptureError("only one of the two captures can come from a pipe", "save the other one to a file")
    one, other = _read(left), _read(right)
    boots = _boots(one, left, left_client, left_boot), _boots(other, right, right_client, right_boot)
    pair = likely_pair(*boots)
    assert pair is not None
    comparison = compare_boots(*pair)
    contexts = Context.of(one, show_secrets=show_secrets), Context.of(other, show_secrets=show_secrets)
    if format_ == "json":
        from pxedebug.report.comparison import comparison_json

        sys.stdout.buffer.write(comparison_json(comparison, *contexts))
    else:
        from pxedebug.report.text import Output
        from pxedebug.report.text.comparison import write_comparison

        write_comparison(comparison, (left, right), contexts, Output(sys.stdout))
    return FOUND if comparison.differences else 0


def _read(path: str) -> Story:
    return read_captures([path], stdin=sys.stdin.buffer if path == "-" else None).story


def _boots(story: Story, path: str, client: bytes | None, number: int | None) -> list[Boot]:
    """The boots of one capture that may be meant; at least one."""
    chosen = [
        judged.boot
        for judged in judge(story).boots()
        if (client is None or judged.boot.client.mac == client) and number in (None, judged.number)
    ]
    if not chosen:
        wanted = "no such boot" if client or number else "no network boot"
        raise CaptureError(f"{path}: {wanted} in this capture", f"`pxedebug analyze {path}` lists what there is")
    return chosen
