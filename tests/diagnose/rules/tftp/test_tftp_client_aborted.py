"""Transfers that the client ends."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import blocks, led, oack, stops
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2, linux, pxelinux
from tests.track.scene import Step

ID = "tftp-client-aborted"


def begun(last: int = 3) -> Step:
    answered = together(oack(tsize=14680, blksize=1468), edk2.acknowledge(0), blocks(edk2, 1, last, 1468))
    return together(led("x.efi"), edk2.rrq("x.efi", 4), answered)


def test_the_client_gives_up_in_the_middle() -> None:
    verdict = diagnose(tell(begun(), stops(edk2, 0, "User aborted")))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    says = "the client gave up `x.efi` after 4,404 of 14,680 bytes, saying `User aborted`"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [14, 5]


def test_a_file_that_grew() -> None:
    verdict = diagnose(tell(begun(10), stops(edk2, 3, "User provided memory block is too small")))
    assert verdict.primary == ID
    assert verdict.finding(ID).causes[0] == "the file grew between the size probe and the read"


def test_shim_reads_again_into_a_larger_buffer() -> None:
    """B-03."""
    told = tell(begun(10), stops(edk2, 3, "User provided memory block is too small"), edk2.fetch("x.efi", probe=False))
    assert diagnose(told).ids == []


def test_pxelinux_closes_a_file_that_it_has_seen_enough_of() -> None:
    opened = together(pxelinux.rrq("vmlinuz"), oack(tsize=9000, blksize=1408), pxelinux.acknowledge(0))
    closed = together(opened, blocks(pxelinux, 1, 1, 1408), stops(pxelinux, 0, "No error, file close"))
    told = tell(led("pxelinux.0"), edk2.fetch("pxelinux.0", 4), closed, pxelinux.fetch("vmlinuz"))
    assert ID not in diagnose(told).all_ids


def test_a_size_probe_that_no_read_follows() -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.probe("x.efi", 4), linux.arp("10.77.0.9", 40)))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("stalled", ID, "inferred")
