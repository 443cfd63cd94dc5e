"""iPXE that the firmware loaded, and that gets no answer or says nothing."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.link_scenes import DISCARDING, bpdus, in_time
from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, intel, ipxe
from tests.track.scene import Step
from tests.wire.bootprogram.images import pe

ID = "second-stage-dhcp-silence"
PROGRAM = pe().ljust(0x1400, b"\0")
"""An EFI program, complete: four blocks."""


def loaded(file: str = "snponly.efi", content: bytes = PROGRAM) -> Step:
    """The firmware fetches iPXE, at 4 s."""
    begun = together(edk2.discover(at=0), dnsmasq.offer(file=file), edk2.request(at=3.9), dnsmasq.ack())
    return together(begun, edk2.fetch(file, content=content))


def asking(start: float = 7) -> Step:
    sends = (ipxe.discover(at=start + after, secs=4 + 4 * number) for number, after in enumerate((1, 3, 7)))
    return together(ipxe.afresh(at=start, secs=4), *sends)


def test_nobody_answers_ipxe_though_the_firmware_was_answered() -> None:
    verdict = diagnose(tell(loaded(), asking(), until=40))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == (
        "nobody answers iPXE's 4 DISCOVERs in 7.0 s, though 10.77.0.1 answered the firmware 3.1 s earlier"
    )
    assert verdict.frames(ID) == [19, 20, 21, 22, 4, 18]
    assert "no-dhcp-offer" not in verdict.all_ids


def test_spanning_tree_is_the_cause_where_it_shows() -> None:
    verdict = diagnose(tell(in_time(together(loaded(), asking()), bpdus(6, 30, DISCARDING)), until=40))
    assert verdict.primary == "stp-portfast-delay"
    assert verdict.finding(ID).caused_by == "stp-portfast-delay"


def test_ipxe_that_is_never_heard_again() -> None:
    """It may still run, so the boot has not failed; what is said is more precise than `nbp-loaded-then-silent`."""
    verdict = diagnose(tell(loaded(), until=50))
    assert (verdict.outcome, verdict.all_ids) == ("in-progress", [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "inferred")
    assert verdict.finding(ID).says == (
        "`snponly.efi` was delivered and is iPXE, and then nothing was heard of it for 46 s"
    )
    assert verdict.finding(ID).title == "iPXE was loaded, and then nothing is heard of it"
    assert verdict.frames(ID) == [18, 4]


# Look-alikes


def test_ipxe_that_gets_its_answer() -> None:
    answered = together(asking(), dnsmasq.offer(file="http://10.77.0.1/boot.ipxe"), ipxe.request(), dnsmasq.ack())
    assert ID not in diagnose(tell(loaded(), answered)).all_ids


def test_ipxe_that_has_only_begun() -> None:
    assert ID not in diagnose(tell(loaded(), until=20)).all_ids
    assert ID not in diagnose(tell(loaded(), ipxe.afresh(at=7), ipxe.discover(at=8))).all_ids


def test_ipxe_that_goes_on_with_the_firmware_s_lease() -> None:
    assert ID not in diagnose(tell(loaded(), ipxe.missing("autoexec.ipxe", at=7), until=50)).all_ids


def test_a_machine_that_is_still_heard() -> None:
    assert ID not in diagnose(tell(loaded(), edk2.arp("10.77.0.1", at=20), until=60)).all_ids


def test_other_programs_need_not_speak() -> None:
    assert ID not in diagnose(tell(loaded("memtest.efi"), until=50)).all_ids
    assert ID not in diagnose(tell(loaded("ipxe.png", b"\x89PNG" + bytes(2000)), until=50)).all_ids


def test_a_program_for_another_kind_of_machine_is_another_fault() -> None:
    begun = together(intel.discover(at=0), dnsmasq.offer(file="snponly.efi"), intel.request(at=4), dnsmasq.ack())
    verdict = diagnose(tell(begun, intel.fetch("snponly.efi", content=PROGRAM), until=60))
    assert ID not in verdict.all_ids


def test_no_recorded_boot_has_it(lab_captures: Path) -> None:
    """Every iPXE of the recordings that was loaded by firmware was answered."""
    for file in ("s02b_ovmf_pxe4_snponly", "s04b_ovmf_ipxeefi_chain_http", "s14b_bios_fast_ra", "fq1_bios_ipxe_loop"):
        assert [v for v in of_capture(lab_captures / f"{file}.pcap") if ID in v.all_ids] == [], file
