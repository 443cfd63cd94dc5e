"""A short campaign with a fixed seed; `python -m tests.fuzz` goes on for as long as one likes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.__main__ import campaign, main, seeds
from tests.fuzz.mutate import mutated
from tests.fuzz.target import run


def test_damaged_captures_end_in_a_report_or_a_refusal() -> None:
    outcomes = campaign(20261123, seeds([]), runs=64)
    assert outcomes.total() == 64
    assert outcomes["report"] > 32


def test_a_seed_repeats_its_inputs() -> None:
    originals = seeds([])
    first, second = (mutated(originals[0], originals, random.Random("7/3")) for _ in range(2))
    assert first == second != originals[0]


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
