"""Every recorded boot with a known fault, or none, has the outcome that what was done to it calls for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import capture_root, in_ci
from tests.reports import boots_of, report_of

LAB = capture_root() / "lab"
FAILURES = {"failed", "stalled"}
Row = dict[str, str]

ONLY_A_FINDING_TELLS: dict[tuple[str, str], tuple[set[str], str]] = {
    ("fb1_bios_nobootfile.pcap", "52:54:00:77:00:10"): (
        {"in-progress"},
        "iPXE got its lease and then says nothing more: that no boot file came is read from the ACK",
    ),
    ("fg1_bios_gets_efi.pcap", "52:54:00:77:00:10"): (
        {"in-progress"},
        "the transfer is perfect: that a BIOS machine got an EFI program is read from its first block",
    ),
}
"""Client of a capture to the outcomes that the wire alone allows, and why no more can be said without a finding."""


def rows() -> list[Row]:
    """The table of recorded boots; empty where the recordings are not here, which in CI is an error."""
    table = LAB / "TRUTH.tsv"
    if not table.exists():
        assert not in_ci(), f"no {table.name} of recorded boots, and PXEDEBUG_CI is set"
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def name_of(row: Row) -> str:
    return f"{row['file']}-{row['client']}"


@pytest.mark.parametrize("row", rows(), ids=name_of)
def test_the_first_boot_ended_as_it_had_to(row: Row, lab_captures: Path) -> None:
    report = report_of(lab_captures / row["file"])
    if row["outcome"] == "none":
        assert report["boots"] == []
        return
    boots = boots_of(report, row["client"])
    assert boots, "no boot of this client"
    outcomes = set(row["outcome"].split("|"))
    key = (row["file"], row["client"])
    if not boots[0]["findings"] and key in ONLY_A_FINDING_TELLS:
        outcomes = outcomes | ONLY_A_FINDING_TELLS[key][0]
    assert boots[0]["outcome"] in outcomes
    if not outcomes & FAILURES:
        assert [boot["id"] for boot in boots if boot["outcome"] in FAILURES] == []


def test_every_exception_is_a_row_that_must_fail(lab_captures: Path) -> None:
    """An exception excuses a boot that failed for a reason that no packet states, and nothing else."""
    failing = {(row["file"], row["client"]) for row in rows() if set(row["outcome"].split("|")) <= FAILURES}
    assert ONLY_A_FINDING_TELLS.keys() <= failing
