"""Files of the wrong size."""

from __future__ import annotations

import struct

from tests.diagnose.tftp_scenes import blocks, data, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2, edk2_http

ID = "tftp-size-mismatch"


def efi_program(size: int, declared: int) -> bytes:
    """An x64 EFI image of `size` bytes whose only section ends at `declared`."""
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    optional = struct.pack("<H", 0x20B) + bytes(58) + struct.pack("<II", 512, 0) + struct.pack("<H", 10) + bytes(38)
    optional += struct.pack("<I", 16) + bytes(128)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional), 0x22E)
    section = b".text\0\0\0" + struct.pack("<IIII", declared - 512, 4096, declared - 512, 512) + bytes(16)
    return (head + coff + optional + section).ljust(size, b"\x90")


def test_the_file_is_shorter_than_its_header_says() -> None:
    body = efi_program(6000, 9216)
    verdict = diagnose(tell(led("x.efi"), edk2.fetch("x.efi", 4, content=body), edk2_http.discover(4.5)))
    assert verdict.primary == ID
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert "its own header tells of 9,216 bytes, it has 6,000" in verdict.finding(ID).says


def test_a_complete_program_is_as_long_as_it_says() -> None:
    body = efi_program(9216, 9216)
    verdict = diagnose(tell(led("x.efi"), edk2.fetch("x.efi", 4, content=body), edk2_http.discover(4.5)))
    assert ID not in verdict.all_ids


def test_fewer_bytes_came_than_were_announced() -> None:
    answered = together(oack(tsize=9000, blksize=1468), edk2.acknowledge(0), blocks(edk2, 1, 2, 1468))
    read = together(edk2.rrq("x.efi", 4), answered, data(3, 100), edk2.acknowledge(3))
    verdict = diagnose(tell(led("x.efi"), read, edk2_http.discover(4.5)))
    assert verdict.primary == ID
    assert verdict.finding(ID).says == "10.77.0.1 announced 9,000 bytes of `x.efi` and sent 3,036"
    assert verdict.frames(ID) == [12, 5]


def test_the_file_changed_after_the_probe() -> None:
    read = together(edk2.probe("x.efi", 4, size=5000), edk2.fetch("x.efi", probe=False))
    verdict = diagnose(tell(led("x.efi"), read, edk2_http.discover(4.5)))
    assert (verdict.primary, "announced 5,000 bytes" in verdict.finding(ID).says) == (ID, True)


def test_a_server_that_sends_the_requests_0_back_announces_nothing() -> None:
    answered = together(oack(tsize=0, blksize=1468), edk2.acknowledge(0), data(1, 100), edk2.acknowledge(1))
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), answered, edk2_http.discover(4.5)))
    assert ID not in verdict.all_ids


def test_a_program_as_text() -> None:
    body = efi_program(400, 9216)
    asked = edk2.rrq("x.efi", 4)
    as_text = together(asked, data(1, content=body), edk2.acknowledge(1))

    def netascii(scene: object) -> None:
        as_text(scene)  # type: ignore[arg-type]
        wires = scene.wires  # type: ignore[attr-defined]
        for wire in wires:
            if wire.target_port == 69:
                wire.payload = b"\0\1x.efi\0netascii\0"

    verdict = diagnose(tell(led("x.efi"), netascii, edk2_http.discover(4.5)))
    assert "as text (netascii)" in verdict.finding(ID).says


def test_a_read_without_announcement_proves_nothing() -> None:
    read = together(edk2.rrq("x.efi", 4), oack(blksize=1468), edk2.acknowledge(0), data(1, 9), edk2.acknowledge(1))
    assert ID not in diagnose(tell(led("x.efi"), read, edk2_http.discover(4.5))).all_ids
