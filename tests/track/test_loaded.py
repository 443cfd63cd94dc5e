"""What was loaded and what that means: a system, the same loader again, or the local disk."""

from __future__ import annotations

import pytest

from pxedebug.track.loaded import booted, loops, role, system_of_the_disk
from pxedebug.track.story import Transfer, TransferStatus
from tests.track.conversation import Told, kinds, tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, edk2_http, grub, intel, ipxe, ipxe_rom, linux, pxelinux
from tests.track.scene import Step
from tests.wire.bootprogram.images import pe

MENU_WITH_DISK = b"\x06\x01\x03\x09\x07\x00\x00\x04Disk"


def leased(machine: Machine, file: str = "boot.0", **reply: object) -> Step:
    begun = together(machine.discover(at=0), dnsmasq.offer(file=file, **reply))  # type: ignore[arg-type]
    return together(begun, machine.request(at=3.99), dnsmasq.ack(at=4, file=file, **reply))  # type: ignore[arg-type]


def configured(text: bytes) -> Step:
    """PXELINUX with a configuration, read by second 5."""
    loader = together(leased(intel, "pxelinux.0"), intel.fetch("pxelinux.0"), pxelinux.fetch("ldlinux.c32"))
    return together(loader, pxelinux.fetch("pxelinux.cfg/default", at=5, content=text))


def transfer(file: str, content: str | None = None) -> Transfer:
    told = tell(leased(edk2), edk2.fetch("x", probe=False)).transfers[-1]
    return told._replace(file=file.encode(), content_type=content)


# Roles


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("vmlinuz", None, "kernel"),
        ("images/pxeboot/initrd.img", "xz", "initrd"),
        ("boot.wim", None, "wim"),
        ("abc", "wim", "wim"),
        ("f00d", "bzimage", "kernel"),
        ("f00e", "gzip", "initrd"),
        ("f00e", "zstd", "initrd"),
        ("initrd.img", "bzimage", "kernel"),
        ("snponly.efi", "pe", "boot-program"),
        ("pxelinux.cfg/default", None, "config"),
        ("anything", None, None),
    ],
)
def test_name_and_content_tell_what_a_file_is_for(file: str, content: str | None, expected: str | None) -> None:
    assert role(transfer(file, content)) == expected


def test_what_was_written_or_cut_off_boots_nothing() -> None:
    (stage,) = tell(leased(edk2), edk2.fetch("x", probe=False)).boot.stages
    kernel, initrd = transfer("vmlinuz"), transfer("initrd.img")
    assert booted([stage._replace(transfers=(kernel, initrd))])
    assert not booted([stage._replace(transfers=(kernel, initrd._replace(status=TransferStatus.STALLED)))])
    assert not booted([stage._replace(transfers=(kernel, initrd._replace(operation="write")))])
    assert not booted([stage._replace(transfers=(kernel,))])


# Loops


def turn(file: str = "ipxe.efi", content: bytes = b"") -> Step:
    begun = together(ipxe.afresh(), dnsmasq.offer(file=file), ipxe.request(), dnsmasq.ack())
    return together(begun, ipxe.fetch(file, content=content))


def test_a_loader_that_fetches_itself_twice_loops() -> None:
    chain = together(leased(edk2, "ipxe.efi"), edk2.fetch("ipxe.efi"))
    assert tell(chain, turn()).outcome == "in-progress", "one newer iPXE is a chain that works"
    assert tell(chain, turn(), turn()).outcome == "failed"


def test_a_script_of_the_same_name_is_no_loop() -> None:
    chain = together(leased(edk2, "boot"), edk2.fetch("boot"))
    script = b"#!ipxe\nchain http://10.77.0.1/menu\n"
    told = tell(chain, turn("boot", script), turn("boot", script), turn("boot", script))
    assert told.outcome == "in-progress"
    assert not loops(told.boot.stages)


