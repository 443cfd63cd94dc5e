"""`pxedebug extract`: what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.golden import CAPTURES
from tests.reports import report_of

TWO_FILES = CAPTURES / "uboot-two-files" / "capture.pcap"
MISSING = CAPTURES / "uefi-file-missing" / "capture.pcap"


def test_files_with_a_manifest(run: Run, tmp_path: Path) -> None:
    done = run("extract", "--files", tmp_path / "out", TWO_FILES)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(f"2 files in {tmp_path / 'out'}, 2 complete")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["schema"] == "pxedebug.files/1"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        ["manifest.json", *(file["path"] for file in manifest["files"])]
    )


def test_a_second_run_touches_nothing(run: Run, tmp_path: Path) -> None:
    run("extract", "--files", tmp_path, TWO_FILES)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = run("extract", "--files", tmp_path, TWO_FILES)
    assert done.returncode == 3
    assert "exists already" in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_frames_of_one_client(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "one.pcapng"
    done = run("extract", "-w", out, "--client", "52:54:00:77:00:20", "--annotate", MISSING)
    assert done.returncode == 0
    report = report_of(out)
    assert [boot["outcome"] for boot in report["boots"]] == ["failed"]
    assert any("[tftp-file-not-found]" in warning["text"] for warning in report["capture"]["warnings"])


def test_wrong_use_is_one_line(run: Run, tmp_path: Path) -> None:
    for arguments, said in (
        ([MISSING], "say what to extract"),
        (["--annotate", "--files", tmp_path / "x", MISSING], "go with -w"),
        (["-w", tmp_path / "x", "-"], "save the pipe to a file first"),
        (["-w", MISSING, MISSING], "is the capture itself"),
    ):
        done = run("extract", *arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert said in done.stderr


def test_a_client_that_is_not_there(run: Run, tmp_path: Path) -> None:
    done = run("extract", "-w", tmp_path / "x.pcapng", "--client", "00:00:00:00:00:01", MISSING)
    assert done.returncode == 3
    assert "no frames of 00:00:00:00:00:01 here" in done.stderr
    assert not (tmp_path / "x.pcapng").exists()
