"""What somebody types off a screen leads to its meaning and to the findings that print it."""

from __future__ import annotations

import pytest

from pxedebug.diagnose import builtin_rules
from pxedebug.diagnose.screens import SCREEN_CODES, codes_like, rules_on_screen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("PXE-E18", "PXE-E18"),
        ("pxe-e18:", "PXE-E18"),
        ("E18", "PXE-E18"),
        ("M0F", "PXE-M0F"),
        ("4c126035", "4c126035"),
        ("https://ipxe.org/4c126035", "4c126035"),
        ("http://ipxe.org/err/2D12618E", "2d12618e"),
        ("0xC000000F", "0xc000000f"),
        ("c000000f", "0xc000000f"),
    ],
)
def test_a_code_is_known_however_it_is_typed(typed: str, code: str) -> None:
    assert {entry.code for entry in codes_like(typed)} == {code}


def test_a_number_that_intel_and_uefi_share_has_both_meanings() -> None:
    assert [entry.who for entry in codes_like("PXE-E07")] == [
        "Intel's boot ROM and others of PXE 2.1", "UEFI (EDK2)",
    ]  # fmt: skip


def test_a_code_leads_to_the_findings_that_print_it() -> None:
    found = [rule.id for rule in rules_on_screen("PXE-E23", builtin_rules())]
    assert "tftp-file-not-found" in found
    assert "tftp-file-not-found" in [rule.id for rule in rules_on_screen("file not found", builtin_rules())]


@pytest.mark.parametrize("typed", ["", "e", "tft", "no such words on any screen", "\0", "(["])
def test_what_no_screen_says_leads_nowhere(typed: str) -> None:
    assert rules_on_screen(typed, builtin_rules()) == []


def test_no_code_is_listed_twice_for_one_program() -> None:
    keys = [(entry.code, entry.who) for entry in SCREEN_CODES]
    assert len(keys) == len(set(keys))