def test_different_files_are_no_loop() -> None:
    chain = together(leased(edk2, "ipxe.efi"), edk2.fetch("ipxe.efi"))
    assert tell(chain, turn("a.efi"), turn("b.efi"), turn("c.efi")).outcome == "in-progress"


# The local disk (B-26)


@pytest.mark.parametrize(
    "text", [b"DEFAULT local\nLABEL local\n  LOCALBOOT 0\n", b"default x\nlabel x\n\tlocalboot -1"]
)
def test_a_configuration_that_only_leaves_hands_over_to_the_disk(text: bytes) -> None:
    told = tell(configured(text))
    assert told.outcome == "in-progress"
    assert told.after(9.9).outcome == "in-progress"
    assert told.after(10.1).outcome == "local"


def test_grub_and_ipxe_leave_with_exit() -> None:
    begun = together(leased(edk2), edk2.fetch("boot.0"))
    assert tell(begun, grub.fetch("/grub/grub.cfg", content=b"exit\n"), until=20).outcome == "local"
    script = ipxe_rom.fetch("menu.ipxe", content=b"#!ipxe\nexit\n")
    assert tell(leased(ipxe_rom, "menu.ipxe"), script, until=20).outcome == "local"


def test_a_menu_that_also_boots_is_not_left() -> None:
    assert tell(configured(b"LABEL a\nKERNEL vmlinuz\nLABEL b\nLOCALBOOT 0\n"), until=20).outcome == "in-progress"


def test_the_item_of_a_menu_that_means_the_disk() -> None:
    prompt = b"\x0a\x04\x05PXE\xff"
    told = tell(leased(ipxe, "", options=[(60, b"PXEClient"), (43, MENU_WITH_DISK + prompt)]), edk2.arp("10.77.0.1"))
    assert told.after(18.9).outcome != "local", "five seconds of prompt, then the disk"
    assert told.after(25).outcome == "local"


def test_a_menu_that_waits_for_a_key_is_not_left() -> None:
    wait = MENU_WITH_DISK + b"\x0a\x04\xffPXE\xff"
    told = tell(leased(ipxe, "", options=[(60, b"PXEClient"), (43, wait)]), edk2.arp("10.77.0.1"))
    assert told.after(60).outcome == "stalled"


def test_a_menu_item_means_nothing_without_an_ack() -> None:
    """The item's mere presence says nothing: here no REQUEST was ever answered."""
    menu = [(60, b"PXEClient"), (43, MENU_WITH_DISK + b"\x0a\x04\x00PXE\xff")]
    told = tell(intel.discover(at=0), dnsmasq.offer(options=menu), intel.discover(at=4), dnsmasq.offer(options=menu))
    assert told.after(40).outcome != "local"


def test_a_menu_whose_item_was_asked_for_is_not_left() -> None:
    menu = [(60, b"PXEClient"), (43, MENU_WITH_DISK + b"\x0a\x04\x00PXE\xff")]
    told = tell(leased(ipxe, "", options=menu), ipxe.ask_proxy(dnsmasq, item=b"\0\0\0\0"), dnsmasq.proxy_ack())
    assert told.after(60).outcome != "local"


def test_a_system_after_the_disk_is_no_boot_over_the_network() -> None:
    told = tell(configured(b"LABEL a\nLOCALBOOT 0\n"), linux.afresh(at=40), dnsmasq.offer(), linux.request(), until=60)
    assert told.outcome == "local"


# A system that the boot did not load

SPEAKS = together(linux.afresh(at=60), dnsmasq.offer(), linux.request(), dnsmasq.ack())


def then_disk(*steps: Step) -> Told:
    return tell(*steps, SPEAKS, until=70)


def uefi(file: str = "grubx64.efi", content: bytes = b"") -> Step:
    return together(leased(edk2, file), edk2.fetch(file, content=content))


def bios(file: str = "pxelinux.0", content: bytes = b"") -> Step:
    return together(leased(intel, file), intel.fetch(file, content=content))


