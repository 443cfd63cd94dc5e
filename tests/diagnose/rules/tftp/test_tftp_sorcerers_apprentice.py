"""Blocks that travel twice."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import data, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import mirrored, tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "tftp-sorcerers-apprentice"


def begun() -> Step:
    return together(edk2.rrq("x.efi", 4), oack(blksize=1468), edk2.acknowledge(0))


def block(number: int, *, twice: bool, size: int = 1468) -> Step:
    said = together(data(number, size), edk2.acknowledge(number))
    return together(said, said) if twice else said


def test_a_run_of_doubled_blocks() -> None:
    run = together(*(block(number, twice=4 < number < 20) for number in range(1, 30)), block(30, twice=False, size=9))
    verdict = diagnose(tell(led("x.efi"), begun(), run))
    assert (verdict.outcome, verdict.ids) == ("in-progress", [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    assert verdict.finding(ID).says == "15 blocks of `x.efi` in a row were sent and acknowledged twice"
    assert verdict.frames(ID)[0] == 18


def test_a_path_that_doubles_every_packet_from_the_first_on_is_only_explained() -> None:
    run = together(*(block(number, twice=True) for number in range(1, 30)), block(30, twice=True, size=9))
    verdict = diagnose(tell(led("x.efi"), begun(), run))
    assert (verdict.ids, verdict.severity(ID)) == ([], "info")


def test_a_late_first_packet_may_begin_it() -> None:
    late = together(edk2.acknowledge(0, 5.1), *(block(number, twice=True) for number in range(1, 30)))
    assert diagnose(tell(led("x.efi"), begun(), late, block(30, twice=True, size=9))).ids == [ID]


def test_a_mirror_that_delivers_every_frame_twice_is_not_it() -> None:
    """B-13."""
    run = together(*(block(number, twice=False) for number in range(1, 30)), block(30, twice=False, size=9))
    assert ID not in diagnose(tell(mirrored(together(led("x.efi"), begun(), run)))).all_ids
    slow = mirrored(together(led("x.efi"), begun(), run), after=0.002)
    assert ID not in diagnose(tell(slow)).all_ids


def test_a_few_repeats_are_not_it() -> None:
    run = together(*(block(number, twice=number < 9) for number in range(1, 30)), block(30, twice=False, size=9))
    assert ID not in diagnose(tell(led("x.efi"), begun(), run)).all_ids


def test_repeats_here_and_there_are_not_it() -> None:
    run = together(*(block(number, twice=number % 3 == 0) for number in range(1, 60)), block(60, twice=False, size=9))
    assert ID not in diagnose(tell(led("x.efi"), begun(), run)).all_ids
