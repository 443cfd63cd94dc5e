"""Real boots in captures/: the report says what a person read off the frames, and what it said before."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.golden import cases, golden
from tests.reports import Document, exchanges, messages, report_of

TYPES = ("DISCOVER", "OFFER", "REQUEST", "ACK", "NAK")
every_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)


def facts_of(case: Path) -> Document:
    return tomllib.loads((case / "facts.toml").read_text(encoding="utf-8"))


def test_there_are_enough_cases_and_each_is_whole() -> None:
    names = {"capture.pcap", "NOTE.md", "facts.toml", "expected.json"}
    assert len(cases()) >= 12
    assert [case.name for case in cases() if {file.name for file in case.iterdir()} != names] == []


@every_case
def test_the_report_is_the_golden_one(case: Path) -> None:
    expected = (case / "expected.json").read_text(encoding="utf-8")
    assert golden(case) == expected, "if the new report is right: python -m tests.golden --update, and read the diff"


@every_case
def test_the_report_agrees_with_the_frames(case: Path) -> None:
    facts, report = facts_of(case), report_of(case / "capture.pcap")
    assert report["capture"]["sources"][0]["frames"] == facts["frames"]
    assert len(report["boots"]) == facts["boots"] == len(facts["boot"])
    for boot, truth in zip(report["boots"], facts["boot"], strict=True):
        check_boot(boot, truth)


def check_boot(boot: Document, truth: Document) -> None:
    assert boot["client"]["mac"] == truth["client"]
    assert boot["outcome"] == truth["outcome"]
    primary = [finding for finding in boot["findings"] if finding["primary"]]
    assert [finding["id"] for finding in primary] == ([truth["primary"]] if "primary" in truth else [])
    assert [finding["evidence"][0]["frame"] for finding in primary] == [truth.get("frame")] * len(primary)
    others = sorted(f["id"] for f in boot["findings"] if not f["primary"] and f["severity"] != "info")
    assert others == sorted(truth.get("warnings", []))
    for key in ("architectures", "addresses", "relay"):
        if key in truth:
            assert boot["client"][key] == truth[key], key
    check_offers(exchanges(boot), truth.get("offer", []))
    for kind, frames in truth.get("messages", {}).items():
        assert frames_of(messages(boot), kind) == frames, kind
    assert [stage["kind"] for stage in boot["stages"]] == [stage["kind"] for stage in truth["stage"]]
    for stage, expected in zip(boot["stages"], truth["stage"], strict=True):
        check_stage(stage, expected)


def frames_of(found: Iterable[Document], kind: str) -> list[int]:
    return sorted(message["frame"] for message in found if message["type"] == kind)


def check_stage(stage: Document, truth: Document) -> None:
    acted_on = stage["boot"] or {"server": None, "file": None}
    if "method" in truth:
        assert stage["method"] == truth["method"]
    for key in ("server", "file"):
        if key in truth:
            assert acted_on[key] == (truth[key] or None), key
    if "exchange" in truth:
        check_exchanges(stage["exchanges"], truth["exchange"])
    expected = truth.get("transfer", [])
    if "transfers" in truth:  # so many, of which the first may be described
        assert len(stage["transfers"]) == truth["transfers"] >= len(expected)
    elif expected:
        assert len(stage["transfers"]) == len(expected)
    for transfer, wanted in zip(stage["transfers"], expected, strict=False):  # compared above
        check_transfer(transfer, wanted)


def check_exchanges(found: list[Document], truth: list[Document]) -> None:
    assert [exchange["xid"] for exchange in found] == [exchange["xid"] for exchange in truth]
    for exchange, expected in zip(found, truth, strict=True):
        assert {kind: frames for kind in TYPES if (frames := frames_of(exchange["messages"], kind))} == {
            kind: expected[kind] for kind in TYPES if kind in expected
        }
        assert (exchange["port"], exchange["complete"]) == (expected["port"], expected["complete"])
        check_offers([exchange], expected.get("offer", []))


def check_offers(found: Iterable[Document], truth: list[Document]) -> None:
    by_frame = {offer["frame"]: offer for exchange in found for offer in exchange["offers"]}
    for expected in truth:
        assert {key: by_frame[expected["frame"]][key] for key in expected} == expected


def check_transfer(transfer: Document, truth: Document) -> None:
    named = {"protocol": "tftp", "operation": "read"} | truth
    assert {key: transfer[key] for key in named} == named
