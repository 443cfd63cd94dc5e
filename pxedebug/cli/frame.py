"""Finding one frame of a capture for `--frame`, decoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from pxedebug.capture import open_captures
from pxedebug.errors import MalformedFrame
from pxedebug.report.text.frame import Frame
from pxedebug.wire import neighbours
from pxedebug.wire.batch import Batch, frame_ref
from pxedebug.wire.frames import decode_batch
from pxedebug.wire.packets import read_packet, segment_endpoints, segment_payload

__all__ = ["read_frame"]


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
