"""What judging costs: `pxedebug analyze` with its rules and without any, on a storm that boots and on one that fails.

    python -m tests.benchmarks.judge [--quick] [--runs 5] [--keep DIR]

The two run in turn, each in a process of its own; medians of processor time and their ratio are printed. The aims: at
most 15 % more on the storm, at most 30 % more where every boot fails.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from tests.benchmarks.process import run

__all__ = ["main"]

AIMS = {"storm": 1.15, "failing": 1.30}


def analyse(path: str, *, rules: bool) -> None:
    """Read, judge and write the JSON report, as the command does."""
    import gc

    gc.disable()
    from pxedebug.api import read_captures
    from pxedebug.diagnose import builtin_rules, judge
    from pxedebug.report.json import write_json
    from pxedebug.report.select import select

    judgement = judge(read_captures([path]).story, builtin_rules() if rules else ())
    write_json(select(judgement), BytesIO())


def measure(name: str, folder: Path, runs: int, *, quick: bool) -> tuple[float, float]:
    """Medians of the processor time, without rules and with them, in seconds."""
    capture = folder / f"{name}.pcap"
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.generate", name, str(capture), *(["--quick"] if quick else [])],
        check=True, capture_output=True,
    )  # fmt: skip
    times: dict[str, list[float]] = {"without": [], "with": []}
    for _ in range(runs):
        for how, taken in times.items():
            command = [sys.executable, "-m", "tests.benchmarks.judge", "--child", str(capture), "--rules", how]
            taken.append(run(command).processor)
    return statistics.median(times["without"]), statistics.median(times["with"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; gives how many aims were missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.judge", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="captures twenty times smaller")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="generate the captures here and leave them")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--rules", choices=("with", "without"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        analyse(options.child, rules=options.rules == "with")
        return 0
    missed = 0
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{'capture':<10}{'without':>10}{'with':>10}{'more':>9}{'aim':>9}")
        for name, aim in AIMS.items():
            without, judged = measure(name, folder, options.runs, quick=options.quick)
            ratio = judged / without
            missed += ratio > aim
            print(f"{name:<10}{without:>8.2f} s{judged:>8.2f} s{ratio - 1:>8.0%}{aim - 1:>8.0%}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
