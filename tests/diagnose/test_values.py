"""What stands in the lines that somebody pastes: what the capture shows, and never what could do harm there."""

from __future__ import annotations

import pytest

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found
from pxedebug.diagnose.rule import EXAMPLES
from pxedebug.diagnose.values import in_words, remedy_values
from tests.diagnose.verdict import diagnose
from tests.track.conversation import Told, tell
from tests.track.programs import dnsmasq, edk2

LEASE = [(1, b"\xff\xff\xff\0"), (3, bytes((10, 77, 0, 254)))]


def told(file: str = "grubx64.efi") -> Told:
    return tell(
        edk2.discover(at=0), dnsmasq.offer(file=file, options=LEASE), edk2.request(at=4), dnsmasq.ack(options=LEASE),
        edk2.missing(file),
    )  # fmt: skip


def values(of: Told, **own: str) -> dict[str, str]:
    turn = Case(of.boots[0], 1, 0).last
    return remedy_values(Found(turn, Confidence.CERTAIN, "", (), values=own))


def test_the_capture_s_own_addresses_and_names() -> None:
    found = values(told())
    assert found.keys() == EXAMPLES.keys()
    assert {name: found[name] for name in ("server", "dhcp", "router", "address", "subnet", "mask", "prefix")} == {
        "server": "10.77.0.1", "dhcp": "10.77.0.1", "router": "10.77.0.254", "address": "10.77.0.130",
        "subnet": "10.77.0.0", "mask": "255.255.255.0", "prefix": "24",
    }  # fmt: skip
    assert (found["file"], found["mac"], found["arch"]) == ("grubx64.efi", "52:54:00:77:00:20", "7")


def test_what_a_rule_says_counts_for_more() -> None:
    assert values(told(), router="10.77.0.1")["router"] == "10.77.0.1"


def test_what_is_not_known_is_a_word() -> None:
    found = values(tell(edk2.discover(at=0)))
    assert (found["server"], found["router"], found["file"]) == ("SERVER", "ROUTER", "FILE")


@pytest.mark.parametrize("file", ["x; $(reboot)", 'q".efi', "a`id`b", "two words", "a\nb", "a,b", "${HOME}", "x'y"])
def test_nothing_from_the_wire_means_anything_to_a_shell_or_a_configuration(file: str) -> None:
    assert values(told(file))["file"] == "FILE"
    assert in_words({"file": file})["file"] == "FILE"
    remedies = " ".join(remedy.text for finding in diagnose(told(file)).judged.findings for remedy in finding.remedies)
    assert file not in remedies
