"""`pxedebug extract`: what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, pcap
from tests.golden import CAPTURES
from tests.reports import report_of
from tests.test_plugins import OURS

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


def test_a_filter_that_no_boot_matches(run: Run, tmp_path: Path) -> None:
    for options, said in (
        (["--where", "outcome:booted"], "no boot matches 'outcome:booted'"),
        (["--client", "52:54:00:77:00:20", "--where", "boot:9"], "no boot of 52:54:00:77:00:20 matches 'boot:9'"),
    ):
        done = run("extract", "-w", tmp_path / "x.pcapng", "--files", tmp_path / "files", *options, MISSING)
        assert done.returncode == 3
        assert said in done.stderr
        assert list(tmp_path.iterdir()) == []


def test_a_filter_of_an_empty_capture(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pcap"
    empty.write_bytes(pcap())
    done = run("extract", "-w", tmp_path / "x.pcapng", "--where", "outcome:booted", empty)
    assert done.returncode == 3


def test_frames_go_into_a_new_file_only(run: Run, tmp_path: Path) -> None:
    there, link = tmp_path / "there.pcapng", tmp_path / "link.pcapng"
    there.write_bytes(b"mine")
    link.symlink_to(tmp_path / "nowhere")
    for output in (there, link, tmp_path):
        done = run("extract", "-w", output, MISSING)
        assert done.returncode == 3
        assert f"{output} exists already; choose another name with -w" in done.stderr
    assert there.read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("extract", "--files", tmp_path / "file" / "folder", TWO_FILES)
    assert done.returncode == 3
    assert "choose another folder with --files" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_place_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    done = run("extract", "-w", tmp_path / "no" / "x.pcapng", MISSING)
    assert done.returncode == 3
    assert "choose another name with -w" in done.stderr


def test_allowed_servers_count_for_what_is_chosen(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "x.pcapng"
    arguments = ["extract", "-w", out, "--where", "finding:competing-dhcp-servers", MISSING]
    assert run(*arguments).returncode == 3
    assert run(*arguments, "--allow-server", "10.77.0.9").returncode == 0
    assert report_of(out)["boots"]


def test_rules_of_installed_packages_choose_too(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("api", "plugins"):
        monkeypatch.setattr(f"pxedebug.{module}.installed_rules", lambda complain: (OURS,))
    assert run("extract", "-w", tmp_path / "x.pcapng", "--where", "finding:our-rule", MISSING).returncode == 0


def test_an_anonymised_capture_has_the_same_verdict_and_no_name_of_the_original(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "share.pcapng"
    done = run("extract", "-w", out, "--anonymise", "--annotate", MISSING)
    assert done.returncode == 0
    before, after = report_of(MISSING)["boots"], report_of(out)["boots"]
    assert [boot["outcome"] for boot in after] == [boot["outcome"] for boot in before]
    assert [[f["id"] for f in boot["findings"]] for boot in after] == [[f["id"] for f in b["findings"]] for b in before]
    content = out.read_bytes()
    assert bytes.fromhex("525400770020") not in content
    assert bytes((10, 77, 0, 131)) not in content
    assert b"nothere" not in content
    assert b"10.77.0.1" not in content
