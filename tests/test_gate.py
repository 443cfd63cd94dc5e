"""The gate runs with the tests: format, lint, types, and which room may import which."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "ruff", "format", "--check", "--diff", "."],
        ["-m", "ruff", "check", "--output-format", "concise", "."],
        ["-m", "mypy"],
        ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"],
    ],
    ids=["format", "lint", "types", "imports"],
)
def test_gate(command: list[str], checkout: Path) -> None:
    finished = subprocess.run(
        [sys.executable, *command], cwd=checkout, capture_output=True, text=True, check=False, timeout=600
    )
    assert finished.returncode == 0, f"{finished.stdout}\n{finished.stderr}"


def test_what_runs_here_is_the_checkout_or_an_installed_package() -> None:
    import pxedebug

    home = Path(str(pxedebug.__file__)).resolve()
    assert home.is_relative_to(ROOT) == (ROOT / "pxedebug").is_dir()
