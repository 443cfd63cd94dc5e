"""Transfers that stop where block numbers end. The captures hold a few of the blocks, as a busy mirror port would."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import blocks, data, led, oack, refusal
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "tftp-blocknum-rollover-stall"


def up_to_the_end() -> Step:
    answered = together(oack(tsize=200_000_000, blksize=1468), edk2.acknowledge(0))
    some = together(*(blocks(edk2, number, number, 1468) for number in (1, 2, 20_000, 40_000, 60_000, 65_534, 65_535)))
    return together(led("x.efi"), edk2.rrq("x.efi", 4), answered, some)


def in_vain(sent: Step) -> Step:
    return together(sent, *(step for at in (8, 12, 16, 20, 24) for step in (edk2.acknowledge(65_535, at), sent)))


def test_the_server_goes_on_with_0_and_the_client_does_not() -> None:
    verdict = diagnose(tell(up_to_the_end(), in_vain(data(65_536, 1468))))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert "the server goes on with number 0, which the client does not take" in verdict.finding(ID).says


def test_the_server_goes_on_with_1() -> None:
    assert "number 1," in diagnose(tell(up_to_the_end(), in_vain(data(65_537, 1468)))).finding(ID).says


def test_the_server_stops() -> None:
    again = [edk2.acknowledge(65_535, at) for at in (8, 12, 16, 20, 24)]
    verdict = diagnose(tell(up_to_the_end(), *again))
    assert (verdict.primary, "the server sends nothing more" in verdict.finding(ID).says) == (ID, True)


def test_the_server_says_so() -> None:
    verdict = diagnose(tell(up_to_the_end(), refusal(0, "block number overflow")))
    assert "ends it with an error" in verdict.finding(ID).says


def test_both_begin_anew_and_go_on() -> None:
    """B-09."""
    told = tell(up_to_the_end(), blocks(edk2, 65_536, 65_540, 1468), data(65_541, 9), edk2.acknowledge(5))
    assert ID not in diagnose(told).all_ids


def test_a_stall_elsewhere_is_another() -> None:
    again = [edk2.acknowledge(4, 8 + 4 * number) for number in range(5)]
    told = tell(up_to_the_end(), blocks(edk2, 65_536, 65_540, 1468), *again)
    assert ID not in diagnose(told).all_ids
