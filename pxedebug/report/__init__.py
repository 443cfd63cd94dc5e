"""Stories as documents: typed values and JSON by the shipped schema, and text for people.

A `track.story.Story` and what is wanted of it come in; `build_report` gives the frozen values of `report.document`,
`write_json` and `write_jsonl` stream them, and `report.text` writes for a terminal or a pipe. Nothing here reads a
capture or judges a boot.
"""

from __future__ import annotations

from pxedebug.report.build import build_report
from pxedebug.report.document import SCHEMA, Report
from pxedebug.report.json import EVENT_SCHEMA, write_json, write_jsonl
from pxedebug.report.select import View, select

__all__ = [
    "EVENT_SCHEMA",
    "SCHEMA",
    "Report",
    "View",
    "build_report",
    "select",
    "write_json",
    "write_jsonl",
]
