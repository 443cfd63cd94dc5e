"""Times `pxedebug analyze` beside tcpdump and tshark on generated captures; prints medians, ratios and peak memory.

    python -m tests.benchmarks.analyze [--quick] [--runs 5] [--only storm,mirror,flood,storm4] [--keep DIR]

The three programs run in turn, so that whatever else the machine does hits all of them; each capture is read once
before, so that all read from the page cache. storm4 is about memory: one run, without tshark.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.process import Cost, run

__all__ = ["main"]

FIELDS = ("frame.number", "dhcp.id", "dhcp.hw.mac_addr", "tftp.opcode", "tftp.block")


@dataclass(frozen=True, slots=True)
class Target:
    """What a capture's run must reach; None where nothing is asked."""

    tshark: float | None
    """At least so many times faster than tshark."""
    tcpdump: float | None
    """At most so many times the time of tcpdump."""
    peak: float
    """MiB at most."""


TARGETS = {
    "storm": Target(15, 2.5, 200),
    "mirror": Target(30, None, 200),
    "flood": Target(1.5, None, 400),
    "storm4": Target(None, None, 200),
}
START_UP = 0.25
"""Seconds of processor time for `pxedebug --help`."""


def commands(capture: Path, report: Path, *, tshark: bool) -> dict[str, list[str]]:
    """The command lines to compare."""
    fields = [word for name in FIELDS for word in ("-e", name)]
    found = {"tcpdump": ["tcpdump", "-r", str(capture), "-w", "/dev/null"]}
    if tshark:
        found["tshark"] = ["tshark", "-n", "-r", str(capture), "-Y", "dhcp or tftp", "-T", "fields", *fields]
    found["pxedebug"] = [*_pxedebug(), "analyze", "--format", "json", "-o", str(report), str(capture)]
    return found


def _pxedebug() -> list[str]:
    script = Path(sys.executable).with_name("pxedebug")
    return [str(script)] if script.exists() else [sys.executable, "-m", "pxedebug"]


def measure(name: str, folder: Path, runs: int, *, quick: bool) -> dict[str, list[Cost]]:
    """Generate the capture `name` in `folder` and run every command on it; the costs by program."""
    capture, report = folder / f"{name}.pcap", folder / f"{name}.json"
    made = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.generate", name, str(capture), *(["--quick"] if quick else [])],
        check=True,
        capture_output=True,
        text=True,
    )
    expected = json.loads(made.stdout)
    _warm(capture)
    print(f"{name}: {expected['frames']:,} frames, {capture.stat().st_size / 1e6:,.0f} MB", file=sys.stderr)
    programs = commands(capture, report, tshark=name != "storm4")
    costs: dict[str, list[Cost]] = {program: [] for program in programs}
    for _ in range(1 if name == "storm4" else runs):
        for program, command in programs.items():
            costs[program].append(run(command))
    numbers = [str(expected[key]) for key in ("frames", "boots", "complete")]
    subprocess.run([sys.executable, "-m", "tests.benchmarks.check", str(report), *numbers], check=True)
    return costs


def _warm(capture: Path) -> None:
    buffer = bytearray(1 << 22)
    with capture.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def row(name: str, costs: dict[str, list[Cost]]) -> tuple[str, bool]:
    """One line of the table, with what was missed in words, and whether all targets were met."""
    wall = {program: statistics.median(cost.wall for cost in runs) for program, runs in costs.items()}
    peak, target = max(cost.peak for cost in costs["pxedebug"]), TARGETS[name]
    ours, missed = wall["pxedebug"], []
    faster = wall["tshark"] / ours if "tshark" in wall else None
    if target.tshark and faster and faster < target.tshark:
        missed.append(f"tshark ratio below {target.tshark:g}")
    if target.tcpdump and ours / wall["tcpdump"] > target.tcpdump:
        missed.append(f"tcpdump ratio above {target.tcpdump:g}")
    if peak > target.peak:
        missed.append(f"more than {target.peak:g} MiB")
    cells = [
        name,
        f"{wall['tcpdump']:.2f} s",
        f"{wall['tshark']:.2f} s" if "tshark" in wall else "-",
        f"{ours:.2f} s",
        f"{faster:.1f} x faster" if faster else "-",
        f"{ours / wall['tcpdump']:.1f} x its time",
        f"{peak:.0f} MiB",
        ", ".join(missed) or "met",
    ]
    return f"| {' | '.join(cells)} |", not missed


def start_up(runs: int) -> tuple[str, bool]:
    """The line on `pxedebug --help`, and whether its target was met."""
    processor = statistics.median(run([*_pxedebug(), "--help"]).processor for _ in range(runs))
    met = processor <= START_UP
    return f"`pxedebug --help`: {processor:.2f} s of processor time ({'met' if met else 'missed'})", met


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit status: 1 when a target was missed, whatever `--quick` says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.analyze", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="captures twenty times smaller; the ratios mean little")
    parser.add_argument("--runs", type=int, default=5, help="runs of each program; the median counts (default 5)")
    parser.add_argument("--only", default=",".join(TARGETS), help="captures, separated by commas (default all)")
    parser.add_argument("--keep", type=Path, help="folder for the captures, which are then not deleted")
    options = parser.parse_args(arguments)
    names = options.only.split(",")
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no capture is called {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    for tool in ("tcpdump", "tshark"):
        if shutil.which(tool) is None:
            parser.error(f"{tool} is not installed")
    measured = [_one(name, options) for name in names]
    started = start_up(options.runs)
    lines = [
        "| capture | tcpdump | tshark | pxedebug | to tshark | to tcpdump | peak memory | targets |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [*(line for line, _ in measured), "", started[0]]
    print("\n".join(lines))
    return 0 if all(met for _, met in [*measured, started]) else 1


def _one(name: str, options: argparse.Namespace) -> tuple[str, bool]:
    """Measure one capture in a folder that goes away afterwards, unless it is to be kept."""
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        return row(name, measure(name, options.keep, options.runs, quick=options.quick))
    with tempfile.TemporaryDirectory(prefix="pxedebug-benchmark-") as folder:
        return row(name, measure(name, Path(folder), options.runs, quick=options.quick))


if __name__ == "__main__":
    sys.exit(main())
