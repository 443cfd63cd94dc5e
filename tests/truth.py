"""Tables of what is right for recorded boots, and how a report is held against them.

A row names a capture, a client (`*` for the whole capture), the outcomes that are right (`none`: no boot at all), the
findings one of which must be primary, and findings that must stand beside it. Where outcome or primary allow several,
they are joined by `|` and `,`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from tests.reports import Document, boots_of, report_of

__all__ = ["FAILURES", "Row", "alarms", "mistakes", "rows_of"]

FAILURES = {"failed", "stalled"}


@dataclass(frozen=True)
class Row:
    """One judged client of one capture."""

    file: str
    client: str
    outcomes: frozenset[str]
    primaries: frozenset[str]
    also: frozenset[str]
    boot: int
    """Which of the client's boots, from 1; 0: the first, and no other may have failed unless this one did."""

    def __str__(self) -> str:
        return f"{self.file}-{self.client}" + (f"-{self.boot}" if self.boot else "")

    @property
    def healthy(self) -> bool:
        """Nothing failed here."""
        return not self.outcomes & FAILURES


def rows_of(table: Path) -> list[Row]:
    """The rows of a table with tabs; empty where it is not there."""
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                row["file"],
                row["client"],
                frozenset(row["outcome"].split("|")),
                frozenset(filter(None, row["primary"].split(","))),
                frozenset(filter(None, row["also"].split(","))),
                int(row.get("boot") or 0),
            )
            for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        ]


def mistakes(row: Row, root: Path) -> list[str]:
    """What a report on `row`'s capture says that is not right, one line each."""
    report = report_of(root / row.file)
    if row.outcomes == {"none"}:
        boots = report["boots"] if row.client == "*" else boots_of(report, row.client)
        return [f"boot {boot['id']} is none" for boot in boots]
    boots = report["boots"] if row.client == "*" else boots_of(report, row.client)
    if len(boots) < max(1, row.boot):
        return ["no such boot of this client"]
    boot = boots[max(0, row.boot - 1)]
    wrong = []
    if boot["outcome"] not in row.outcomes:
        wrong.append(f"{boot['outcome']} instead of {'|'.join(sorted(row.outcomes))}")
    primary = next((finding["id"] for finding in boot["findings"] if finding["primary"]), None)
    if boot["outcome"] in FAILURES and row.primaries and primary not in row.primaries:
        wrong.append(f"primary {primary} instead of {' or '.join(sorted(row.primaries))}")
    missing = row.also - {finding["id"] for finding in boot["findings"]}
    wrong += [f"{name} is missing" for name in sorted(missing)]
    if not row.boot and row.healthy:
        wrong += [f"boot {other['id']} {other['outcome']}" for other in boots if other["outcome"] in FAILURES]
    return wrong


def alarms(row: Row, root: Path) -> list[str]:
    """Findings above `info` on a boot that is right as it is, beyond those that the table names."""
    if not row.healthy or row.outcomes == {"none"}:
        return []
    report: Document = report_of(root / row.file)
    boots = report["boots"] if row.client == "*" else boots_of(report, row.client)
    return [
        f"{finding['severity']} {finding['id']}"
        for boot in (boots[row.boot - 1 : row.boot] if row.boot else boots)
        for finding in boot["findings"]
        if finding["severity"] != "info" and finding["id"] not in row.also | row.primaries
    ]
