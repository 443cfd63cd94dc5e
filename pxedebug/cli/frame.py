"""Finding one frame of a capture for `--frame`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from pxedebug.capture import open_captures
from pxedebug.report.frame import Frame, decode_frame
from pxedebug.wire.batch import frame_ref

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
            return decode_frame(batch.rows(row, row + 1)), first_time
    return None, first_time or 0
