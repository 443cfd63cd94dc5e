"""No command writes onto what it reads, by whatever name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


@pytest.mark.parametrize("command", [["analyze", "-o"], ["analyze", "--frame", "1", "-o"], ["extract", "-w"]])
@pytest.mark.parametrize("link", [None, pytest.param(os.symlink, marks=links), pytest.param(os.link, marks=links)])
def test_a_capture_is_not_written_over(
    run: Run, capture: Path, tmp_path: Path, command: list[str], link: object
) -> None:
    before, output = capture.read_bytes(), capture
    if callable(link):
        output = tmp_path / "other-name"
        link(capture, output)
    done = run(*command, output, capture)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{output} is the capture itself; choose another name with {command[-1]}" in done.stderr
    assert capture.read_bytes() == before


@pytest.mark.skipif(not os.path.exists("/dev/fd/0"), reason="standard input has no name here")
def test_nor_is_what_the_shell_has_opened(run: Run, capture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = os.dup(0)
    try:
        with capture.open("rb") as stdin:
            os.dup2(stdin.fileno(), 0)
        assert run("analyze", "-o", capture, "-").returncode == 2
    finally:
        os.dup2(kept, 0)
        os.close(kept)
    assert capture.stat().st_size


def test_a_report_may_replace_an_older_one(run: Run, capture: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("old", encoding="utf-8")
    assert run("analyze", "-o", report, capture).returncode == 0
    assert report.read_text(encoding="utf-8") != "old"
