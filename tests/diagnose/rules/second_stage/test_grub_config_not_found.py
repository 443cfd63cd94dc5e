"""GRUB finds no configuration."""

from __future__ import annotations

from tests.diagnose.second_stage_scenes import MAC_NAME, SIGNED, search, uefi
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import grub
from tests.track.scene import Step

ID = "grub-config-not-found"
NAMES = (f"grub.cfg-{MAC_NAME}", "grub.cfg-0A4D0082", "grub.cfg-0A4D008", "grub.cfg-0A4D", "grub.cfg")
MODULES = search(grub, "/grub/x86_64-efi/command.lst", "/grub/x86_64-efi/fs.lst", "/grub/x86_64-efi/crypto.lst")


def searched(folder: str = "/grub/") -> Step:
    return search(grub, *(folder + name for name in NAMES))


def test_every_name_is_missing() -> None:
    told = tell(uefi("grubx64.efi", SIGNED), MODULES, searched())
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.finding(ID).says == (
        "GRUB found no configuration on 10.77.0.1: the last of 5 names, `/grub/grub.cfg`, is missing too"
    )
    assert verdict.frames(ID)[0] == len(told.wires)
    assert verdict.finding(ID).screen[0].startswith("grub>")


def test_one_name_is_found() -> None:
    rest = [grub.fetch(name) for name in ("/grub/grub.cfg", "/vmlinuz", "/initrd.gz")]
    verdict = diagnose(tell(uefi("grubx64.efi", SIGNED), MODULES, search(grub, f"/grub/grub.cfg-{MAC_NAME}"), *rest))
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_an_embedded_configuration_goes_on() -> None:
    verdict = diagnose(tell(uefi("grubx64.efi", SIGNED), searched(), grub.fetch("/vmlinuz"), grub.fetch("/initrd.gz")))
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_a_second_folder_is_searched() -> None:
    """A distribution's GRUB tries its own folder after the first: while it does, nothing is decided."""
    second = search(grub, f"/EFI/debian/grub.cfg-{MAC_NAME}")
    assert ID not in diagnose(tell(uefi("grubx64.efi", SIGNED), searched(), second)).all_ids
    verdict = diagnose(tell(uefi("grubx64.efi", SIGNED), searched(), second, until=60))
    assert verdict.primary in (None, ID)
    assert ID in verdict.all_ids


def test_not_even_its_first_module() -> None:
    """A prefix that leads nowhere: GRUB stops at its rescue prompt and asks for no configuration."""
    told = tell(uefi("grubx64.efi", SIGNED), search(grub, "/boot/grub/x86_64-efi/normal.mod"), until=60)
    verdict = diagnose(told)
    assert verdict.outcome in ("failed", "stalled")
    assert verdict.primary == ID
    built_in = (MODULES, search(grub, "/grub/x86_64-efi/normal.mod"), grub.fetch("/grub/grub.cfg"))
    assert ID not in diagnose(tell(uefi("grubx64.efi", SIGNED), *built_in, until=60)).all_ids
