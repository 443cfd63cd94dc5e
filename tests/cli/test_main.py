from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

import pxedebug
from pxedebug.cli.main import main as group
from tests.cli.conftest import Run

_HEAVY = ("numpy", "scapy", "rich", "textual", "msgspec", "asyncio")


def modules_after(code: str) -> set[str]:
    """The modules that are loaded once `code` has run in a fresh interpreter."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import pxedebug",
        "from pxedebug.cli.main import run; run(['--help'])",
        "from pxedebug.cli.main import run; run(['analyze', '--help'])",
        "from pxedebug.cli.main import run; run(['--version'])",
    ],
)
def test_help_loads_nothing_heavy(code: str) -> None:
    assert not modules_after(code) & set(_HEAVY)


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"pxedebug {pxedebug.__version__}\n"


@pytest.mark.parametrize("arguments", [[], *([name] for name in group.commands)])
def test_every_help_shows_an_example(arguments: list[str]) -> None:
    result = CliRunner().invoke(group, [*arguments, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    assert "  pxedebug " in result.output


def test_commands_are_listed_and_only_those_that_exist() -> None:
    result = CliRunner().invoke(group, ["--help"])
    assert "analyze  " in result.output
    assert "watch" not in result.output.split("Commands:")[1]


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    done = run("frobnicate")
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_no_command_shows_the_help(run: Run) -> None:
    done = run()
    assert done.returncode == 2
    assert "analyze" in done.stdout + done.stderr


def test_shell_completion_knows_the_commands() -> None:
    environment = {**os.environ, "_PXEDEBUG_COMPLETE": "bash_complete", "COMP_WORDS": "pxedebug ", "COMP_CWORD": "1"}
    command = [sys.executable, "-m", "pxedebug"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "plain,analyze" in done.stdout
