"""Answers that do not reach the client."""

from __future__ import annotations

from pathlib import Path

from pxedebug.api import read_captures
from pxedebug.diagnose import judge
from tests.diagnose.tftp_scenes import data, icmp, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "tftp-data-blocked-by-firewall"


def answered_in_vain(*at: float) -> Step:
    """Each request is answered from a port of its own, and the first answer is repeated."""
    steps = [
        together(edk2.rrq("x.efi", second, again=number > 0), oack(tsize=9000, blksize=1468, port=40001 + number))
        for number, second in enumerate(at)
    ]
    return together(*steps[:1], oack(at[0] + 1.5, tsize=9000, blksize=1468, port=40001), *steps[1:])


def test_the_server_repeats_its_answers_and_the_client_its_requests() -> None:
    verdict = diagnose(tell(led("x.efi"), answered_in_vain(4, 8, 12, 16, 20, 24)))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert "from ports 40001, 40002, 40003 and more" in verdict.finding(ID).says
    assert verdict.frames(ID)[:2] == [6, 7]


def test_it_is_less_sure_while_the_client_still_tries() -> None:
    verdict = diagnose(tell(led("x.efi"), answered_in_vain(4, 8, 12)))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("stalled", ID, "inferred")


def test_a_firewall_that_says_so() -> None:
    told = tell(
        led("x.efi"), edk2.rrq("x.efi", 4), oack(tsize=9), icmp("10.77.0.254", 3, 13), edk2.rrq("x.efi", 8, again=True)
    )
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "certain")
    assert verdict.frames(ID)[0] == 7


def test_orphans_of_repeated_requests_are_not_judged() -> None:
    """B-08: the client takes one of the ports, the others repeat their OACK."""
    told = tell(
        led("x.efi"), answered_in_vain(4, 8), edk2.acknowledge(0), data(1, 1468), edk2.acknowledge(1), data(2, 9),
        edk2.acknowledge(2), oack(13, tsize=9000, blksize=1468, port=40001),
    )  # fmt: skip
    assert diagnose(told).all_ids == []


def test_two_captures_of_one_boot_the_answers_are_in_one_of_them(lab_captures: Path) -> None:
    names = ("fe3_bios_datareturn_blocked.pcap", "fe3_bios_datareturn_blocked.tap.pcap")
    (judged,) = judge(read_captures([str(lab_captures / name) for name in names]).story).boots()
    assert judged.primary is not None
    assert judged.primary.id == ID
