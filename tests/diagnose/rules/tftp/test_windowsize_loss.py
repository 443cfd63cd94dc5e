"""Windows of which blocks are lost."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import data, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "windowsize-loss"
SIZE = 1468


def begun(window: int = 4) -> Step:
    answered = oack(blksize=SIZE, windowsize=window)
    return together(led("x.efi"), edk2.rrq("x.efi", 4), answered, edk2.acknowledge(0))


def window(first: int, *, lost: bool = False) -> Step:
    """Four blocks; with `lost` the second does not reach the client, which says so, and the server goes back."""
    sent = together(*(data(block, SIZE) for block in range(first, first + 4)))
    again = together(*(data(block, SIZE) for block in range(first + 1, first + 5)))
    return together(sent, edk2.acknowledge(first), again, edk2.acknowledge(first + 4)) if lost else together(
        sent, edk2.acknowledge(first + 3)
    )  # fmt: skip


def end(block: int) -> Step:
    return together(data(block, 9), edk2.acknowledge(block))


def test_a_slow_transfer_with_many_losses_is_warned_about() -> None:
    lossy = together(*(window(1 + 5 * number, lost=True) for number in range(7)))
    verdict = diagnose(tell(begun(), lossy, end(36)))
    assert (verdict.outcome, verdict.ids) == ("in-progress", [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "strong")
    assert "the client lost blocks of 7 windows of 4 of `x.efi`" in verdict.finding(ID).says


def test_a_transfer_that_stops_in_the_middle_of_its_losses() -> None:
    lossy = together(*(window(1 + 5 * number, lost=True) for number in range(4)))
    stuck = together(*(edk2.acknowledge(20, 8 + 4 * number) for number in range(6)))
    verdict = diagnose(tell(begun(), lossy, stuck))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("failed", ID, "error")


def test_a_single_loss_is_nothing() -> None:
    assert diagnose(tell(begun(), window(1, lost=True), window(6), end(10))).all_ids == []


def test_a_few_losses_in_many_windows_are_nothing() -> None:
    lossy = together(*(window(1 + 5 * number, lost=True) for number in range(7)))
    clean = together(*(window(36 + 4 * number) for number in range(400)))
    assert diagnose(tell(begun(), lossy, clean, end(36 + 1600))).all_ids == []


def test_full_windows_and_a_short_last_one_are_in_order() -> None:
    assert diagnose(tell(begun(), *(window(1 + 4 * number) for number in range(9)), end(37))).all_ids == []
