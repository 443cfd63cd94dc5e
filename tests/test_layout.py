"""The shape of the source: where things are found, and how much of it one has to read at once."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

HARD_LIMIT = 500
TABLES = {
    "pxedebug/wire/dhcp/names.py",
    "pxedebug/wire/dhcp/registry.py",
    "pxedebug/wire/linktypes.py",
}
"""Tables of constants, which may be longer."""
FREE_OF_NUMPY = {"pxedebug", "pxedebug.errors", "pxedebug.cli.main"}


def modules(checkout: Path) -> list[Path]:
    return sorted((checkout / "pxedebug").rglob("*.py"))


def dotted(path: Path, checkout: Path) -> str:
    parts = path.relative_to(checkout).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_module_is_longer_than_a_person_can_take_in(checkout: Path) -> None:
    lengths = {
        path.relative_to(checkout).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(checkout)
    }
    assert {name: length for name, length in lengths.items() if length > HARD_LIMIT and name not in TABLES} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= 150


def test_every_package_says_what_it_is_for(checkout: Path) -> None:
    silent = [
        path.relative_to(checkout).as_posix()
        for path in modules(checkout)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_module_names_what_is_public_and_all_of_it_exists(checkout: Path) -> None:
    wrong = []
    for path in modules(checkout):
        if path.name == "__main__.py":
            continue
        module = importlib.import_module(dotted(path, checkout))
        if not hasattr(module, "__all__"):
            wrong.append(f"{module.__name__} has no __all__")
            continue
        wrong += [f"{module.__name__}.{name}" for name in module.__all__ if not hasattr(module, name)]
        wrong += [f"{module.__name__}: {name} twice" for name in set(module.__all__) if module.__all__.count(name) > 1]
    assert wrong == []


def test_every_module_with_code_of_its_own_has_a_test_beside_it(checkout: Path) -> None:
    """pxedebug/a/b.py is tested by tests/a/test_b.py, or by tests/a/test_a.py or tests/a/b/ for a package's parts."""
    assert [name for name in map(str, modules(checkout)) if not _tested(Path(name), checkout)] == []


def _tested(path: Path, checkout: Path) -> bool:
    relative = path.relative_to(checkout / "pxedebug")
    if path.name in {"__init__.py", "__main__.py", "_version.py", "errors.py"}:
        return True
    tests = checkout / "tests"
    if (tests / relative.parent / f"test_{relative.name}").exists():
        return True
    # A package of small parts may be tested as one, by files that lie in or beside the folder that mirrors it.
    package = relative.parent
    return len(package.parts) > 1 and (
        any((tests / package).glob("test_*.py")) or (tests / package.parent / f"test_{package.name}.py").exists()
    )


def test_nothing_that_ships_names_where_or_how_it_was_made(checkout: Path) -> None:
    pattern = re.compile(r"/work\b|\bhelper session\b|issue #?\d+\b|\.\./shared|pypi\.org", re.IGNORECASE)
    found = [
        f"{path.relative_to(checkout)}: {match.group()}"
        for folder in ("pxedebug", "captures")
        for path in sorted((checkout / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".json"}
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(FREE_OF_NUMPY))
def test_light_modules_import(name: str) -> None:
    assert importlib.import_module(name)
