"""Every report in the tests goes through the shipped schema."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from jsonschema import Draft202012Validator

from pxedebug.diagnose import judge
from pxedebug.report.json import write_json, write_jsonl
from pxedebug.report.select import View
from pxedebug.track.story import Story
from tests.report.test_document import SCHEMA, shipped

__all__ = ["EVENT_VALIDATOR", "VALIDATOR", "json_lines", "json_report"]

Draft202012Validator.check_schema(SCHEMA)
VALIDATOR = Draft202012Validator(SCHEMA)
EVENT_SCHEMA = shipped("event-1")
Draft202012Validator.check_schema(EVENT_SCHEMA)
EVENT_VALIDATOR = Draft202012Validator(EVENT_SCHEMA)


def json_report(story: Story | View, *, show_secrets: bool = False) -> dict[str, Any]:
    """The JSON report on `story`, validated."""
    out = BytesIO()
    write_json(View(judge(story)) if isinstance(story, Story) else story, out, show_secrets=show_secrets)
    report: dict[str, Any] = json.loads(out.getvalue())
    VALIDATOR.validate(report)
    return report


def json_lines(story: Story | View, *, show_secrets: bool = False) -> list[dict[str, Any]]:
    """The lines on `story`, each validated."""
    out = BytesIO()
    write_jsonl(View(judge(story)) if isinstance(story, Story) else story, out, show_secrets=show_secrets)
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
    for line in lines:
        EVENT_VALIDATOR.validate(line)
    return lines
