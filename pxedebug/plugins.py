"""Rules of third parties: packages that announce them by the entry point `pxedebug.rules`.

    [project.entry-points."pxedebug.rules"]
    ours = "our_package.rules:RULES"

The entry point names one `pxedebug.diagnose.Rule` or an iterable of them. A package that cannot be loaded costs a
warning, never the analysis.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from pxedebug.diagnose import Rule, builtin_rules

__all__ = ["ENTRY_POINT", "installed_rules"]

ENTRY_POINT = "pxedebug.rules"


def installed_rules(complain: Callable[[str], None]) -> tuple[Rule, ...]:
    """The rules of every installed package that announces some; `complain` is told of those that fail to load."""
    if not _announced():
        return ()
    from importlib.metadata import entry_points

    found: list[Rule] = []
    known = {rule.id for rule in builtin_rules()}
    for point in entry_points(group=ENTRY_POINT):
        try:
            loaded = point.load()
            rules = [loaded] if isinstance(loaded, Rule) else list(loaded if isinstance(loaded, Iterable) else ())
            if not rules or not all(isinstance(rule, Rule) for rule in rules):
                raise TypeError("it names no rule")
            if taken := known.intersection(rule.id for rule in rules):
                raise ValueError(f"there is a rule {min(taken)} already")
        except Exception as error:  # noqa: BLE001 - whatever somebody else's package does
            complain(f"rules of {point.value!r} were left out: {error}")
            continue
        found += rules
        known.update(rule.id for rule in rules)
    return tuple(found)


def _announced() -> bool:
    """Whether any installed package may bring rules: importlib.metadata takes longer to load than a small capture to
    analyse, so its files are looked into first."""
    wanted = ENTRY_POINT.encode()
    for folder in map(Path, sys.path):
        for pattern in ("*.dist-info/entry_points.txt", "*.egg-info/entry_points.txt"):
            try:
                if any(wanted in file.read_bytes() for file in folder.glob(pattern)):
                    return True
            except OSError:
                continue
    return False