SEARCHED = together(pxelinux.fetch("ldlinux.c32"), pxelinux.missing("pxelinux.cfg/default"))
CONFIGURED = grub.fetch("/grub/grub.cfg", content=b"linux /vmlinuz\ninitrd /initrd.img\n")


@pytest.mark.parametrize(
    "loaded",
    [
        together(uefi(), CONFIGURED, grub.fetch("/vmlinuz")),
        uefi("linux-6.1-uki.efi"),
        uefi("f00d", pe(0x8664)),
        bios("memtest.0"),
        together(uefi("ipxe.efi"), ipxe.afresh(at=6), ipxe.fetch("bigger", content=bytes(1 << 20))),
    ],
    ids=["kernel", "kernel as a program", "PE", "BIOS program", "large payload"],
)
def test_a_system_speaks_that_was_loaded(loaded: Step) -> None:
    told = then_disk(loaded)
    assert told.outcome == "booted"
    assert system_of_the_disk(told.boot) is None
    assert kinds(told.boot)[-1] == "os"


@pytest.mark.parametrize(
    "loaded",
    [
        uefi(),
        uefi("shimx64.efi"),
        bios("undionly.kpxe"),
        bios("x", pe(0x8664)),
        together(bios(), SEARCHED),
        together(bios("boot.0"), SEARCHED),
        together(uefi(), CONFIGURED, grub.missing("/vmlinuz")),
        together(uefi(), CONFIGURED, grub.fetch("/vmlinuz"), grub.missing("/initrd.img")),
        together(uefi(), CONFIGURED, grub.rrq("/vmlinuz")),
        together(uefi(), CONFIGURED),
        together(uefi("linux.efi"), edk2_http.afresh(at=20)),
    ],
    ids=["GRUB alone", "shim alone", "iPXE alone", "PE on a BIOS", "no configuration", "a loader by any name",
         "no kernel", "no initrd", "silence for the kernel", "kernel never asked for", "another method since"],
)  # fmt: skip
def test_the_disks_system_speaks_after_a_failure(loaded: Step) -> None:
    boot = then_disk(loaded).boot
    assert str(boot.outcome) == "failed"
    assert system_of_the_disk(boot) is boot.stages[-1]
    assert [stage for attempt in boot.attempts for stage in attempt.stages] == list(boot.stages[:-1])
    assert boot.attempts[-1].followed


def test_a_menu_before_the_disks_system_was_left_by_choice() -> None:
    menu = b"menuentry 'Linux' {\n linux /vmlinuz\n}\nmenuentry 'Disk' {\n exit\n}\n"
    told = then_disk(uefi(), grub.fetch("/grub/grub.cfg", content=menu))
    assert told.outcome == "local"
    assert system_of_the_disk(told.boot) is not None


def test_the_program_that_sends_a_machine_to_its_disk() -> None:
    told = tell(bios("SMSBoot\\x64\\abortpxe.com"), until=20)
    assert told.outcome == "local"
    assert then_disk(bios("SMSBoot\\x64\\abortpxe.com")).outcome == "local"


# A disk on the network


def test_a_root_path_of_iscsi_asks_for_no_file() -> None:
    san = [(17, b"iscsi:10.77.0.9::::iqn.2026-01.test:disk")]
    told = tell(leased(ipxe_rom, "", options=san), edk2.arp("10.77.0.1"))
    assert told.after(60).outcome == "in-progress"
    assert (
        tell(leased(ipxe_rom, "", options=[(17, b"/nfs/root")]), edk2.arp("10.77.0.1"), until=60).outcome == "stalled"
    )


def test_the_system_of_a_disk_on_the_network_has_booted() -> None:
    begun = together(ipxe.afresh(at=6), dnsmasq.offer(file=""), ipxe.request(at=9))
    san = together(begun, dnsmasq.ack(options=[(17, b"iscsi:10.77.0.9::::iqn.2026-01.test:disk")]))
    assert then_disk(uefi("ipxe.efi"), san).outcome == "booted"
    assert then_disk(uefi("ipxe.efi"), begun, dnsmasq.ack()).outcome == "failed"
