"""Names of boot files: what they are for, whose search they belong to, which may be missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.firmware.file_names import (
    artifact,
    base_name,
    config_search,
    is_boot_name,
    is_last_config,
    module_search,
    optional_file,
)

KINDS = {
    "boot-program": """pxelinux.0 undionly.kpxe ipxe.pxe ipxe.efi snponly.efi shimx64.efi grubx64.efi
        EFI/Boot/bootx64.efi lpxelinux.0 wdsnbp.com pxeboot.n12 bootmgr.exe u-boot.img u-boot-spl.bin
        bootcode.bin start4.elf""",
    "kernel": """vmlinuz vmlinuz-6.1.0-18-amd64 linux bzImage kernel debian.vmlinuz Image zImage wimboot memdisk
        memtest86+x64.bin kernel8.img ipxe.lkrn uImage""",
    "initrd": """initrd.gz initrd.img initramfs-6.1.img debian-initrd.gz root.cpio root.cpio.xz rootfs.squashfs
        core.img""",
    "wim": r"""boot.wim \Boot\x64\Images\boot.wim""",
    "ramdisk": r"""\Boot\boot.sdi \Boot\BCD \Tmp\x64uefi{1D2E}.bcd""",
    "dtb": """bcm2711-rpi-4-b.dtb overlays/vc4.dtbo fixup4.dat""",
    "config": """pxelinux.cfg/default nc/pxelinux.cfg/0A4D grub/grub.cfg boot.ipxe boot.scr extlinux/extlinux.conf
        preseed.cfg ks.cfg user-data autounattend.xml pxelinux.cfg/menus/linux.cfg config.txt""",
    "module": """ldlinux.c32 vesamenu.c32 x86_64-efi/normal.mod x86_64-efi/command.lst""",
}


@pytest.mark.parametrize(("kind", "names"), KINDS.items())
def test_what_a_file_is_for(kind: str, names: str) -> None:
    assert {name: artifact(name.encode()) for name in names.split()} == dict.fromkeys(names.split(), kind)


@pytest.mark.parametrize("name", [b"", b"/", b"readme.txt", b"router.bin", b"image-9.2.bin", b"a.efi/", b"\xff\xfe"])
def test_other_names_say_nothing(name: bytes) -> None:
    assert artifact(name) is None


def test_slashes_case_and_url_queries_do_not_matter() -> None:
    assert artifact(b"\\EFI\\BOOT\\BOOTX64.EFI") == "boot-program"
    assert artifact(b"http://10.0.0.5/debian/vmlinuz?serial=42#top") == "kernel"
    assert base_name(b"http://10.0.0.5/Boot/BCD?x=/y") == b"bcd"


@pytest.mark.parametrize(
    ("name", "loader"),
    [
        (b"pxelinux.cfg/01-52-54-00-77-00-10", "pxelinux"),
        (b"nc/pxelinux.cfg/b8945908-d6a6-41a9-611d-74a6ab80b83d", "pxelinux"),
        (b"pxelinux.cfg/0A4D0073", "pxelinux"),
        (b"pxelinux.cfg/0", "pxelinux"),
        (b"pxelinux.cfg/default-arm-qemu", "pxelinux"),
        (b"/grub/grub.cfg-01-52-54-00-77-00-20", "grub"),
        (b"grub.cfg-0A4D", "grub"),
        (b"/boot/grub/grub.cfg", "grub"),
        (b"autoexec.ipxe", "ipxe"),
        (b"MAC-525400770010.ipxe", "ipxe"),
        (b"extlinux/extlinux.conf", "u-boot"),
        (b"boot.scr.uimg", "u-boot"),
        (b"pxelinux.cfg/menu.cfg", None),
        (b"notpxelinux.cfg/0A", None),
        (b"boot.ipxe", None),
        (b"default", None),
    ],
)
def test_searches(name: bytes, loader: str | None) -> None:
    assert config_search(name) == loader


def test_only_the_end_of_a_search_counts_as_missing() -> None:
    assert is_last_config(b"nc/pxelinux.cfg/default")
    assert is_last_config(b"/boot/grub/grub.cfg")
    assert not is_last_config(b"pxelinux.cfg/0A4D")
    assert not is_last_config(b"grub.cfg-0A4D")
    assert not is_last_config(b"default")


@pytest.mark.parametrize(
    "name",
    [b"autoexec.ipxe", b"HOSTNAME-node1.ipxe", b"local-vars.ipxe", b"/grub/x86_64-efi/fs.lst", b"tpm.mod",
     b"revocations_sbat.efi", b"shim_certificate.efi", b"/grub/fonts/unicode.pf2",
     b"\\Boot\\Fonts\\wgl4_boot.ttf", b"a1b2/recovery.elf",
     b"bootsig.bin"],
)  # fmt: skip
def test_files_that_may_be_missing(name: bytes) -> None:
    assert optional_file(name)


@pytest.mark.parametrize(
    "name", [b"boot.ipxe", b"grubx64.efi", b"ldlinux.c32", b"pxelinux.cfg/default", b"vmlinuz", b""]
)
def test_files_that_may_not(name: bytes) -> None:
    assert not optional_file(name)


def test_pxelinux_looks_for_its_module_in_several_folders() -> None:
    assert module_search(b"nc//boot/isolinux/ldlinux.c32")
    assert not module_search(b"vesamenu.c32")


@pytest.mark.parametrize(
    "name",
    [
        b"pxelinux.0",
        b"vmlinuz",
        b"\\Boot\\BCD",
        b"boot.ipxe",
        b"grub.cfg",
        b"ldlinux.c32",
        b"initrd.img",
        b"wdsnbp.com",
    ],
)
def test_names_that_only_boots_fetch(name: bytes) -> None:
    assert is_boot_name(name)


@pytest.mark.parametrize(
    "name",
    [b"startup.cfg", b"rfc1350.txt", b"c2900-universalk9.bin", b"GS748T_V3.1.4.hex", b"switch.img", b"kernel",
     b"preseed.cfg", b"user-data", b"linux-notes.txt", b"command.com", b"SEP001122334455.cnf.xml", b"1.txt"],
)  # fmt: skip
def test_names_that_prove_no_boot(name: bytes) -> None:
    assert not is_boot_name(name)


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_name(name: bytes) -> None:
    kind = artifact(name)
    assert kind in {None, "boot-program", "kernel", "initrd", "wim", "ramdisk", "dtb", "config", "module"}
    assert artifact(name.upper()) == kind
    assert config_search(name) in {None, "pxelinux", "grub", "ipxe", "u-boot"}
    assert not is_last_config(name) or config_search(name) is not None
    assert is_boot_name(name) <= (kind is not None)
    assert optional_file(name) in (True, False)
    assert module_search(name) in (True, False)
