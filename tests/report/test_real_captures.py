"""Reports on real captures: whatever they hold, the JSON follows the schema and the text fits a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

from rich.cells import cell_len

from pxedebug.api import read_captures
from pxedebug.errors import CaptureError
from pxedebug.report.select import View
from pxedebug.report.text import Output, TextOptions, write_text
from pxedebug.track.story import Story
from tests.report.hostile_names import FORBIDDEN
from tests.report.schema import json_report


def stories(folder: Path) -> Iterator[tuple[str, Story]]:
    """Every capture of a folder that can be read, with its story."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in {".tsv", ".md", ".toml", ".json"}:
            continue
        with suppress(CaptureError):
            yield path.name, read_captures([str(path)]).story


def check(folder: Path) -> None:
    found = 0
    for name, story in stories(folder):
        json_report(story)
        for verbose in (False, True):
            out = StringIO()
            write_text(View(story), Output(out, width=80), TextOptions(verbose=verbose))
            lines = out.getvalue().splitlines()
            assert max(map(cell_len, lines)) <= 80, name
            assert not FORBIDDEN & set(out.getvalue()), name
        found += 1
    assert found


def test_golden_captures(golden_captures: Path) -> None:
    check(golden_captures)


def test_lab_captures(lab_captures: Path) -> None:
    check(lab_captures)


def test_public_captures(public_captures: Path) -> None:
    check(public_captures)
