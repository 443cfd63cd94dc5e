"""Firmware, or shim, does not run what it loaded because of its signature."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.second_stage_scenes import SIGNED, UNSIGNED, leased, search, uefi
from tests.diagnose.verdict import diagnose, of_capture, verdicts
from tests.track.conversation import Told, tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http, grub, ipxe, linux
from tests.track.scene import Step
from tests.wire.bootprogram.images import pe

ID = "secure-boot-reject"
NEXT = together(edk2_http.afresh(at=5), dnsmasq.offer(file="x.efi"))


def shim(*then: Step) -> Told:
    """shim, its own probes, and its second stage."""
    probes = search(edk2.saying(probe_options=()), "revocations.efi", "shim_certificate_0.efi")
    loader = edk2.fetch("grubx64.efi", content=UNSIGNED)
    return tell(uefi("shimx64.efi", SIGNED), probes, loader, *then)


def test_an_unsigned_program_that_firmware_passes_over() -> None:
    verdict = diagnose(tell(uefi("ipxe.efi"), NEXT))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == (
        "the firmware loaded `ipxe.efi`, which carries no signature, and went on without running it: "
        "Secure Boot is the likely reason"
    )
    assert "nbp-loaded-then-silent" not in verdict.all_ids


def test_an_unsigned_program_before_the_system_on_the_disk() -> None:
    verdict = diagnose(tell(uefi("ipxe.efi"), linux.afresh(at=40), dnsmasq.offer(), until=60))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "strong")


def test_an_unsigned_program_that_is_fetched_again_and_again() -> None:
    verdict = diagnose(tell(uefi("ipxe.efi"), edk2.fetch("ipxe.efi", content=UNSIGNED), until=60))
    assert verdict.severity(ID) == "warning"
    assert verdict.outcome == "in-progress"


@pytest.mark.parametrize(
    "content",
    [SIGNED, UNSIGNED[:4000], pe(0x014C).ljust(0x1400, b"\0"), b"no program at all"],
    ids=["signed", "truncated", "another machine", "no program"],
)
def test_what_a_signature_does_not_explain(content: bytes) -> None:
    assert ID not in diagnose(tell(uefi("ipxe.efi", content), NEXT)).all_ids


def test_a_program_that_runs() -> None:
    assert diagnose(tell(uefi("ipxe.efi"), ipxe.afresh(at=6))).all_ids == []


def test_a_next_entry_that_comes_late() -> None:
    """The program ran for a while, and was left."""
    late = together(edk2_http.afresh(at=20), dnsmasq.offer(file="x.efi"))
    assert ID not in diagnose(tell(uefi("ipxe.efi"), late)).all_ids


def test_shim_asks_for_its_key_manager() -> None:
    """shim starts MokManager when the second stage does not verify."""
    told = shim(edk2.missing("mmx64.efi"), NEXT)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.confidence(ID) == "strong"
    assert verdict.finding(ID).says == "shim loaded `grubx64.efi` and refused to run it: its signature does not verify"


def test_shim_whose_second_stage_runs() -> None:
    rest = [grub.fetch(name) for name in ("/grub/grub.cfg", "/vmlinuz", "/initrd.gz")]
    assert diagnose(shim(*rest)).all_ids == []


def test_a_key_to_be_enrolled_comes_first() -> None:
    """shim starts MokManager before the loader when a key waits for enrolment: no refusal."""
    begun = together(leased(edk2, "shimx64.efi"), edk2.fetch("shimx64.efi", content=SIGNED))
    told = tell(begun, edk2.fetch("mmx64.efi", content=SIGNED), edk2.fetch("grubx64.efi", content=UNSIGNED))
    assert ID not in diagnose(told).all_ids


def test_recorded_truncated_program(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fo4_ovmf_trunc.pcap")
    assert ID not in verdict.all_ids


def test_firmware_begins_anew_at_once_or_after_a_reset() -> None:
    """A machine with a single boot entry starts over; after half a minute somebody has pressed reset."""
    at_once, _ = verdicts(tell(uefi("ipxe.efi"), edk2.afresh(at=6)))
    assert at_once.primary == ID
    later, _ = verdicts(tell(uefi("ipxe.efi"), edk2.afresh(at=40)))
    assert (later.outcome, ID in later.all_ids) == ("failed", False)
