"""The words that stay are those that the rest of the project reads."""

from __future__ import annotations

import re

from pxedebug.diagnose import tftp_facts
from pxedebug.report.extract.anonymise.vocabulary import HOST_WORDS, KNOWN_PARTS, VOCABULARY

NAMES = (
    "pxelinux.0", "lpxelinux.0", "undionly.kpxe", "ipxe.efi", "snponly.efi", "grubx64.efi", "shimx64.efi",
    "bootx64.efi",
    "pxelinux.cfg/default", "ldlinux.c32", "ldlinux.e64", "boot.scr.uimg", "autoexec.ipxe", "vmlinuz", "initrd.img",
    "wdsnbp.com", "abortpxe.com", "bootmgfw.efi", "boot.sdi", "bcd", "boot.wim", "start4.elf", "bootcode.bin",
    "kernel8.img", "revocations.efi", "grub.cfg", "extlinux.conf", "tispl.bin", "menu.c32", "mmx64.efi",
)  # fmt: skip


def test_names_of_loaders_stay_whole() -> None:
    words = {word for name in NAMES for word in re.findall("[a-z0-9]+", name)}
    assert {word for word in words if word not in VOCABULARY and word.rstrip("0123456789") not in VOCABULARY} == set()


def test_words_of_refusals_stay() -> None:
    said = " ".join(text.decode() for text in tftp_facts._DENIED)
    assert set(said.split()) <= VOCABULARY


def test_all_words_are_lower_case_letters_and_digits() -> None:
    odd = {word for word in VOCABULARY if not re.fullmatch("[a-z0-9_]+", word)}
    assert odd == set()
    assert all(word.islower() or word[0:1].isdigit() for word in (each.decode() for each in HOST_WORDS))


def test_parts_are_found_inside_longer_words() -> None:
    assert [match[0] for match in KNOWN_PARTS.finditer(b"acmekernelx64")] == [b"kernel", b"x64"]
