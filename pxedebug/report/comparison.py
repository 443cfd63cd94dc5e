"""Two boots compared, as JSON."""

from __future__ import annotations

from msgspec import Struct
from msgspec.json import Encoder

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.query import Comparison, Difference
from pxedebug.report.context import Context
from pxedebug.report.escape import ascii_json
from pxedebug.report.verdict import verdict
from pxedebug.wire.batch import frame_number

__all__ = ["SCHEMA", "comparison_json"]

SCHEMA = "pxedebug.comparison/1"


class _Side(Struct, frozen=True):
    """One of the two boots."""

    mac: str | None
    outcome: str
    verdict: str
    """Why, in one sentence."""


class _Difference(Struct, frozen=True):
    """One thing that is not the same; null where a side does not have it."""

    step: str
    field: str
    left: str | None
    right: str | None
    left_frame: int | None
    right_frame: int | None


class _Document(Struct, frozen=True):
    """What differs, in the order of the boot."""

    schema: str
    left: _Side
    right: _Side
    same_steps: int
    differences: tuple[_Difference, ...]


def comparison_json(comparison: Comparison, left: Context, right: Context) -> bytes:
    """`pxedebug.comparison/1` with a newline at its end; frames are numbers in the side's own file."""
    document = _Document(
        SCHEMA,
        _side(comparison.left, left),
        _side(comparison.right, right),
        comparison.same,
        tuple(_difference(each, left, right) for each in comparison.differences),
    )
    return ascii_json(Encoder().encode(document)) + b"\n"


def _side(judged: JudgedBoot, context: Context) -> _Side:
    said = context.prose(verdict(judged, context))
    return _Side(judged.boot.client.mac.hex(":") or None, judged.boot.outcome.value, said)


def _difference(each: Difference, left: Context, right: Context) -> _Difference:
    return _Difference(
        each.step,
        each.field,
        None if each.left is None else left.prose(each.left),
        None if each.right is None else right.prose(each.right),
        None if each.left_frame is None else frame_number(each.left_frame),
        None if each.right_frame is None else frame_number(each.right_frame),
    )
