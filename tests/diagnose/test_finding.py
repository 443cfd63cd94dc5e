"""How findings quote the wire and cite frames."""

from __future__ import annotations

import pytest

from pxedebug.diagnose.finding import Confidence, Severity, cite, cite_each, count, name


def test_severities_and_confidences_are_ordered_words() -> None:
    assert sorted(map(str, Severity)) == ["error", "fatal", "info", "warning"]
    assert Severity.INFO < Severity.WARNING < Severity.ERROR < Severity.FATAL
    assert Confidence.INFERRED < Confidence.STRONG < Confidence.CERTAIN


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        (b"grubx64.efi", "`grubx64.efi`"),
        (b"pxelinux.0\0\0", "`pxelinux.0`"),
        (b"a`b", "`a\\x60b`"),
        (b"", "``"),
        (None, "``"),
        (b"\xff", "`\udcff`"),
    ],
)
def test_a_name_stands_between_two_backquotes(value: bytes | None, quoted: str) -> None:
    assert name(value) == quoted


def test_a_long_name_keeps_its_ends() -> None:
    quoted = name(b"a" * 200 + b"/end.efi")
    assert len(quoted) < 110
    assert quoted.endswith("/end.efi`")
    assert "…" in quoted


def test_many_frames_are_the_first_and_the_last() -> None:
    assert [evidence.frame for evidence in cite_each(range(1, 21), "again", 4)] == [1, 2, 3, 20]
    assert cite(7, "here")[0] == (7, "here")


def test_numbers_with_their_nouns() -> None:
    assert [count(1, "try", "tries"), count(2, "try", "tries"), count(1200, "frame")] == [
        "1 try", "2 tries", "1,200 frames",
    ]  # fmt: skip
