"""The boot program was delivered, and nothing of it was heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.second_stage_scenes import SIGNED, bios, leased, uefi
from tests.diagnose.verdict import diagnose, of_capture, verdicts
from tests.track.conversation import tell
from tests.track.programs import dnsmasq, edk2, edk2_http, intel, ipxe, linux
from tests.wire.bootprogram.images import bzimage

ID = "nbp-loaded-then-silent"


def test_firmware_goes_on_to_its_next_entry() -> None:
    """A signed program, so that Secure Boot is not what to think of first."""
    told = tell(uefi("loader.efi", SIGNED), edk2_http.afresh(at=5), dnsmasq.offer(file="loader.efi"))
    verdict = diagnose(told)
    assert verdict.outcome == "failed"
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == "`loader.efi` was delivered, and the firmware went on without it after 0.9 s"
    assert verdict.frames(ID)[-1] == len(told.wires) - 1


def test_firmware_begins_anew() -> None:
    verdict, _ = verdicts(tell(bios("loader.0"), intel.afresh(at=12)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_a_reset_after_a_while() -> None:
    verdict, _ = verdicts(tell(bios("loader.0"), intel.afresh(at=45)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.confidence(ID) == "inferred"
    assert verdict.finding(ID).says.endswith("until the machine began anew")


def test_silence_alone_is_a_warning() -> None:
    verdict = diagnose(tell(bios("loader.0"), until=60))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("in-progress", None, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "inferred")
    assert verdict.finding(ID).next_measurement


@pytest.mark.parametrize("until", [None, 20])
def test_a_capture_that_ends_soon_says_nothing(until: float | None) -> None:
    assert diagnose(tell(bios("loader.0"), until=until)).all_ids == []


def test_a_program_that_runs_is_heard() -> None:
    verdict = diagnose(tell(uefi(), ipxe.afresh(at=6), until=7))
    assert ID not in verdict.all_ids
    assert ID not in diagnose(tell(uefi(), ipxe.arp("10.77.0.1", at=20), until=60)).all_ids


def test_a_memory_test_stays_silent() -> None:
    content = bzimage(b"Memtest86+ v6.10\0").ljust(5000, b"\0")
    for file in ("memtest86+x64.bin", "tool.0"):
        told = tell(leased(intel, file), intel.fetch(file, content=content), until=120)
        assert ID not in diagnose(told).all_ids


def test_a_kernel_that_is_the_boot_file_stays_silent() -> None:
    told = tell(uefi("vmlinuz.efi", bzimage()), until=60)
    assert ID not in diagnose(told).all_ids


def test_the_last_of_many_modules_is_no_program() -> None:
    """ESXi's loader fetches some hundred modules, then its kernel starts without a word for a minute."""
    modules = [edk2.fetch(name) for name in ("boot.cfg", "k.b00", "s.v00")]
    assert diagnose(tell(uefi("mboot.efi"), *modules, until=90)).all_ids == []


def test_the_system_of_the_disk_speaks() -> None:
    """`chain.c32` and the like: an operating system's DHCP follows."""
    verdict = diagnose(tell(bios("chain.0"), linux.afresh(at=50), until=200))
    assert ID not in verdict.ids


def test_recorded_truncated_program(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fo4_ovmf_trunc.pcap")
    assert verdict.outcome == "failed"
    assert verdict.primary in (ID, "tftp-size-mismatch")


def test_recorded_memory_test(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "s11b_bios_and_uefi.pcap", "52:54:00:77:00:10")
    assert (verdict.outcome, verdict.ids) == ("in-progress", [])


def test_other_programs_that_run(lab_captures: Path) -> None:
    for file in ("s02b_ovmf_pxe4_snponly", "s14b_bios_fast_ra", "s05a_ovmf_httpboot", "fp1_bios_dup"):
        for verdict in of_capture(lab_captures / f"{file}.pcap"):
            assert ID not in verdict.all_ids
