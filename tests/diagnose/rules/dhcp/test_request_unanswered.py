"""The client takes an offer, and the server says nothing more."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import changed, tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, ipxe_rom, kea, u_boot
from tests.track.scene import Step

ID = "request-unanswered"


def requests(machine: Machine, *times: float) -> Step:
    return together(*(machine.request(at=time) for time in times))


def test_uefi_repeats_its_request_through_its_schedule() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), requests(edk2, 3.9, 7.9, 15.9, 31.9))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.frames(ID) == [3, 4, 5, 6, 2]
    assert verdict.finding(ID).screen == ("PXE-E16: No valid offer received",)


def test_u_boot_starts_over_with_discover() -> None:
    rounds = [
        step for at in (0, 5.1, 10.2, 15.3)
        for step in (u_boot.discover(at=at), dnsmasq.offer(file="x.img"), u_boot.request())
    ]  # fmt: skip
    verdict = diagnose(tell(*rounds, until=60))
    assert (verdict.outcome, verdict.primary, verdict.frames(ID)[:4]) == ("failed", ID, [3, 6, 9, 12])


def test_two_requests_are_a_stall() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), requests(edk2, 3.9, 7.9))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("stalled", ID)


def test_the_server_is_busy_and_answers_in_a_burst() -> None:
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(file="x.0"), requests(ipxe_rom, 3, 3.25, 3.8, 4.85), dnsmasq.ack(at=6),
        dnsmasq.ack(), dnsmasq.ack(), ipxe_rom.missing("x.0", at=16),
    )  # fmt: skip
    assert diagnose(told).ids == ["tftp-file-not-found"]


def test_another_server_confirms_what_it_never_offered() -> None:
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(file="x.0"), ipxe_rom.request(at=3),
        kea.ack(gives="10.77.0.130", file="x.0"), requests(ipxe_rom, 3.25, 3.8, 4.85, 6.9, 11), until=60,
    )  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "strong")
    assert "Another server, 10.77.0.2, did answer." in verdict.finding(ID).explanation


def test_the_offer_names_another_server_than_it_came_from() -> None:
    offer = changed(dnsmasq.offer(file="x.efi"), source="10.77.0.9")
    told = tell(edk2.discover(at=0), offer, requests(edk2, 3.9, 7.9, 15.9, 31.9))
    text = diagnose(told).finding(ID).explanation
    assert "The offer came from 10.77.0.9 but names 10.77.0.1 as its server (option 54)." in text


def test_the_acks_pass_this_capture_point_by() -> None:
    told = tell(ipxe_rom.discover(at=0), ipxe_rom.request(at=3), ipxe_rom.missing("x.0", at=16))
    assert ID not in diagnose(told).all_ids


def test_the_recording(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fk5_bios_noack.pcap")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID) == [14, 15, 17, 19, 20, 22, 12]
