"""`pxedebug explain`: the catalogue at the prompt."""

from __future__ import annotations

import pytest

from pxedebug.diagnose import builtin_rules
from tests.cli.conftest import Run


def test_without_an_argument_every_finding_is_listed(run: Run) -> None:
    done = run("explain")
    assert (done.returncode, done.stderr) == (0, "")
    assert [rule.id for rule in builtin_rules() if rule.id not in done.stdout] == []
    assert "stopped-for-unknown-reason" in done.stdout


def test_an_id_is_told_in_full(run: Run) -> None:
    text = run("explain", "tftp-file-not-found").stdout
    for heading in ("On the screen:", "Likely causes:", "What to change:", "Sources:"):
        assert heading in text
    assert "dnsmasq: tftp-root=/srv/tftp" in text


@pytest.mark.parametrize("typed", [["PXE-E18"], ["e18"], ["PXE-E18:"]])
def test_a_code_says_what_it_means_and_which_findings_print_it(run: Run, typed: list[str]) -> None:
    done = run("explain", *typed)
    assert done.returncode == 0
    assert "PXE-E18" in done.stdout
    assert "no-dhcp-offer" in done.stdout


def test_words_off_a_screen_need_no_quotes(run: Run) -> None:
    assert "tftp-file-not-found" in run("explain", "File", "not", "found").stdout


def test_a_part_of_an_id_is_helped_on(run: Run) -> None:
    done = run("explain", "file-not-fo")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing is known of 'file-not-fo'; did you mean tftp-file-not-found?" in done.stderr


def test_what_is_not_known_is_one_line(run: Run) -> None:
    done = run("explain", "zzzz")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "nothing is known of 'zzzz'" in done.stderr
