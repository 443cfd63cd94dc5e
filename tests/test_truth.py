"""Every recorded boot with a known fault, or none, is judged as what was done to it calls for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import capture_root, in_ci
from tests.truth import Row, alarms, mistakes, rows_of

LAB = capture_root() / "lab"


def rows() -> list[Row]:
    """The table of recorded boots; empty where the recordings are not here, which in CI is an error."""
    table = LAB / "TRUTH.tsv"
    assert table.exists() or not in_ci(), f"no {table.name} of recorded boots, and PXEDEBUG_CI is set"
    return rows_of(table)


@pytest.mark.parametrize("row", rows(), ids=str)
def test_a_recorded_boot_is_judged_right(row: Row, lab_captures: Path) -> None:
    assert mistakes(row, lab_captures) == []


@pytest.mark.parametrize("row", [row for row in rows() if row.healthy], ids=str)
def test_a_recorded_boot_without_a_fault_raises_no_alarm(row: Row, lab_captures: Path) -> None:
    assert alarms(row, lab_captures) == []
