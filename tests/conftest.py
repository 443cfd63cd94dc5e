"""What every test may ask for: folders of captures, and programs of the machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
NO_CAPTURES = {".md", ".tsv", ".toml", ".json"}
"""Suffixes of what lies beside captures."""

settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("PXEDEBUG_HYPOTHESIS", "default"))


def in_ci() -> bool:
    """True where every tool must be there: a missing one fails the tests instead of skipping them."""
    return os.environ.get("PXEDEBUG_CI", "") not in {"", "0"}


def missing(reason: str) -> NoReturn:
    """Skip the test with a reason; in CI, where nothing may be missing, fail it."""
    if in_ci():
        pytest.fail(f"{reason}, and PXEDEBUG_CI is set")
    pytest.skip(reason)


def find_tool(name: str) -> str:
    """The path of the program `name`; skips the test with a reason where it is missing, and fails it in CI."""
    return shutil.which(name) or missing(f"{name} is not installed")


def capture_root() -> Path:
    """The folder beside the checkout that holds folders of captures; may be absent."""
    return Path(os.environ.get("PXEDEBUG_CAPTURES", ROOT.parent / "shared" / "captures"))


def capture_folder(name: str) -> Path:
    """A folder of captures beside the checkout: data, and no part of the project; missing where there is no file."""
    folder = capture_root() / name
    if not capture_files(folder):
        missing(f"no folder {name} of captures here (PXEDEBUG_CAPTURES names its parent)")
    return folder


def capture_files(folder: Path) -> list[Path]:
    """Every file below `folder` that may be a capture; none where there is no such folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in NO_CAPTURES)


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    return find_tool


@pytest.fixture(scope="session")
def tshark() -> str:
    return find_tool("tshark")


@pytest.fixture(scope="session")
def lab_captures() -> Path:
    return capture_folder("lab")


@pytest.fixture(scope="session")
def public_captures() -> Path:
    return capture_folder("public")


@pytest.fixture(scope="session")
def golden_captures() -> Path:
    return ROOT / "captures"


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The source tree; skips where the tests run against an installed package, whose source was judged before."""
    if not (ROOT / "pxedebug").is_dir():
        pytest.skip("the tests run against an installed package")
    return ROOT
