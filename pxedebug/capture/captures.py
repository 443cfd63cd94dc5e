"""The captures that a command was given, as one stream of batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from pxedebug.capture.limits import ContainerLimits
from pxedebug.capture.records import SourceInfo
from pxedebug.capture.source import CAPACITY, Capture
from pxedebug.errors import CaptureError
from pxedebug.wire.batch import Batch

if TYPE_CHECKING:
    from pxedebug.capture.merge import Lane

__all__ = ["CaptureSet", "open_captures"]

_LEAST_CAPACITY = 1 << 20
_LOOK = 256 << 10
"""Bytes read at once to see when a file begins."""


class CaptureSet:
    """Captures in order of time; iterate once over their batches.

    `sources[n]` describes the frames whose `frame_source` is n. `errors` holds what could not be read of several
    inputs; a single input raises instead.
    """

    def __init__(self, captures: list[Capture], lanes: list[Lane], errors: list[CaptureError]) -> None:
        self._captures = captures
        self._lanes = lanes
        self.errors = errors

    @property
    def sources(self) -> list[SourceInfo]:
        """One entry per readable input, by the time of its first frame; complete once iteration has ended."""
        return [capture.info for capture in self._captures]

    @property
    def warnings(self) -> list[tuple[str, str, int]]:
        """Code, text and source index of every warning so far."""
        return [(warning.code, warning.text, info.index) for info in self.sources for warning in info.warnings]

    def __iter__(self) -> Iterator[Batch]:
        if self._lanes:
            from pxedebug.capture.merge import merge  # a single file needs none of it

            return merge(self._lanes)
        return iter(self._captures[0]) if self._captures else iter(())


def open_captures(
    paths: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    limits: ContainerLimits | None = None,
    progress: Callable[[int], None] | None = None,
) -> CaptureSet:
    """Open capture files and pipes (`-` reads `stdin`) to be read as one stream in order of time.

    `progress` is told how many further bytes of input, as stored, have been read. A single input that cannot be read
    raises CaptureError, here or on the first step of the iteration; of several, each goes to `CaptureSet.errors`.
    """
    if len(paths) == 1:
        capture = Capture(paths[0], stdin=stdin, limits=limits, progress=progress)
        return CaptureSet([capture], [], [])
    errors: list[CaptureError] = []
    capacity = max(CAPACITY * 2 // max(len(paths), 1), _LEAST_CAPACITY)
    lanes = []
    for path in paths:
        capture = Capture(path, stdin=stdin, limits=limits, capacity=capacity, progress=progress)
        lane = _look(capture, limits, errors)
        if lane is not None:
            lanes.append(lane)
    lanes.sort(key=lambda lane: (lane.starts is None, lane.starts or 0))
    for index, lane in enumerate(lanes):
        lane.adopt(index)
    return CaptureSet([lane.capture for lane in lanes], lanes, errors)


def _look(capture: Capture, limits: ContainerLimits | None, errors: list[CaptureError]) -> Lane | None:
    """A lane that knows when its capture begins; None, with the error kept, where nothing can be read."""
    from pxedebug.capture.merge import Lane

    if not capture.repeatable:
        lane = Lane(capture, None, errors)
        known = len(errors)
        lane.refill()
        lane.starts = int(lane.batch.time[0]) if lane.batch is not None else None
        return lane if len(errors) == known else None
    try:
        batch = next(iter(Capture(capture.path, limits=limits, capacity=_LOOK)), None)
    except CaptureError as error:
        errors.append(error)
        return None
    return Lane(capture, int(batch.time[0]) if batch is not None else None, errors)
