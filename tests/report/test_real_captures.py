"""Reports on real captures: whatever they hold, the JSON follows the schema and the text fits a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len

from pxedebug.api import read_captures
from pxedebug.diagnose import Judgement, judge
from pxedebug.errors import CaptureError
from pxedebug.report.select import View
from pxedebug.report.text import Output, TextOptions, write_text
from pxedebug.track.story import Story
from tests.capture.test_public import REFUSED
from tests.conftest import capture_files
from tests.report.hostile_names import FORBIDDEN
from tests.report.schema import json_lines, json_report


def stories(folder: Path) -> Iterator[tuple[str, Story]]:
    """Every capture of a folder with its story; what is none must be refused, and nothing else."""
    for path in capture_files(folder):
        if path.name.endswith(tuple(REFUSED)):
            with pytest.raises(CaptureError):
                read_captures([str(path)])
            continue
        yield path.name, read_captures([str(path)]).story


def configuration(judgement: Judgement) -> set[str]:
    """Lines of remedies that are to be pasted into a configuration: these are never folded."""
    findings = [finding for judged in judgement.boots() for finding in judged.findings]
    texts = [remedy.text for finding in findings for remedy in finding.remedies if remedy.where]
    return {line.strip() for text in texts for line in text.split("\n")}


def check(folder: Path) -> None:
    for name, story in stories(folder):
        json_report(story)
        judgement = judge(story)
        for verbose in (False, True):
            out = StringIO()
            write_text(View(judgement), Output(out, width=80), TextOptions(verbose=verbose))
            pasted = configuration(judgement)
            lines = [line for line in out.getvalue().splitlines() if line.strip() not in pasted]
            assert max(map(cell_len, lines)) <= 80, name
            assert not FORBIDDEN & set(out.getvalue()), name


def test_golden_captures(golden_captures: Path) -> None:
    check(golden_captures)
    for name, story in stories(golden_captures):
        assert json_lines(story)[0]["type"] == "capture", name


def test_lab_captures(lab_captures: Path) -> None:
    check(lab_captures)


def test_public_captures(public_captures: Path) -> None:
    check(public_captures)
