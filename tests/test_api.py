from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import pxedebug
from pxedebug import api
from pxedebug.diagnose import builtin_rules
from pxedebug.diagnose.finding import Found
from tests.capture.build import END, enhanced, frames_of, interface, option, section
from tests.cli.conftest import discovers
from tests.test_plugins import OURS


def test_every_public_name_is_there() -> None:
    for name in pxedebug.__all__:
        assert getattr(pxedebug, name) is not None, name
    assert set(pxedebug.__all__) <= set(dir(pxedebug))
    with pytest.raises(AttributeError):
        _ = pxedebug.no_such_name  # type: ignore[attr-defined]


def test_public_documents_have_docstrings() -> None:
    for name in pxedebug.__all__:
        assert name == "__version__" or getattr(pxedebug, name).__doc__, name


def test_analyze_gives_frozen_objects_with_the_names_of_the_json(tmp_path: Path) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4, 12, 28))
    report = pxedebug.analyze(path)
    (boot,) = report.boots
    assert (boot.client.mac, boot.client.architectures) == ("52:54:00:77:00:20", (7,))
    assert [message.type for message in boot.stages[0].exchanges[0].messages] == ["DISCOVER"] * 4
    with pytest.raises(AttributeError):
        boot.outcome = "booted"  # type: ignore[misc]
    assert list(msgspec.to_builtins(report)) == ["schema", "capture", "boots", "other_clients", "findings"]


def test_analyze_narrows_to_a_client(tmp_path: Path) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4))
    assert len(pxedebug.analyze(path, client="52-54-00-77-00-20").boots) == 1
    assert not pxedebug.analyze(path, client="525400770021").boots
    with pytest.raises(ValueError, match="no MAC address"):
        pxedebug.analyze(path, client="5254")


def test_one_unreadable_file_among_several_is_a_warning(tmp_path: Path) -> None:
    good, bad = tmp_path / "boot.pcap", tmp_path / "notes.pcap"
    good.write_bytes(discovers(0, 4))
    bad.write_bytes(b"#!/bin/sh\necho hello\n" * 40)
    report = pxedebug.analyze(bad, good)
    assert len(report.boots) == 1
    (warning,) = report.capture.warnings
    assert warning.code == "unreadable"
    assert warning.text.startswith(f"{bad}: ")


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_warning_may_name_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    good, bad = tmp_path / "boot.pcap", os.path.join(os.fsencode(tmp_path), b"b\xffd.pcap")
    good.write_bytes(discovers(0, 4))
    with open(bad, "wb") as file:
        file.write(discovers(100)[:-1])
    report = pxedebug.analyze(good, os.fsdecode(bad))
    (warning,) = report.capture.warnings
    assert "b\\xffd.pcap: " in warning.text
    assert msgspec.json.encode(report)


def test_several_files_of_which_none_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(pxedebug.CaptureError, match=r"one\.pcap"):
        pxedebug.analyze(tmp_path / "one.pcap", tmp_path / "two.pcap")


def test_what_is_kept_can_be_limited(tmp_path: Path) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4))
    assert len(pxedebug.analyze(path, limits=pxedebug.Limits()).boots) == 1


def test_comments_are_warnings(tmp_path: Path) -> None:
    path = tmp_path / "commented.pcapng"
    texts = ["the switch was rebooted here", "x" * 300, *(f"note {number}" for number in range(40))]
    blocks = [
        enhanced(frame, options=option(1, text.encode()))
        for frame, text in zip(frames_of([60] * 42), texts, strict=True)
    ]
    path.write_bytes(section(options=option(1, b"lab 3") + END) + interface() + b"".join(blocks))
    warnings = pxedebug.analyze(path).capture.warnings
    assert [warning.code for warning in warnings] == ["comment"] * 20 + ["comments-left-out"]
    assert warnings[0].text == "comment: lab 3"
    assert warnings[1].text == "comment on frame 1: the switch was rebooted here"
    assert warnings[2].text == f"comment on frame 2: {'x' * 200}…"
    assert warnings[20].text == "23 more comments are not shown"


def test_rules_of_installed_packages_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4))
    monkeypatch.setattr("pxedebug.api.installed_rules", lambda complain: (OURS,))
    (boot,) = pxedebug.analyze(path).boots
    assert OURS.id in [finding.id for finding in boot.findings]


def test_rules_that_cannot_be_loaded_are_a_warning_of_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4))
    monkeypatch.setattr("pxedebug.api.installed_rules", lambda complain: complain("rules of 'x' were left out") or ())
    with pytest.warns(RuntimeWarning, match="rules of 'x' were left out"):
        pxedebug.analyze(path)


def test_analyze_raises_what_the_file_deserves(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pcap"
    empty.touch()
    with pytest.raises(pxedebug.CaptureError) as caught:
        pxedebug.analyze(empty)
    assert caught.value.hint
    with pytest.raises(ValueError, match="at least one"):
        pxedebug.analyze()


def test_a_rule_that_fails_costs_a_line_and_not_the_report(
    golden_captures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(case: object, network: object) -> Iterator[Found]:
        raise KeyError("no such option")

    rules = tuple(rule._replace(check=broken) if rule.id == "slow-dhcp-offer" else rule for rule in builtin_rules())
    monkeypatch.setattr(api, "builtin_rules", lambda: rules)
    reading = api.read_captures([str(golden_captures / "uefi-file-missing" / "capture.pcap")])
    said: list[str] = []
    (judged,) = api.judge_reading(reading, complain=said.append).boots()
    assert said == ["the rule slow-dhcp-offer failed and was left out: KeyError('no such option')"]
    assert judged.primary is not None
    assert judged.primary.id == "tftp-file-not-found"
