"""What was loaded and what that means: a system, the same loader again, or the local disk."""

from __future__ import annotations

import pytest

from pxedebug.track.loaded import booted, loops, role
from pxedebug.track.story import Transfer, TransferStatus
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, grub, intel, ipxe, ipxe_rom, linux, pxelinux
from tests.track.scene import Step

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
