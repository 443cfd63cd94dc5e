"""PXELINUX finds none of the names of its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.second_stage_scenes import MAC_NAME, bios, leased, pxelinux_search, search
from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import tell
from tests.track.programs import pxelinux, u_boot
from tests.track.scene import Step

ID = "pxelinux-config-not-found"


def test_every_name_of_the_search_is_missing() -> None:
    told = tell(bios("bios/pxelinux.0"), pxelinux.fetch("bios/ldlinux.c32"), pxelinux_search("bios/"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == (
        "PXELINUX found no configuration on 10.77.0.1: "
        "the last of 10 names, `bios/pxelinux.cfg/default`, is missing too"
    )
    last = len(told.wires)
    assert verdict.frames(ID)[:2] == [last, last - 1]
    assert verdict.finding(ID).screen == ("Unable to locate configuration file",)


@pytest.mark.parametrize("found", [MAC_NAME, "0A4D00", "default"])
def test_a_search_that_finds_a_name_is_no_fault(found: str) -> None:
    tries = search(pxelinux, "pxelinux.cfg/0A4D0082")
    booted = [pxelinux.fetch(name) for name in (f"pxelinux.cfg/{found}", "vmlinuz", "initrd.gz")]
    verdict = diagnose(tell(bios(), pxelinux.fetch("ldlinux.c32"), tries, *booted))
    assert (verdict.outcome, verdict.all_ids) == ("booted", [])


def test_a_search_that_goes_on_is_no_fault() -> None:
    verdict = diagnose(tell(bios(), pxelinux.fetch("ldlinux.c32"), search(pxelinux, "pxelinux.cfg/0A4D0082")))
    assert (verdict.outcome, verdict.all_ids) == ("in-progress", [])


def test_the_default_of_another_folder_is_found_later() -> None:
    """EFI builds look beside the program first, then in the folder above."""
    found = [pxelinux.fetch(name) for name in ("pxelinux.cfg/default", "vmlinuz", "initrd.gz")]
    verdict = diagnose(tell(bios("efi/pxelinux.0"), pxelinux.fetch("efi/ldlinux.c32"), pxelinux_search("efi/"), *found))
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_u_boot_goes_on_to_its_script() -> None:
    """U-Boot's `pxe get` is one of several ways; the script after it counts."""
    names = search(u_boot, "pxelinux.cfg/01-52-54-00-77-00-20", "pxelinux.cfg/default-arm", "pxelinux.cfg/default")
    begun: tuple[Step, ...] = (leased(u_boot, "boot.scr.uimg"), names)
    verdict = diagnose(tell(*begun, u_boot.fetch("boot.scr.uimg"), u_boot.fetch("zImage")))
    assert ID not in verdict.ids
    assert diagnose(tell(*begun)).primary == ID


def test_recorded_pxelinux(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fc4_bios_missing_cfg.pcap")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID)[:2] == [284, 283]
