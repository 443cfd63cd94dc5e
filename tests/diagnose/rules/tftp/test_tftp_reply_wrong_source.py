"""Answers from an address that was not asked."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import from_address, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "tftp-reply-wrong-source"


def answered_from(address: str, *at: float) -> Step:
    asked = [
        together(edk2.rrq("x.efi", s, again=n > 0), from_address(oack(tsize=9000), address)) for n, s in enumerate(at)
    ]
    return together(*asked)


def test_another_address_answers_and_the_client_asks_on() -> None:
    verdict = diagnose(tell(led("x.efi"), answered_from("10.77.0.9", 4, 8, 12, 16, 20, 24)))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    says = "the client asked 10.77.0.1, the answer came from 10.77.0.9, and it does not take that"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID)[:3] == [6, 5, 7]


def test_a_client_that_takes_it_boots() -> None:
    taken = from_address(oack(blksize=1468), "10.77.0.9")
    told = tell(led("x.efi"), edk2.rrq("x.efi", 4), taken, edk2.acknowledge(0, server="10.77.0.9"))
    assert ID not in diagnose(told).all_ids


def test_one_answer_alone_proves_nothing() -> None:
    told = tell(led("x.efi"), answered_from("10.77.0.9", 4))
    assert ID not in diagnose(told).all_ids
