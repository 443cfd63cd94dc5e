"""Captures that others published are judged as their frames and notes call for; what is no network boot is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.capture.test_public import REFUSED
from tests.conftest import capture_files
from tests.scoreboard import PUBLIC_TRUTH
from tests.truth import Row, alarms, mistakes, rows_of

ROWS = rows_of(PUBLIC_TRUTH)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_published_capture_is_judged_right(row: Row, public_captures: Path) -> None:
    assert mistakes(row, public_captures) == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.healthy and row.outcomes != {"none"}], ids=str)
def test_a_published_boot_without_a_fault_raises_no_alarm(row: Row, public_captures: Path) -> None:
    assert alarms(row, public_captures) == []


def test_every_published_capture_has_its_row(public_captures: Path) -> None:
    readable = {path.name for path in capture_files(public_captures) if not path.name.endswith(tuple(REFUSED))}
    assert {row.file for row in ROWS} == readable
