"""How good the verdicts are: `python -m tests.scoreboard` prints judged right, judged wrong and false alarms.

Three tables are held against the program: the boots recorded for this project (`TRUTH.tsv` beside them), captures that
others published (`tests/public_truth.tsv`), and the golden cases in `captures/` with their hand-written facts.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conftest import capture_root
from tests.golden import CAPTURES, cases
from tests.truth import Row, alarms, mistakes, rows_of

__all__ = ["PUBLIC_TRUTH", "Score", "main", "scores"]

PUBLIC_TRUTH = Path(__file__).with_name("public_truth.tsv")


class Score(NamedTuple):
    """One table's result."""

    table: str
    right: int
    wrong: tuple[str, ...]
    alarms: tuple[str, ...]


def scores() -> list[Score]:
    """Every table that is at hand, judged."""
    root = capture_root()
    tables = (
        ("recorded", root / "lab", rows_of(root / "lab" / "TRUTH.tsv")),
        ("published", root / "public", rows_of(PUBLIC_TRUTH) if (root / "public").is_dir() else []),
        ("golden", CAPTURES, _golden_rows()),
    )
    return [_score(name, folder, rows) for name, folder, rows in tables if rows]


def _golden_rows() -> list[Row]:
    found = []
    for case in cases():
        facts = tomllib.loads((case / "facts.toml").read_text(encoding="utf-8"))
        numbers: dict[str, int] = {}
        for boot in facts.get("boot", ()):
            client = boot["client"]
            numbers[client] = numbers.get(client, 0) + 1
            primary = frozenset((boot["primary"],) if boot.get("primary") else ())
            outcome = frozenset((boot["outcome"],))
            also = frozenset(boot.get("also", ()))
            found.append(Row(f"{case.name}/capture.pcap", client, outcome, primary, also, numbers[client]))
    return found


def _score(table: str, folder: Path, rows: Sequence[Row]) -> Score:
    wrong = [(row, mistake) for row in rows for mistake in mistakes(row, folder)]
    false = [f"{row}: {alarm}" for row in rows for alarm in alarms(row, folder)]
    right = len(rows) - len({row for row, _ in wrong})
    return Score(table, right, tuple(f"{row}: {mistake}" for row, mistake in wrong), tuple(false))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the board; gives 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.scoreboard", description=__doc__)
    parser.parse_args(arguments)
    board = scores()
    print(f"{'table':<12}{'rows':>6}{'right':>7}{'wrong':>7}{'false alarms':>14}")
    for score in board:
        rows = score.right + len({line.partition(": ")[0] for line in score.wrong})
        print(f"{score.table:<12}{rows:>6}{score.right:>7}{rows - score.right:>7}{len(score.alarms):>14}")
    for score in board:
        for heading, lines in (("wrong", score.wrong), ("false alarm", score.alarms)):
            for line in lines:
                print(f"{score.table} {heading}: {line}")
    return int(any(score.wrong or score.alarms for score in board))


if __name__ == "__main__":
    sys.exit(main())
