"""Boot files without content."""

from __future__ import annotations

import pytest

from tests.diagnose.tftp_scenes import data, led, oack, stops
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http, ipxe, pxelinux

ID = "nbp-empty"


def test_uefi_sees_the_size_and_stops() -> None:
    probe = together(edk2.probe("x.efi", 4, size=0), edk2_http.discover(4.2))
    verdict = diagnose(tell(led("x.efi"), probe))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [6, 5]
    assert verdict.finding(ID).says == "the file `x.efi` on 10.77.0.1 has 0 bytes"


@pytest.mark.parametrize("acknowledged", [0, 1])
def test_ipxe_reads_an_empty_block(acknowledged: int) -> None:
    leased = together(ipxe.discover(at=0), dnsmasq.offer(file="x.efi"), ipxe.request(at=3), dnsmasq.ack())
    read = (ipxe.rrq("x.efi", 4), oack(blksize=1432, tsize=0), ipxe.acknowledge(0), data(1, 0))
    verdict = diagnose(tell(leased, *read, ipxe.acknowledge(acknowledged)))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])


def test_a_pointer_in_place_of_the_file() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    verdict = diagnose(tell(led("x.efi"), edk2.fetch("x.efi", 4, content=pointer), edk2_http.discover(9)))
    assert "git-lfs pointer" in verdict.finding(ID).says


def test_an_empty_configuration_is_no_empty_program() -> None:
    empty = together(pxelinux.rrq("menu.cfg"), oack(tsize=0, blksize=1408), pxelinux.acknowledge(0), data(1, 0))
    told = tell(led("x.0"), edk2.fetch("x.0", 4), empty, pxelinux.acknowledge(1), pxelinux.fetch("vmlinuz"))
    assert ID not in diagnose(told).all_ids


def test_a_probe_that_was_refused_is_not_empty() -> None:
    asked = edk2.saying(read_options=edk2.probe_options).rrq("x.efi", 4)
    told = tell(led("x.efi"), asked, oack(blksize=1468), stops(edk2, 8, "User aborted the transfer"))
    assert ID not in diagnose(told).all_ids
