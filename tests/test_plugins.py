"""Rules of third parties: found by entry point, and harmless when broken."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from pxedebug import plugins
from pxedebug.diagnose import Rule, Severity, Step, builtin_rules, judge
from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, cite
from pxedebug.diagnose.network import Network
from tests.track.conversation import tell
from tests.track.programs import edk2


def _check(case: Case, network: Network) -> Iterator[Found]:
    yield Found(case.last, Confidence.CERTAIN, "our own rule looked", cite(case.last.messages[0], "a frame"))


OURS = Rule("our-rule", "Ours", Severity.WARNING, Step.DHCP, _check)
RULES = [OURS._replace(id="our-other-rule")]
THEFT = OURS._replace(id="tftp-file-not-found")
NONSENSE = 5


def announced(monkeypatch: pytest.MonkeyPatch, *values: str) -> tuple[tuple[Rule, ...], list[str]]:
    points = EntryPoints(EntryPoint(value, value, plugins.ENTRY_POINT) for value in values)
    monkeypatch.setattr(plugins, "_announced", lambda: True)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points.select(group=group))
    said: list[str] = []
    return plugins.installed_rules(said.append), said


def test_a_rule_or_a_list_of_rules_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert announced(monkeypatch, "tests.test_plugins:OURS", "tests.test_plugins:RULES") == ((OURS, *RULES), [])


def test_a_broken_package_costs_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, said = announced(
        monkeypatch, "no.such.module:RULES", "tests.test_plugins:NONSENSE", "tests.test_plugins:OURS"
    )
    assert rules == (OURS,)
    assert len(said) == 2
    assert said[0].startswith("rules of 'no.such.module:RULES' were left out: ")


def test_rules_of_others_are_judged_like_ours() -> None:
    (judged,) = judge(tell(edk2.discover(at=0)).story, (*builtin_rules(), OURS)).boots()
    assert [finding.id for finding in judged.findings] == ["our-rule"]


def test_a_package_that_is_installed_is_found_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pip leaves it: a folder with the package's metadata beside its code."""
    metadata = tmp_path / "ours-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: ours\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[pxedebug.rules]\nours = tests.test_plugins:OURS\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    said: list[str] = []
    assert OURS in plugins.installed_rules(said.append)
    assert said == []


def test_nothing_is_loaded_where_nobody_brings_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert plugins.installed_rules(lambda _: None) == ()


def test_a_rule_that_raises_is_left_out_of_the_report() -> None:
    def broken(case: Case, network: Network) -> Iterator[Found]:
        raise KeyError("no such option")

    told: list[str] = []
    (judged,) = judge(
        tell(edk2.discover(at=0)).story, (OURS._replace(id="broken", check=broken), OURS),
        on_error=lambda rule, error: told.append(f"{rule.id}: {error!r}"),
    ).boots()  # fmt: skip
    assert [finding.id for finding in judged.findings] == ["our-rule"]
    assert told == ["broken: KeyError('no such option')"]


def test_a_name_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, said = announced(monkeypatch, "tests.test_plugins:THEFT")
    assert rules == ()
    assert said == ["rules of 'tests.test_plugins:THEFT' were left out: there is a rule tftp-file-not-found already"]
