"""One machine takes several addresses on its way."""

from __future__ import annotations

from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, grub, linux
from tests.track.scene import Step

ID = "identity-change-between-stages"


def loaded() -> Step:
    boot = (edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack(), edk2.fetch("x.efi"))
    return together(*boot, grub.fetch("/vmlinuz"), grub.fetch("/initrd.img"))


def system(address: str) -> Step:
    return together(
        linux.afresh(at=20), dnsmasq.offer(gives=address), linux.request(), dnsmasq.ack(gives=address)
    )  # fmt: skip


def test_the_system_gets_another_address() -> None:
    verdict = diagnose(tell(loaded(), system("10.77.0.140")))
    assert (verdict.outcome, verdict.ids) == ("booted", [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    finding = verdict.finding(ID)
    assert finding.says == "the machine has the address 10.77.0.130 as firmware and 10.77.0.140 as os"
    assert "changes from no client identifier to ff:00" in finding.explanation
    assert len(verdict.frames(ID)) == 4


def test_the_address_stays() -> None:
    assert ID not in diagnose(tell(loaded(), system("10.77.0.130"))).all_ids


def test_a_released_lease_may_change() -> None:
    verdict = diagnose(tell(loaded(), grub.release(dnsmasq, at=19), system("10.77.0.140")))
    assert verdict.ids == []
