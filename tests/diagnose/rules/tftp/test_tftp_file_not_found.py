"""The server says that it has no such file."""

from __future__ import annotations

import pytest

from tests.diagnose.tftp_scenes import blocks, led, oack, refusal
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, intel, ipxe, pxelinux, raspberry
from tests.track.scene import Step

ID = "tftp-file-not-found"


def sent_to(file: str) -> Step:
    return together(edk2.discover(at=0), dnsmasq.offer(file=file), edk2.request(at=3.9), dnsmasq.ack())


def test_the_boot_file_is_missing() -> None:
    verdict = diagnose(tell(sent_to("grubx64.efi"), edk2.missing("grubx64.efi")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == "the server 10.77.0.1 has no file `grubx64.efi`"
    assert verdict.frames(ID) == [6, 5, 4]
    assert verdict.finding(ID).screen[0].startswith("NBP filesize is 0 Bytes")


@pytest.mark.parametrize("text", ["file not found", "No such file or directory", "x.efi does not exist"])
def test_code_0_with_words_that_mean_it(text: str) -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), refusal(0, text)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_code_1_with_words_that_mean_something_else_is_not_it() -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), refusal(1, "Permission denied")))
    assert ID not in verdict.all_ids


def test_names_of_a_search_that_finds_its_file_are_no_fault() -> None:
    begun = together(intel.discover(at=0), dnsmasq.offer(file="pxelinux.0"), intel.request(at=4), dnsmasq.ack())
    search = together(pxelinux.missing("pxelinux.cfg/0A4D0082"), pxelinux.fetch("pxelinux.cfg/default"))
    told = tell(begun, intel.fetch("pxelinux.0"), search, pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd.img"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_another_file_that_is_coming_makes_it_a_warning() -> None:
    coming = together(ipxe.rrq("b"), oack(tsize=90000, blksize=1432), ipxe.acknowledge(0), blocks(ipxe, 1, 3, 1432))
    verdict = diagnose(tell(led("x.efi"), edk2.fetch("x.efi", 4), ipxe.missing("a"), coming))
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


def test_another_file_that_came_instead_makes_it_explanation() -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.missing("extra.bin", 4), edk2.fetch("x.efi")))
    assert (verdict.outcome, verdict.ids, verdict.severity(ID)) == ("in-progress", [], "info")


def test_a_raspberry_pi_is_stopped_by_its_firmware_alone() -> None:
    names = (
        "recovery.elf",
        "config.txt",
        "pieeprom.upd",
        "armstub8.bin",
        "overlays/map.dtb",
        "start4.elf",
        "start.elf",
    )
    begun = together(raspberry.discover(at=0), dnsmasq.offer(), raspberry.request(), dnsmasq.ack())
    tries = [raspberry.missing(folder + file) for folder in ("9ffefdef/", "") for file in names]
    verdict = diagnose(tell(begun, *tries))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says == "the server 10.77.0.1 has no file `9ffefdef/start4.elf`"
    optional = raspberry.missing("config.txt"), raspberry.missing("cmdline.txt")
    healthy = tell(begun, *optional, raspberry.fetch("start4.elf"))
    assert ID not in diagnose(healthy).all_ids
