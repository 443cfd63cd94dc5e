"""The DHCP server refuses the address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, edk2_http, ipxe_rom, kea, u_boot
from tests.track.scene import Scene, Step

ID = "dhcp-nak"


def refused(machine: Machine, at: float, *, wait: float) -> Step:
    offered = (machine.discover(at=at), dnsmasq.offer(file="x.efi"))
    return together(*offered, machine.request(at=at + wait), dnsmasq.nak())


def test_uefi_goes_on_after_the_first_nak() -> None:
    told = tell(refused(edk2, 0, wait=3.9), edk2_http.afresh(at=4), until=6)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [4, 3]
    assert verdict.finding(ID).says == "the DHCP server 10.77.0.1 refuses the address 10.77.0.130 with a NAK"


def test_u_boot_starts_over_and_is_refused_again() -> None:
    verdict = diagnose(tell(refused(u_boot, 0, wait=0.1), refused(u_boot, 5, wait=0.1), until=40))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("failed", ID, "fatal")
    assert verdict.frames(ID) == [8, 7, 3, 4]


def test_a_nak_of_another_server_beside_the_ack() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack(), kea.nak(),
        edk2.missing("x.efi"),
    )  # fmt: skip
    verdict = diagnose(told)
    assert verdict.primary == "tftp-file-not-found"
    assert verdict.severity(ID) == "warning"
    assert verdict.finding(ID).says.endswith("though the client took the offer of 10.77.0.1")


def test_a_nak_of_another_server_and_no_ack() -> None:
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(file="x.efi"), ipxe_rom.request(at=3), kea.nak(), until=60,
    )  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.primary, verdict.severity(ID)) == (ID, "error")


def test_an_old_lease_is_refused_and_a_new_one_given() -> None:
    told = tell(
        edk2.request(at=0, address="10.77.0.77", bare=True), dnsmasq.nak(), edk2.discover(at=1),
        dnsmasq.offer(file="x.efi"), edk2.request(at=5), dnsmasq.ack(), edk2.missing("x.efi"),
    )  # fmt: skip
    verdict = diagnose(told)
    assert verdict.primary == "tftp-file-not-found"
    assert ID not in verdict.all_ids


def test_the_client_gets_over_one_nak() -> None:
    told = tell(refused(u_boot, 0, wait=0.1), u_boot.discover(at=1), dnsmasq.offer(file="x.efi"), u_boot.request(),
                dnsmasq.ack(), u_boot.missing("x.efi"))  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_the_recording(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fk2_bios_nak.pcap")
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("failed", ID, "fatal")
    assert verdict.frames(ID)[:2] == [28, 27]
    assert "with a NAK 6 times" in verdict.finding(ID).says


def test_a_nak_without_a_name_is_the_chosen_servers() -> None:
    def bare(scene: Scene) -> None:
        dnsmasq.nak()(scene)
        wire = scene.wires[-1]
        scene.wires[-1] = replace(wire, source="10.77.0.254", payload=wire.payload.replace(b"\x36\x04\n\x4d\0\1", b""))

    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), bare, edk2_http.afresh(at=4))
    verdict = diagnose(told)
    assert (verdict.primary, verdict.severity(ID)) == (ID, "fatal")
    assert verdict.finding(ID).says.startswith("the DHCP server 10.77.0.1 refuses")
