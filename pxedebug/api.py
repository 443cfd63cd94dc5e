"""Reading captures from Python and for the command line: files in, a story or a report out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from typing import BinaryIO

import numpy as np

from pxedebug.capture import CaptureSet, open_captures
from pxedebug.errors import CaptureError, MalformedFrame
from pxedebug.report.build import build_report
from pxedebug.report.document import Report
from pxedebug.report.select import select
from pxedebug.report.text.frame import Frame
from pxedebug.track import Limits, Tracker
from pxedebug.track.story import CaptureWarning, Story
from pxedebug.wire import neighbours
from pxedebug.wire.batch import Batch, frame_ref
from pxedebug.wire.frames import decode_batch
from pxedebug.wire.packets import read_packet, segment_endpoints, segment_payload

__all__ = ["Reading", "analyze", "read_captures", "read_frame"]


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
    tracker.finish()
    names = [source.name for source in captures.sources]
    return Reading(tracker.story(names, _warnings(captures)), tuple(captures.errors))


def _warnings(captures: CaptureSet) -> list[CaptureWarning]:
    """What the readers had to say; of several sources each says which one it means."""
    many = len(captures.sources) > 1
    return [
        CaptureWarning(code, f"{captures.sources[index].name}: {text}" if many else text)
        for code, text, index in captures.warnings
    ]


def read_frame(
    paths: Sequence[str], source: int, number: int, *, stdin: BinaryIO | None = None
) -> tuple[Frame | None, int]:
    """The frame `number` of the capture `source`, and the time of the first frame (0 without frames).

    Sources count from 0 in the order of `report.capture.sources`. The frame is None where there is none of that
    name. Raises CaptureError when nothing can be read.
    """
    wanted, first_time = frame_ref(source, number), None
    for batch in open_captures(paths, stdin=stdin):
        if not len(batch):
            continue
        first_time = int(batch.time[0]) if first_time is None else first_time
        (rows,) = np.nonzero(batch.ref == wanted)
        if len(rows):
            row = int(rows[0])
            return _frame(batch.rows(row, row + 1)), first_time
    return None, first_time or 0


def _frame(batch: Batch) -> Frame:
    """The only frame of `batch`, decoded."""
    columns = decode_batch(batch)
    data, link_type = batch.frame(0), int(batch.link_type[0])
    network = int(columns.network[0])
    try:
        start = int(batch.offset[0])
        neighbour = neighbours.decode(data, link_type, network - start if network >= 0 else -1)
    except MalformedFrame:
        neighbour = None
    return Frame(
        ref=int(batch.ref[0]),
        time=int(batch.time[0]),
        link_type=link_type,
        wire_length=int(batch.wire_length[0]),
        data=data,
        packet=read_packet(columns, 0) if len(columns.datagrams.row) else None,
        segment=segment_endpoints(columns, 0) if len(columns.segments.row) else None,
        segment_payload=segment_payload(columns, 0) if len(columns.segments.row) else b"",
        neighbour=neighbour,
    )
