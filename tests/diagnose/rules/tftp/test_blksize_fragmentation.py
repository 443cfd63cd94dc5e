"""Blocks that do not fit the path."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import blocks, data, icmp, led, oack, split
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "blksize-fragmentation"


def begun(blksize: int = 4096) -> Step:
    return together(led("x.efi"), edk2.rrq("x.efi", 4), oack(tsize=90000, blksize=blksize), edk2.acknowledge(0))


def in_vain(sent: Step) -> Step:
    """DATA 1 and its repeats, while the client repeats ACK 0 through its schedule."""
    return together(sent, *(step for at in (8, 12, 16, 20, 24) for step in (edk2.acknowledge(0, at), sent)))


def test_fragments_are_seen_and_never_acknowledged() -> None:
    verdict = diagnose(tell(begun(1468), in_vain(split(data(1, 1468), 1400))))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert "travel in IP fragments" in verdict.finding(ID).says
    assert verdict.frames(ID)[:2] == [8, 6]
    assert "No more than 1396 bytes fit" in verdict.finding(ID).explanation
    lines = [remedy.text for remedy in verdict.finding(ID).remedies]
    assert lines[:2] == ["--blocksize 1364", "tftp-mtu=1396"]


def test_a_hop_says_so() -> None:
    told = together(
        data(1, 1468), icmp("10.77.0.254", 3, 4, mtu=1280), *(edk2.acknowledge(0, at) for at in (8, 12, 16))
    )
    verdict = diagnose(tell(begun(1468), told))
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "strong")
    assert "No more than 1280 bytes" in verdict.finding(ID).explanation
    assert verdict.frames(ID)[0] == 9


def test_blocks_that_cannot_fit_are_only_suspected() -> None:
    """V5: the size of a frame on a host proves nothing."""
    verdict = diagnose(tell(begun(), in_vain(data(1, 4096))))
    assert (verdict.primary, verdict.severity(ID), verdict.confidence(ID)) == (ID, "error", "inferred")


def test_fragments_that_arrive_are_legal() -> None:
    """B-18."""
    told = tell(begun(1468), split(data(1, 1468)), edk2.acknowledge(1), data(2, 9), edk2.acknowledge(2))
    assert ID not in diagnose(told).all_ids


def test_a_stall_later_on_has_another_reason() -> None:
    again = [edk2.acknowledge(3, 8 + 4 * number) for number in range(5)]
    assert ID not in diagnose(tell(begun(1468), split(blocks(edk2, 1, 3, 1468)), *again)).all_ids
