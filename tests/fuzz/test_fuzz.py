"""A short campaign with a fixed seed; `python -m tests.fuzz` goes on for as long as one likes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fuzz.__main__ import campaign, main, seeds
from tests.fuzz.mutate import mutated
from tests.fuzz.target import run


def test_damaged_captures_end_in_a_report_or_a_refusal(tmp_path: Path) -> None:
    outcomes = campaign(20261123, seeds([]), runs=64, folder=tmp_path)
    assert outcomes.total() == 64
    assert outcomes["report"] > 32
    assert list(tmp_path.iterdir()) == []


def test_a_seed_repeats_its_inputs() -> None:
    originals = seeds([])
    first, second = (mutated(originals[0], originals, random.Random("7/3")) for _ in range(2))
    assert first == second != originals[0]


def test_every_container_and_compression_is_damaged() -> None:
    originals = seeds([])[:2]
    made = {mutated(originals[0], originals, random.Random(f"7/{number}"))[:4] for number in range(200)}
    pcaps = {b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d"}
    assert made >= {*pcaps, b"\n\r\r\n", b"BZh9", b"\xfd7zX", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18"}
    assert any(head[:2] == b"\x1f\x8b" for head in made)


def test_undamaged_captures_are_reports() -> None:
    assert {run(data, schema=False) for data in seeds([])} == {"report"}


def test_a_failure_leaves_the_input_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: bytes, *, schema: bool) -> str:
        raise AssertionError("broken on purpose")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tests.fuzz.__main__.run", broken)
    assert main(["--seed", "5", "--minutes", "0.1"]) == 1
    assert (tmp_path / "fuzz-5-0.bin").exists()
    assert "broken on purpose" in capsys.readouterr().err


def test_an_endless_loop_ends_the_campaign_and_leaves_the_input_behind(tmp_path: Path) -> None:
    code = """
import tests.fuzz.__main__ as fuzz
def endless(data, schema):
    while True:
        pass
fuzz.run, fuzz.HANGS_AFTER = endless, 0.5
fuzz.main(["--seed", "5", "--minutes", "1"])
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert "in endless" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["fuzz-5-0.bin"]
