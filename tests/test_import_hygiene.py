"""What is loaded when: starting up is cheap, and reading files needs nothing that only one system has."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_CALL = "from click.testing import CliRunner; from pxedebug.cli.main import main; call = CliRunner().invoke"
HEAVY = ("numpy", "scapy", "textual", "pyshark", "lz4", "aiooui")
ALLOWED = {
    "wire": {"numpy"},
    "firmware": set(),
    "track": {"numpy"},
    "capture": {"numpy", "lz4", "backports", "scapy"},
    "diagnose": set(),
    "query": set(),
    "report": {"numpy", "msgspec", "rich", "aiooui", "jinja2", "markupsafe"},
    "cli": {"click", "numpy", "rich"},
}
"""Room to the libraries it may import, beside the standard library; the table of import-linter says the rest."""


def loaded_by(code: str) -> set[str]:
    """The top-level modules that are loaded after `code` has run in a new interpreter."""
    program = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


@pytest.mark.parametrize(
    "code",
    [
        "import pxedebug",
        "import pxedebug.errors, pxedebug.cli.main, pxedebug.cli.analyze",
        "import pxedebug; pxedebug.__version__; dir(pxedebug)",
        f"{_CALL}; call(main, ['--help'])",
        f"{_CALL}; call(main, ['--version'])",
    ],
)
def test_starting_up_loads_no_heavy_library(code: str) -> None:
    assert loaded_by(code) & {*HEAVY, "rich"} == set()


def test_reading_a_file_loads_nothing_of_live_capture_or_the_terminal_ui(golden_captures: Path) -> None:
    capture = str(golden_captures / "bios-no-dhcp" / "capture.pcap")
    assert loaded_by(f"import pxedebug; pxedebug.analyze({capture!r})") & {"scapy", "textual", "pyshark"} == set()


def test_a_plain_capture_loads_no_codec_and_no_event_loop(golden_captures: Path) -> None:
    capture = str(golden_captures / "bios-no-dhcp" / "capture.pcap")
    code = f"from pxedebug.cli.main import run; run(['analyze', '--format', 'json', '-o', '{os.devnull}', {capture!r}])"
    assert loaded_by(code) & {"asyncio", "bz2", "lzma", "lz4", "aiooui", "rich"} == set()


def test_everything_imports_and_runs_without_the_ways_of_linux(golden_captures: Path) -> None:
    """As on Windows: `fcntl` cannot be imported and `socket` has no AF_PACKET."""
    capture = str(golden_captures / "uefi-boot-program" / "capture.pcap")
    code = """
import importlib, pkgutil, socket, sys
sys.modules["fcntl"] = None
for name in ("AF_PACKET", "PF_PACKET"):
    if hasattr(socket, name):
        delattr(socket, name)
import pxedebug
for module in pkgutil.walk_packages(pxedebug.__path__, "pxedebug."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
from pxedebug.cli.main import run
sys.exit(run(["analyze", "--format", "json", sys.argv[1]]))
"""
    done = subprocess.run([sys.executable, "-c", code, capture], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"schema":"pxedebug.report/1"' in done.stdout


def test_each_room_imports_only_its_libraries(checkout: Path) -> None:
    foreign = {
        (room, name)
        for room, allowed in ALLOWED.items()
        for path in (checkout / "pxedebug" / room).rglob("*.py")
        for name in _imported(path)
        if name not in {*sys.stdlib_module_names, "pxedebug", "compression", *allowed}
    }
    assert foreign == set()


def test_what_rooms_may_import_is_installed_with_the_package(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^a-z0-9]", requirement)[0] for requirement in project["dependencies"]}
    assert set().union(*ALLOWED.values()) <= declared


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found
