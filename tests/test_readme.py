"""What the README promises on its first screen holds, and continuous integration runs what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.readme import README, commands, example, shown

TEXT = README.read_text(encoding="utf-8")


def test_there_are_two_commands_one_to_run_and_one_to_test() -> None:
    run, test = commands(TEXT)
    assert run.startswith("python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/pxedebug analyze captures/")
    assert test == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/python -m pytest"


def test_the_command_to_run_works_on_a_capture_that_ships() -> None:
    words = shlex.split(commands(TEXT)[0].rpartition(".venv/bin/")[2])
    finished = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert "nothere.efi" in finished.stdout
    assert finished.stderr == ""


def test_the_output_shown_is_the_output_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert shown(TEXT) == example(TEXT), "python -m tests.golden --update writes it anew"


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"grep --max-count=1 -F \"([^\"]+)\" README.md", script)
    assert pattern
    (found,) = [line.strip() for line in TEXT.splitlines() if pattern[1] in line]
    assert found == commands(TEXT)[1]


def test_every_link_to_a_file_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert links
    package = [link for link in links if link.startswith("pxedebug/")]
    elsewhere = not (ROOT / "pxedebug").is_dir()
    skipped = {*package, "CONTRIBUTING.md", "CHANGELOG.md"} if elsewhere else set()
    assert [link for link in links if link not in skipped and not (ROOT / link).exists()] == []
