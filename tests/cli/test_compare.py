"""`pxedebug compare`: exit status, both formats, and what cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.golden import CAPTURES

GOOD = CAPTURES / "uefi-boot-program" / "capture.pcap"
BAD = CAPTURES / "uefi-file-missing" / "capture.pcap"


def test_where_two_boots_part(run: Run) -> None:
    done = run("compare", GOOD, BAD)
    assert done.returncode == 1
    assert "They part at: OFFER from the DHCP server" in done.stdout
    assert "B  nothere.efi" in done.stdout


def test_a_boot_is_like_itself(run: Run) -> None:
    done = run("compare", "--left-boot", 1, "--right-boot", 1, GOOD, GOOD)
    assert done.returncode == 0
    assert "Nothing differs but ids, times and addresses." in done.stdout


def test_json(run: Run) -> None:
    document = json.loads(run("compare", "--format", "json", GOOD, BAD).stdout)
    assert document["schema"] == "pxedebug.comparison/1"
    assert document["right"] == {"mac": "52:54:00:77:00:20", "outcome": "failed"}
    first = document["differences"][0]
    assert (first["left"], first["right"]) == ("snponly.efi", "nothere.efi")


def test_a_capture_without_such_a_boot_is_one_line(run: Run, tmp_path: Path) -> None:
    done = run("compare", "--right-client", "00:00:00:00:00:01", GOOD, BAD)
    assert (done.returncode, done.stdout) == (3, "")
    assert "no such boot in this capture" in done.stderr
    assert done.stderr.count("\n") <= 2


def test_two_pipes_are_refused(run: Run) -> None:
    done = run("compare", "-", "-")
    assert done.returncode == 3
    assert "only one of the two captures can come from a pipe" in done.stderr
