"""PXELINUX does not find a module of its own."""

from __future__ import annotations

from tests.diagnose.second_stage_scenes import bios, search
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import pxelinux

ID = "pxelinux-module-missing"
FOLDERS = ("", "/boot/isolinux/", "/isolinux/", "/boot/syslinux/", "/syslinux/", "/")
LDLINUX = tuple(f"{folder}ldlinux.c32" for folder in FOLDERS)


def test_ldlinux_is_in_none_of_its_folders() -> None:
    told = tell(bios(), search(pxelinux, *LDLINUX))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == "PXELINUX found no `ldlinux.c32` on 10.77.0.1, in 6 places"
    assert verdict.frames(ID)[0] == len(told.wires)
    assert verdict.finding(ID).screen == ("Failed to load ldlinux.c32",)


def test_the_search_for_ldlinux_goes_on() -> None:
    assert diagnose(tell(bios(), search(pxelinux, *LDLINUX[:2]))).all_ids == []


def test_a_search_that_stops_early_is_over_after_a_while() -> None:
    verdict = diagnose(tell(bios(), search(pxelinux, *LDLINUX[:2]), until=40))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_found_in_the_second_folder() -> None:
    rest = [pxelinux.fetch(name) for name in ("/isolinux/ldlinux.c32", "pxelinux.cfg/default", "vmlinuz", "initrd.gz")]
    verdict = diagnose(tell(bios(), search(pxelinux, *LDLINUX[:2]), *rest))
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_the_menu_lacks_a_library() -> None:
    menu = [pxelinux.fetch(name) for name in ("ldlinux.c32", "pxelinux.cfg/default", "vesamenu.c32")]
    told = tell(bios(), *menu, search(pxelinux, "libcom32.c32", "/boot/isolinux/libcom32.c32"), until=30)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.severity(ID) == "error"
    assert "tftp-file-not-found" not in verdict.all_ids


def test_a_module_that_is_missing_where_the_default_label_boots_all_the_same() -> None:
    rest = [pxelinux.fetch(name) for name in ("ldlinux.c32", "pxelinux.cfg/default")]
    told = tell(bios(), *rest, search(pxelinux, "vesamenu.c32"), pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd.gz"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_a_missing_kernel_is_no_module() -> None:
    """PXELINUX asks for it with its suffixes, too."""
    config = pxelinux.fetch("pxelinux.cfg/default", content=b"default deb\nlabel deb\n  kernel deb/vmlinuz\n")
    names = [f"deb/vmlinuz{suffix}" for suffix in ("", ".cbt", ".0", ".com", ".c32")]
    verdict = diagnose(tell(bios(), pxelinux.fetch("ldlinux.c32"), config, search(pxelinux, *names), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", "boot-artifact-missing")
    assert ID not in verdict.all_ids


def test_a_place_that_is_tried_again_is_one_place() -> None:
    told = tell(bios(), search(pxelinux, *LDLINUX), search(pxelinux, LDLINUX[0], LDLINUX[0]))
    assert diagnose(told).finding(ID).says.endswith(", in 6 places")
