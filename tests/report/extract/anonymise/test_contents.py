"""What stays of a file is enough to tell what it is, and no more."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pxedebug.report.extract.anonymise.contents import cover, kept_of
from pxedebug.track.story import Transfer, TransferStatus
from pxedebug.wire.bootprogram import HEAD_BYTES, Program, identify
from tests.report.extract.anonymise.parts import names
from tests.wire.bootprogram.images import bzimage, pe

KEPT_HEAD = 4096
"""Bytes of a file's beginning that a story holds."""
SECRET = b"secret words of a site" * 10
FILES = {
    "EFI program": pe() + SECRET,
    "shim, told by a string far inside": pe() + bytes(8000) + b"UEFI SHIM" + SECRET,
    "signed GRUB": pe(certificates=(5000, 800)) + bytes(5000) + b"GRUB" + SECRET,
    "kernel": bzimage() + SECRET,
    "memtest": bzimage(version=b"Memtest86+ v6.10\0") + SECRET,
    "kernel with an EFI stub": bzimage(start=pe()) + SECRET,
    "PXELINUX": b"\xea\x24\x7c\0" + bytes(9000) + b"\r\nPXELINUX 6.04 PXE 20200816 Copyright\0" + SECRET,
    "iPXE for BIOS": b"\xea\x24\x7c\0" + bytes(60) + b"PXE->EB" + SECRET,
    "boot sector": b"\xeb\x3c" + bytes(508) + b"\x55\xaa" + SECRET,
    "option ROM": b"\x55\xaa\x40" + SECRET * 4,
    "gzip with a name": b"\x1f\x8b\x08\0" + bytes(6) + SECRET,
    "xz": b"\xfd7zXZ\0" + SECRET,
    "cpio": b"070701" + b"0" * 104 + b"etc\0\1\2" + SECRET,
    "WIM": b"MSWIM\0\0\0" + bytes(200) + SECRET,
    "squashfs": b"hsqs" + bytes(36) + (9999).to_bytes(8, "little") + bytes(60) + SECRET,
    "ELF": b"\x7fELF\1\1\1" + bytes(9) + b"\2\0\3\0" + SECRET + b"\0",
    "FIT": b"\xd0\x0d\xfe\xed" + (4000).to_bytes(4) + bytes(50) + b"images\0timestamp\0" + SECRET,
    "U-Boot image": b"\x27\x05\x19\x56" + bytes(24) + b"\5\x16\2\0" + bytes(32) + SECRET,
    "script": b"#!ipxe\nkernel http://10.0.0.1/vmlinuz quiet\nboot\n" + b"# acme berlin\n" * 900,
    "menu": b"default acme\nlabel acme\n  kernel vmlinuz\n  append initrd=initrd.img\n",
    "web page": b"<!DOCTYPE html><html><body>Acme</body></html>",
    "Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n",
    "nothing known": b"\3\4\5\6" * 9 + SECRET,
}  # fmt: skip


def transfer(content: bytes, program: Program) -> Transfer:
    return Transfer(
        "tftp", "read", b"x", ip_address("10.0.0.1"), ip_address("10.0.0.2"), 2070, 40000, 1, 9, 0, 1,
        TransferStatus.COMPLETE, len(content), None, 1, 512, None, 0, 0, False, (1,), content_type=program.type,
        content_detail=program.detail, head=content[:KEPT_HEAD],
    )  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_still_told_what_it_is(name: str) -> None:
    content = FILES[name]
    old = identify(content)
    made = cover(kept_of(transfer(content, old), names()), 0, len(content))
    assert len(made) == len(content)
    assert identify(made[:HEAD_BYTES])[:1] + identify(made)[2:] == old[:1] + old[2:]
    if "kernel" not in name and "U-Boot" not in name:
        assert identify(made).detail == old.detail
    assert SECRET[:10] not in made
    assert b"acme" not in made.lower()


def test_a_kernel_s_version_stays_without_the_words_of_a_site() -> None:
    content = bzimage(version=b"6.1.0-50-amd64-acme (x@y)\0")
    made = cover(kept_of(transfer(content, identify(content)), names()), 0, len(content))
    assert identify(made).detail.startswith("Linux kernel 6.1.0-50-amd64-")
    assert "acme" not in identify(made).detail


def test_pieces_fall_where_they_belong() -> None:
    pieces = ((2, b"abc"), (9, b"z"))
    assert b"".join(cover(pieces, at, 3) for at in range(0, 12, 3)) == b"\0\0abc\0\0\0\0z\0\0"
    assert cover(pieces, -1, 4) == b"\0\0\0a"
