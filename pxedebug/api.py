"""Reading captures from Python and for the command line: files in, a story or a report out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from typing import BinaryIO

from pxedebug.capture import CaptureSet, open_captures
from pxedebug.errors import CaptureError
from pxedebug.report.build import build_report
from pxedebug.report.document import Report
from pxedebug.report.select import select
from pxedebug.track import Limits, Tracker
from pxedebug.track.story import CaptureWarning, Story

__all__ = ["Reading", "analyze", "read_captures"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading captures."""

    story: Story
    errors: tuple[CaptureError, ...] = ()
    """Files among several that could not be read; the others were analysed."""


def analyze(
    *paths: str | PathLike[str],
    client: str | None = None,
    show_secrets: bool = False,
    limits: Limits | None = None,
) -> Report:
    """Analyse captures and return the report, `pxedebug.report/1`, as frozen objects.

    `paths` are pcap or pcapng files, also compressed; `-` reads standard input. Several files are parts of one
    capture or simultaneous views of one network, as their times say. `client` is a MAC address (hexadecimal, with or
    without separators) that narrows the boots shown. Times in the report are nanoseconds since
    `report.capture.first_time`, sizes bytes. Raises CaptureError when a file cannot be read (`hint` says what to
    do) and ValueError for a `client` that is no MAC address.
    """
    if not paths:
        raise ValueError("analyze() needs at least one capture")
    mac = None if client is None else _mac(client)
    reading = read_captures(
        [fspath(path) for path in paths], stdin=sys.stdin.buffer if "-" in paths else None, limits=limits
    )
    if reading.errors:
        raise reading.errors[0]
    return build_report(select(reading.story, client=mac), show_secrets=show_secrets)


def _mac(text: str) -> bytes:
    mac = bytes.fromhex("".join(character for character in text if character not in ":-. "))
    if len(mac) != 6:
        raise ValueError(f"{text!r} is no MAC address")
    return mac


def read_captures(
    paths: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """Read captures to their end and follow every client; `progress` is told how many more bytes were read.

    Raises CaptureError when nothing can be read.
    """
    captures = open_captures(paths, stdin=stdin, progress=progress)
    tracker = Tracker(limits or Limits())
    for batch in captures:
        tracker.feed(batch)
    names = [source.name for source in captures.sources]
    return Reading(tracker.story(names, _warnings(captures)), tuple(captures.errors))


def _warnings(captures: CaptureSet) -> list[CaptureWarning]:
    """What the readers had to say; of several sources each says which one it means."""
    many = len(captures.sources) > 1
    return [
        CaptureWarning(code, f"{captures.sources[index].name}: {text}" if many else text)
        for code, text, index in captures.warnings
    ]
