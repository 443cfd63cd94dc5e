"""A perfect transfer of a program that the machine cannot run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose, of_capture, verdicts
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, edk2_http, intel, ipxe_rom, linux, u_boot
from tests.track.scene import Step
from tests.wire.bootprogram.images import bzimage, pe

ID = "arch-mismatch"
X64, X86, ARM64, EBC = 0x8664, 0x14C, 0xAA64, 0x0EBC
BIOS_PROGRAM = b"\xea\5\0\xc0\x07" + bytes(600) + b"PXELINUX 6.04 PXE" + bytes(100)
"""The beginning of pxelinux.0: a far jump, and the banner."""


def leased(client: Machine, file: str, at: float = 0) -> Step:
    return together(
        client.discover(at=at), dnsmasq.offer(file=file, at=at + 0.1), client.request(at=at + 4), dnsmasq.ack()
    )  # fmt: skip


def loaded(client: Machine, file: str, content: bytes, until: float = 60) -> Verdict:
    return diagnose(tell(leased(client, file), client.fetch(file, content=content), until=until))


def test_an_efi_program_for_a_bios() -> None:
    verdict = loaded(intel, "snponly.efi", pe())
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    says = "`snponly.efi` is an EFI program for x64, and the client is x86 BIOS, which cannot run it"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [8, 1, 4]


@pytest.mark.parametrize(
    ("client", "content"),
    [(edk2, pe(X86)), (edk2, pe(ARM64)), (edk2, BIOS_PROGRAM), (ipxe_rom, pe())],
    ids=["ia32 for x64", "arm64 for x64", "pxelinux for uefi", "efi for an ipxe rom"],
)
def test_the_content_decides_whatever_the_name(client: Machine, content: bytes) -> None:
    verdict = loaded(client, "boot.file", content)
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "certain")


@pytest.mark.parametrize(
    ("client", "file", "content"),
    [
        (edk2, "boot.0", pe()), (edk2, "x.efi", pe(EBC)), (intel, "memtest", bzimage(start=b"MZ")),
        (intel, "pxelinux.0", BIOS_PROGRAM), (ipxe_rom, "boot.ipxe", b"#!ipxe\nshell\n"),
        (ipxe_rom, "vmlinuz", bzimage(start=pe()[:0x1F0])), (u_boot, "x.efi", pe(ARM64)),
    ],
    ids=["good efi", "byte code", "memtest", "pxelinux", "script", "kernel with stub", "u-boot"],
)  # fmt: skip
def test_what_the_machine_can_run_is_no_mismatch(client: Machine, file: str, content: bytes) -> None:
    assert ID not in loaded(client, file, content).all_ids


def test_while_the_program_has_just_arrived_the_boot_is_not_failed() -> None:
    verdict = loaded(intel, "snponly.efi", pe(), until=4.5)
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


def test_firmware_that_goes_on_to_its_next_entry_gave_it_up() -> None:
    told = tell(leased(edk2, "boot.efi"), edk2.fetch("boot.efi", content=pe(ARM64)), edk2_http.afresh())
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_a_program_that_goes_on_works() -> None:
    told = tell(leased(edk2, "boot.0"), edk2.fetch("boot.0"), linux.afresh(at=20), until=30)
    assert ID not in diagnose(told).all_ids


def test_http_boot_takes_disk_images() -> None:
    server = replace(dnsmasq, vendor_class=b"HTTPClient")
    steps = together(
        edk2_http.discover(at=0), server.offer(file="http://10.77.0.1/disk.img"), edk2_http.request(at=4), server.ack()
    )
    disk = bytes(510) + b"\x55\xaa" + bytes(512)
    assert ID not in diagnose(tell(steps, edk2_http.http_get("/disk.img", body=disk), until=40)).all_ids
    (program,) = verdicts(tell(steps, edk2_http.http_get("/disk.img", body=pe(ARM64)), until=40))
    assert (program.primary, program.confidence(ID)) == (ID, "certain")


def test_several_architectures_one_fits() -> None:
    both = tuple((93, b"\0\6\0\7") if code == 93 else (code, value) for code, value in edk2.options)
    assert ID not in loaded(edk2.saying(options=both), "boot.efi", pe()).all_ids


@pytest.mark.parametrize(
    ("client", "file"),
    [(edk2, "undionly.kpxe"), (edk2, "boot/grubaa64.efi"), (intel, "ipxe.efi"), (edk2, "bootia32.efi")],
)
def test_by_the_name_alone_when_the_content_tells_nothing(client: Machine, file: str) -> None:
    again = verdicts(tell(leased(client, file), client.fetch(file), client.afresh(at=20)))[0]
    assert (again.outcome, again.primary, again.confidence(ID)) == ("failed", ID, "strong")
    silent = diagnose(tell(leased(client, file), client.fetch(file), until=60))
    assert (silent.outcome, silent.confidence(ID)) == ("in-progress", "inferred")
    missing = diagnose(tell(leased(client, file), client.missing(file)))
    assert missing.primary == "tftp-file-not-found"
    assert (missing.severity(ID), missing.confidence(ID)) == ("warning", "inferred")


@pytest.mark.parametrize("file", ["snponly.efi", "grubx64.efi", "x64/wdsmgfw.efi", "boot"])
def test_names_that_fit(file: str) -> None:
    assert ID not in diagnose(tell(leased(edk2, file), edk2.missing(file))).all_ids


def test_a_recorded_bios_that_got_an_efi_program(lab_captures: Path) -> None:
    capture = lab_captures / "fg1_bios_gets_efi.pcap"
    (verdict,) = of_capture(capture)
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "certain")
