"""A file that a script or configuration names is not there."""

from __future__ import annotations

import pytest

from pxedebug.diagnose import judge
from tests.diagnose.second_stage_scenes import MASK, bios, leased, search, uefi
from tests.diagnose.verdict import diagnose
from tests.track.conversation import Told, tell, together
from tests.track.network import Wire, reply, story_of
from tests.track.programs import dnsmasq, edk2, grub, ipxe, pxelinux, raspberry
from tests.track.scene import Step

ID = "boot-artifact-missing"
CONFIG = b"default linux\nlabel linux\n  kernel deb/vmlinuz\n  append initrd=deb/initrd.gz\n"
SCRIPT = b"#!ipxe\nkernel http://10.77.0.1/vmlinuz\ninitrd http://10.77.0.1/initrd.img\nboot\n"


def by_pxelinux(*then: Step) -> Told:
    config = pxelinux.fetch("pxelinux.cfg/default", content=CONFIG)
    return tell(bios(), pxelinux.fetch("ldlinux.c32"), config, *then)


def in_ipxe(*then: Step) -> Told:
    offer, ack = dnsmasq.offer(file="boot.ipxe", options=(MASK,)), dnsmasq.ack(options=(MASK,))
    begun = together(ipxe.afresh(at=6), offer, ipxe.request(at=9), ack)
    return tell(uefi(), begun, ipxe.fetch("boot.ipxe", at=22, content=SCRIPT), *then)


def test_the_kernel_is_missing() -> None:
    told = by_pxelinux(pxelinux.missing("deb/vmlinuz"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == ("the server 10.77.0.1 has no `deb/vmlinuz`, which `pxelinux.cfg/default` names")
    last = len(told.wires)
    assert verdict.frames(ID)[:2] == [last, last - 1]
    assert len(verdict.frames(ID)) == 3


def test_the_initrd_is_missing_after_the_kernel() -> None:
    verdict = diagnose(by_pxelinux(pxelinux.fetch("deb/vmlinuz"), pxelinux.missing("deb/initrd.gz")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_a_grub_configuration_names_another_kernel() -> None:
    config = grub.fetch("/grub/grub.cfg", content=b"linux /vmlinuz\ninitrd /initrd.img\n")
    verdict = diagnose(tell(uefi("grubx64.efi"), config, grub.missing("/vmlinuz")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_the_script_goes_on_with_another_file() -> None:
    """`kernel vmlinuz-new || kernel vmlinuz`: the script gets over it."""
    rest = [ipxe.fetch(name) for name in ("vmlinuz", "initrd.img")]
    verdict = diagnose(in_ipxe(ipxe.missing("vmlinuz-new"), *rest))
    assert (verdict.outcome, verdict.ids) == ("booted", [])
    moving = diagnose(in_ipxe(ipxe.missing("vmlinuz-new"), ipxe.rrq("vmlinuz")))
    assert moving.severity(ID) == "warning"


@pytest.mark.parametrize("file", ["amd-ucode.img", "overlays/vc4.dtbo", "autoexec.ipxe", "MAC-525400770020.ipxe"])
def test_optional_files(file: str) -> None:
    verdict = diagnose(in_ipxe(ipxe.missing(file), ipxe.fetch("vmlinuz")))
    assert ID not in verdict.ids


def test_the_boot_file_itself_is_not_an_artifact() -> None:
    assert diagnose(tell(leased(edk2, "vmlinuz.efi"), edk2.missing("vmlinuz.efi"))).primary == "tftp-file-not-found"


def test_the_raspberry_pi_tries_many_names() -> None:
    names = [raspberry.fetch("1234/start.elf"), raspberry.fetch("1234/config.txt")]
    tries = search(raspberry, "1234/kernel8.img", "1234/kernel7l.img")
    told = tell(leased(raspberry, "bootcode.bin"), raspberry.fetch("bootcode.bin"), *names, tries)
    found = raspberry.fetch("1234/kernel7.img")
    assert ID not in diagnose(told).all_ids
    assert ID not in diagnose(tell(leased(raspberry, "bootcode.bin"), *names, tries, found)).ids


def test_over_http() -> None:
    """A script over HTTP, and its kernel answered with 404."""
    wire = Wire()
    server = wire.http("/boot.ipxe", agent="iPXE/1.21.1")
    server.connect().get().send(reply(200, "OK", len(SCRIPT)) + SCRIPT).ack()
    kernel = wire.http("/vmlinuz", port=50001, agent="iPXE/1.21.1")
    kernel.connect().get().send(reply(404, "Not Found", 0)).ack()
    story, _ = story_of(wire, later=30)
    (judged,) = judge(story).boots()
    assert judged.primary is not None
    assert (str(judged.boot.outcome), judged.primary.id) == ("failed", ID)
    assert "boot.ipxe" in judged.primary.says
    assert judged.primary.step == "http"
    assert any("2d0c61" in text for text in judged.primary.screen)
    assert not any("2d1261" in text for text in judged.primary.screen)


def test_over_tftp() -> None:
    finding = diagnose(in_ipxe(ipxe.missing("vmlinuz"))).finding(ID)
    assert (finding.step, finding.screen) == ("tftp", ("No such file or directory (https://ipxe.org/2d12618e)",))
