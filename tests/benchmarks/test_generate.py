"""The benchmark's captures are the same on every run, and what they hold is reported right: speed counts only then."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest

import pxedebug
from tests.benchmarks.analyze import TARGETS, row
from tests.benchmarks.check import mistakes
from tests.benchmarks.generate import Expected, flood, generate, mirror, storm
from tests.benchmarks.process import Cost, run

SMALL: dict[str, Callable[[Path], Expected]] = {
    "storm": partial(storm, waves=2, clients=3),
    "mirror": partial(mirror, clients=1, others=2),
    "flood": partial(flood, clients=300),
}
every_kind = pytest.mark.parametrize("kind", SMALL)


@every_kind
def test_the_report_on_it_is_right(kind: str, tmp_path: Path) -> None:
    capture, report = tmp_path / "capture.pcap", tmp_path / "report.json"
    expected = SMALL[kind](capture)
    report.write_bytes(msgspec.json.encode(pxedebug.analyze(capture)))
    assert mistakes(report, expected.frames, expected.boots, expected.complete) == []


@every_kind
def test_it_is_the_same_every_time(kind: str, tmp_path: Path) -> None:
    for name in ("first", "second"):
        SMALL[kind](tmp_path / name)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_mistakes_are_named(tmp_path: Path) -> None:
    capture, report = tmp_path / "capture.pcap", tmp_path / "report.json"
    expected = SMALL["flood"](capture)
    report.write_bytes(msgspec.json.encode(pxedebug.analyze(capture)))
    assert mistakes(report, expected.frames + 1, 299, 0) == [
        "frames: 1200, not 1201",
        "boots: 300, not 299",
        "ACKs: 300, not 299",
    ]


def test_times_never_run_backwards(tmp_path: Path) -> None:
    SMALL["storm"](tmp_path / "storm")
    data, position, times = (tmp_path / "storm").read_bytes(), 24, []
    while position < len(data):
        seconds, micros, length, _ = struct.unpack_from("<4I", data, position)
        times.append(seconds * 1_000_000 + micros)
        position += 16 + length
    assert times == sorted(times)


def test_tshark_finds_nothing_malformed(tshark: str, tmp_path: Path) -> None:
    for kind, make in SMALL.items():
        make(tmp_path / kind)
        command = [tshark, "-n", "-r", str(tmp_path / kind), "-Y", "(dhcp or tftp) and _ws.malformed"]
        finished = subprocess.run(command, capture_output=True, text=True, check=True)
        assert finished.stdout == "", kind


def test_an_unknown_capture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no benchmark capture is called tsunami"):
        generate("tsunami", tmp_path / "x")


def test_a_failing_command_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="exit status 1"):
        run(["false"])


def test_a_missed_target_is_said() -> None:
    def costs(seconds: float, peak: float = 50) -> list[Cost]:
        return [Cost(seconds, seconds, peak)]

    good = {"tcpdump": costs(1), "tshark": costs(30), "pxedebug": costs(1.5)}
    line, met = row("storm", good)
    assert met
    assert line.endswith("| 20.0 x faster | 1.5 x its time | 50 MiB | met |")
    bad = {"tcpdump": costs(1), "tshark": costs(30), "pxedebug": costs(3, TARGETS["storm"].peak + 1)}
    line, met = row("storm", bad)
    assert not met
    assert line.endswith("| tshark ratio below 15, tcpdump ratio above 2.5, more than 200 MiB |")
