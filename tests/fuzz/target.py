"""What is run on every mutated capture, and what must come of it."""

from __future__ import annotations

import io
import json
import time
from functools import cache
from importlib.resources import files

import jsonschema
import msgspec

from pxedebug.api import Reading, read_captures
from pxedebug.diagnose import judge
from pxedebug.errors import CaptureError
from pxedebug.report.document import Report
from pxedebug.report.json import write_json
from pxedebug.report.select import select
from pxedebug.report.text import Output, TextOptions, write_text

__all__ = ["SECONDS", "Broken", "run"]

SECONDS = 20.0
"""A mutated capture of some hundred kilobytes takes milliseconds; this much is a loop that hardly ends."""


class Broken(AssertionError):
    """The invariant does not hold."""


def run(data: bytes, *, schema: bool = True) -> str:
    """Analyse `data` as a piped capture and write both reports; gives `report` or `refused`.

    Raises Broken where the report is late, and what jsonschema (slow, left out without `schema`) or msgspec raise where
    it is not valid; whatever else is raised on the way is a failure too.
    """
    started = time.monotonic()
    try:
        reading = read_captures(["-"], stdin=io.BytesIO(data))
    except CaptureError as error:
        if "\n" in str(error):
            raise Broken(f"more than one line: {error}") from error
        return "refused"
    document = _documents(reading)
    msgspec.convert(document, Report)
    if schema:
        jsonschema.validate(document, _schema())
    if (took := time.monotonic() - started) > SECONDS:
        raise Broken(f"took {took:.1f} s")
    return "report"


def _documents(reading: Reading) -> object:
    """Both reports written; the JSON one read again."""
    view, out, text = select(judge(reading.story)), io.BytesIO(), io.StringIO()
    write_json(view, out)
    write_text(view, Output(text), TextOptions(verbose=True))
    return json.loads(out.getvalue())


@cache
def _schema() -> dict[str, object]:
    schema: dict[str, object] = json.loads(
        (files("pxedebug.report") / "schema" / "report-1.schema.json").read_text(encoding="utf-8")
    )
    return schema
