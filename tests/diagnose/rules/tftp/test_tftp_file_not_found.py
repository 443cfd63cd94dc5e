"""The server says that it has no such file."""

from __future__ import annotations

from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, intel, pxelinux
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


def test_names_of_a_search_that_finds_its_file_are_no_fault() -> None:
    begun = together(intel.discover(at=0), dnsmasq.offer(file="pxelinux.0"), intel.request(at=4), dnsmasq.ack())
    search = together(pxelinux.missing("pxelinux.cfg/0A4D0082"), pxelinux.fetch("pxelinux.cfg/default"))
    told = tell(begun, intel.fetch("pxelinux.0"), search, pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd.img"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids) == ("booted", [])
