"""Every report in the tests goes through the shipped schema."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from jsonschema import Draft202012Validator

from pxedebug.report.json import write_json
from pxedebug.report.select import View
from pxedebug.track.story import Story
from tests.report.test_document import SCHEMA

__all__ = ["VALIDATOR", "json_report"]

Draft202012Validator.check_schema(SCHEMA)
VALIDATOR = Draft202012Validator(SCHEMA)


def json_report(story: Story | View, *, show_secrets: bool = False) -> dict[str, Any]:
    """The JSON report on `story`, validated."""
    out = BytesIO()
    write_json(View(story) if isinstance(story, Story) else story, out, show_secrets=show_secrets)
    report: dict[str, Any] = json.loads(out.getvalue())
    VALIDATOR.validate(report)
    return report
