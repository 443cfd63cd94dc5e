from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from pxedebug.cli import progress as module
from pxedebug.cli.progress import progress


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    """A terminal as stderr; called by the test itself, as pytest sets its own stderr after the fixtures."""
    stream = _Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(module, "_LONG", 10)
    return stream


def file(folder: Path, size: int) -> str:
    path = folder / f"{size}.pcap"
    path.write_bytes(bytes(size))
    return str(path)


def test_a_bar_counts_the_bytes_of_a_long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    with progress([file(tmp_path, 100)], wanted=True) as advance:
        assert advance is not None
        advance(60)
        advance(40)
    assert "reading" in screen.getvalue()


def test_no_bar_for_a_short_file_a_pipe_or_when_unwanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    for paths, wanted in (([file(tmp_path, 5)], True), (["-"], True), ([file(tmp_path, 100)], False), (["none"], True)):
        with progress(paths, wanted=wanted) as advance:
            assert advance is None
    assert screen.getvalue() == ""


def test_no_bar_where_stderr_is_no_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONG", 10)
    monkeypatch.setattr("sys.stderr", StringIO())
    with progress([file(tmp_path, 100)], wanted=True) as advance:
        assert advance is None
