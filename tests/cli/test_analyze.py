from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pxedebug.query import FIELDS
from tests.cli.conftest import Run, discovers, frame, pcap
from tests.golden import CAPTURES
from tests.report.schema import VALIDATOR


def test_text_is_the_default(run: Run, capture: Path) -> None:
    done = run("analyze", capture)
    assert (done.returncode, done.stderr) == (0, "")
    assert "52:54:00:77:00:20" in done.stdout
    assert "4 DISCOVERs in 28 s" in done.stdout
    assert "\x1b" not in done.stdout


def test_json_follows_the_schema(run: Run, capture: Path) -> None:
    report = json.loads(run("analyze", "--format", "json", capture).stdout)
    VALIDATOR.validate(report)
    assert [len(exchange["messages"]) for exchange in report["boots"][0]["stages"][0]["exchanges"]] == [4]


def test_jsonl(run: Run, capture: Path) -> None:
    lines = run("analyze", "--format", "jsonl", capture).stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["capture", "boot"]


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_output_to_a_file_is_what_stdout_gets(run: Run, capture: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "report"
    done = run("analyze", "--format", form, "-o", path, capture)
    assert (done.returncode, done.stdout) == (0, "")
    assert path.read_text("utf-8") == run("analyze", "--format", form, capture).stdout


def test_an_output_that_cannot_be_written(run: Run, capture: Path, tmp_path: Path) -> None:
    done = run("analyze", "-o", tmp_path / "no" / "such" / "folder", capture)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_verbose_shows_options(run: Run, capture: Path) -> None:
    assert "Client system architecture" in run("analyze", "-v", capture).stdout


@pytest.mark.parametrize(
    "spelling",
    [
        "52:54:00:77:00:20",
        "52-54-00-77-00-20",
        "5254.0077.0020",
        "525400770020",
        "52:54:0:77:0:20",
        "52 54 00 77 00 20",
    ],
)
def test_a_client_in_any_spelling(run: Run, capture: Path, spelling: str) -> None:
    assert len(json.loads(run("analyze", "--format", "json", "--client", spelling, capture).stdout)["boots"]) == 1


def test_another_client(run: Run, capture: Path) -> None:
    done = run("analyze", "--client", "d0:50:99:4e:05:57", capture)
    assert done.returncode == 0
    assert "No network boots match." in done.stdout


@pytest.mark.parametrize(
    ("options", "boots"),
    [
        (["--since", "29s"], 0),
        (["--since", "12.5s"], 1),
        (["--until", "2026-11-21T10:22:32Z"], 0),
        (["--until", "0"], 1),
    ],
)
def test_a_span_of_time(run: Run, capture: Path, options: list[str], boots: int) -> None:
    report = json.loads(run("analyze", "--format", "json", *options, capture).stdout)
    assert len(report["boots"]) == boots


@pytest.mark.parametrize(
    "options",
    [["--client", "52:54"], ["--since", "yesterday"], ["--frame", "0"], ["--frame", "x"], ["--format", "xml"],
     ["--frame", "1", "--format", "json"], ["--no-such-option"]],
)  # fmt: skip
def test_wrong_usage(run: Run, capture: Path, options: list[str]) -> None:
    done = run("analyze", *options, capture)
    assert done.returncode == 2
    assert "Error: " in done.stderr


def test_the_language_of_where_is_explained(run: Run) -> None:
    text = run("analyze", "--help").stdout
    assert "EXPR of --where is terms FIELD:VALUE" in text
    named = text[text.index("FIELD  outcome") :]
    readme = (CAPTURES.parent / "README.md").read_text(encoding="utf-8")
    assert [field for field in FIELDS if field not in named] == []
    assert [field for field in FIELDS if f"`{field}`" not in readme] == []


def test_no_file_is_wrong_usage(run: Run) -> None:
    assert run("analyze").returncode == 2


def test_times_of_the_day(run: Run, capture: Path) -> None:
    assert "10:22:33.000" in run("analyze", "--time", "utc", capture).stdout


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\necho hello\n" * 40, b"snoop\0\0\0\0\0\0\2\0\0\0\4"])
def test_an_unreadable_file_gets_one_line_with_advice(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd \x1b[31m.pcap"
    path.write_bytes(content)
    done = run("analyze", path)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("pxedebug: ")
    assert "; " in line
    assert "\x1b" not in line


def test_a_missing_file(run: Run, tmp_path: Path) -> None:
    done = run("analyze", tmp_path / "none.pcap")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_one_unreadable_file_among_several(run: Run, capture: Path, tmp_path: Path) -> None:
    bad = tmp_path / "empty.pcap"
    bad.touch()
    done = run("analyze", bad, capture)
    assert done.returncode == 3
    assert "52:54:00:77:00:20" in done.stdout
    assert len(done.stderr.splitlines()) == 1


def test_a_capture_without_frames(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.pcap"
    path.write_bytes(pcap())
    done = run("analyze", path)
    assert done.returncode == 0
    assert "No network boots" in done.stdout


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe(capture: Path, packed: bool) -> None:
    data = gzip.compress(capture.read_bytes()) if packed else capture.read_bytes()
    command = [sys.executable, "-m", "pxedebug", "analyze", "--format", "json", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert len(json.loads(done.stdout)["boots"]) == 1


def test_a_closed_pipe_is_silent(tmp_path: Path) -> None:
    path = tmp_path / "many.pcap"
    path.write_bytes(discovers(*(200.0 * n for n in range(400))))
    command = [sys.executable, "-m", "pxedebug", "analyze", "-v", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_ctrl_c() -> None:
    command = [sys.executable, "-m", "pxedebug", "analyze", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(discovers(*range(4000)))  # more than a pipe holds: once written, it is being read
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


def test_a_defect_is_one_line_without_debug(capture: Path) -> None:
    code = (
        "import sys, pxedebug.cli.analysis as a\n"
        "def broken(*_, **__): raise TypeError('oops')\n"
        "a.read_captures = broken\n"
        "from pxedebug.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "analyze"]
    done = subprocess.run([*command, str(capture)], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert done.stderr.startswith("pxedebug: internal error: TypeError: oops; ")
    assert len(done.stderr.splitlines()) == 1
    debug = subprocess.run([*command, "--debug", str(capture)], capture_output=True, text=True, check=False)
    assert "Traceback" in debug.stderr


class TestFrame:
    def test_dhcp(self, run: Run, capture: Path) -> None:
        done = run("analyze", "--frame", "2", capture)
        assert done.returncode == 0
        for words in ("Frame 2", "4.000000000 s into the capture", "68 to 67", "DHCP DISCOVER", "0000  ff ff ff ff"):
            assert words in done.stdout

    def test_a_frame_that_is_not_there(self, run: Run, capture: Path) -> None:
        done = run("analyze", "--frame", "9", capture)
        assert done.returncode == 3
        assert "there is no frame 9" in done.stderr

    def test_tftp(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "tftp.pcap"
        request = frame(b"\0\1a[/]b\x1b\0octet\0blksize\x001468\0", 1856, 69, b"\x0a\x4d\0\x83", b"\x0a\x4d\0\1")
        path.write_bytes(pcap((0, request)))
        text = run("analyze", "--frame", "1", path).stdout
        assert "RRQ a[/]b\\x1b" in text
        assert "blksize: 1468" in text

    def test_any_bytes(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "short.pcap"
        path.write_bytes(pcap((0, b"\1\2\3"), (1, frame(b"\2\1", 67, 68, bytes(4), bytes(4)))))
        assert "01 02 03" in run("analyze", "--frame", "1", path).stdout
        assert run("analyze", "--frame", "2", path).returncode == 0

    def test_secrets_are_masked_in_the_bytes_too(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "secret.pcap"
        request = frame(b"\0\1http://root:hunter2@h/x\0octet\0", 1856, 69, b"\x0a\x4d\0\x83", b"\x0a\x4d\0\1")
        path.write_bytes(pcap((0, request)))
        hidden = run("analyze", "--frame", "1", path).stdout
        assert "hunter2" not in hidden
        assert b"hunter2".hex(" ") not in " ".join(hidden.split())
        assert "hunter2" in run("analyze", "--frame", "1", "--show-secrets", path).stdout

    def test_with_several_files_the_source_must_be_named(self, run: Run, capture: Path, tmp_path: Path) -> None:
        later = tmp_path / "later.pcap"
        later.write_bytes(discovers(60, 64))
        assert run("analyze", "--frame", "2", capture, later).returncode == 2
        done = run("analyze", "--frame", "1:2", later, capture)
        assert "Frame 1:2" in done.stdout
        assert "64.000000000 s into the capture" in done.stdout
