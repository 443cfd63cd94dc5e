"""Transfers that stop in the middle."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import blocks, data, icmp, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, grub, ipxe, linux
from tests.track.scene import Step

ID = "tftp-transfer-stalled"


def begun(machine: Machine = edk2, last: int = 3) -> Step:
    answered = together(oack(tsize=14680, blksize=1468), machine.acknowledge(0), blocks(machine, 1, last, 1468))
    return together(led("x.efi", machine), machine.rrq("x.efi", 4), answered)


def test_the_server_falls_silent() -> None:
    again = [edk2.acknowledge(3, 8 + 4 * number) for number in range(5)]
    verdict = diagnose(tell(begun(), *again))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert "stopped at 30 % of 14,680 bytes: the server sends nothing more" in verdict.finding(ID).says
    assert "ACK 3 6 times" in verdict.finding(ID).says
    assert verdict.frames(ID) == [12, 13, 18, 5]


def test_the_server_falls_silent_before_its_first_block() -> None:
    begins = together(led("x.efi"), edk2.rrq("x.efi", 4), oack(tsize=14680, blksize=1468), edk2.acknowledge(0))
    finding = diagnose(tell(begins, *(edk2.acknowledge(0, 8 + 4 * number) for number in range(5)))).finding(ID)
    assert "stopped before its first block" in finding.says
    assert finding.title == "The TFTP transfer stopped before its first block"


def test_the_client_falls_silent() -> None:
    again = [data(4, 1468, at) for at in (4.2, 5.7, 7.7, 10.7, 15.7)]
    verdict = diagnose(tell(begun(), *again))
    assert (verdict.outcome, verdict.primary) == ("stalled", ID)
    assert "the client acknowledges nothing more, though the server sent block 4 5 times" in verdict.finding(ID).says


def test_the_servers_process_dies() -> None:
    verdict = diagnose(tell(begun(), icmp("10.77.0.1")))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "certain")
    assert "its process is gone" in verdict.finding(ID).says
    assert verdict.finding(ID).causes[0].startswith("the TFTP server process died")


def test_silence_of_both_sides() -> None:
    verdict = diagnose(tell(begun(), linux.arp("10.77.0.9", 30)))
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "inferred")


def test_loss_that_recovers_is_no_stall() -> None:
    lost = together(ipxe.acknowledge(3, 4.5), ipxe.acknowledge(3, 5), ipxe.acknowledge(3, 6))
    rest = together(blocks(ipxe, 4, 10, 1468), data(11, 0), ipxe.acknowledge(11))
    assert diagnose(tell(begun(ipxe), lost, rest)).all_ids == []


def test_a_last_block_that_the_program_never_acknowledged_is_no_stall() -> None:
    """The boot program took over; the server repeats its last block (catalogue 1.2)."""
    last = together(blocks(edk2, 4, 10, 1468), *(data(11, 0, at) for at in (5, 6, 8, 12)))
    assert ID not in diagnose(tell(begun(), last)).all_ids


def test_a_file_that_was_left_for_the_next_is_no_stall() -> None:
    opened = together(grub.rrq("/fonts/x.bin"), oack(blksize=1024), grub.acknowledge(0), data(1, 1024))
    told = tell(led("x.efi"), edk2.fetch("x.efi", 4), opened, grub.fetch("/vmlinuz"), grub.fetch("/initrd.img"))
    assert diagnose(told).all_ids == []
