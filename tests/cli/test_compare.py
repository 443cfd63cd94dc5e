"""`pxedebug compare`: exit status, both formats, and what cannot be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Found
from pxedebug.diagnose.network import Network
from tests.cli.conftest import Run, discovers
from tests.golden import CAPTURES
from tests.test_plugins import OURS

GOOD = CAPTURES / "uefi-boot-program" / "capture.pcap"
BAD = CAPTURES / "uefi-file-missing" / "capture.pcap"


def test_where_two_boots_part(run: Run) -> None:
    done = run("compare", GOOD, BAD)
    assert done.returncode == 1
    assert "They part at: OFFER from the DHCP server" in done.stdout
    assert "B  nothere.efi" in done.stdout
    assert "52:54:00:77:00:20 failed in TFTP: the server 10.77.0.1 has no file" in done.stdout


def test_a_boot_is_like_itself(run: Run) -> None:
    done = run("compare", "--left-boot", 1, "--right-boot", 1, GOOD, GOOD)
    assert done.returncode == 0
    assert "Nothing differs but ids, times and addresses." in done.stdout


def test_json(run: Run) -> None:
    document = json.loads(run("compare", "--format", "json", GOOD, BAD).stdout)
    assert document["schema"] == "pxedebug.comparison/1"
    assert document["right"] == {
        "mac": "52:54:00:77:00:20",
        "outcome": "failed",
        "verdict": "52:54:00:77:00:20 failed in TFTP: the server 10.77.0.1 has no file `nothere.efi` (frame 18)",
    }
    first = document["differences"][0]
    assert (first["left"], first["right"]) == ("snponly.efi", "nothere.efi")


def test_a_capture_without_such_a_boot_is_one_line(run: Run, tmp_path: Path) -> None:
    done = run("compare", "--right-client", "00:00:00:00:00:01", GOOD, BAD)
    assert (done.returncode, done.stdout) == (3, "")
    assert "no such boot in this capture" in done.stderr
    assert done.stderr.count("\n") <= 2


def test_two_boots_of_one_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "two.pcap"
    path.write_bytes(discovers(0, 4, 12, 28, 600, 604))
    done = run("compare", path, path)
    unfolded = "".join(done.stdout.split())
    assert f"A{path},boot2" in unfolded
    assert f"B{path},boot1" in unfolded


def test_a_boot_is_judged_as_analyze_does(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rules of installed packages and the servers that are allowed."""
    seen = []

    def check(case: Case, network: Network) -> Iterator[Found]:
        seen.append(network.allowed_servers)
        return iter(())

    monkeypatch.setattr("pxedebug.api.installed_rules", lambda complain: (OURS._replace(check=check),))
    run("compare", "--allow-server", "10.77.0.9", GOOD, BAD)
    assert set(seen) == {frozenset((IPv4Address("10.77.0.9"),))}
    assert run("compare", "--allow-server", "nonsense", GOOD, BAD).returncode == 2


def test_two_pipes_are_refused(run: Run) -> None:
    done = run("compare", "-", "-")
    assert done.returncode == 3
    assert "only one of the two captures can come from a pipe" in done.stderr
