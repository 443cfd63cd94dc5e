"""No DHCP server answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.dhcp_scenes import EDK2_TRIES, IPXE_TRIES, U_BOOT_TRIES, asks, leased, upstream
from tests.diagnose.verdict import diagnose, of_capture, verdicts
from tests.track.conversation import mirrored, tell, unseen
from tests.track.machines import Machine
from tests.track.programs import (
    UUID,
    dnsmasq,
    edk2,
    edk2_http,
    grub,
    http6,
    intel,
    ipxe,
    ipxe_rom,
    kea,
    linux,
    plain,
    pxe6,
    raspberry,
    u_boot,
)

ID = "no-dhcp-offer"
OTHER_MAC = "52:54:00:77:00:99"


@pytest.mark.parametrize(
    ("machine", "times"),
    [
        (edk2, EDK2_TRIES),
        (intel, EDK2_TRIES),
        (ipxe_rom, IPXE_TRIES),
        (u_boot, U_BOOT_TRIES),
        (edk2_http, EDK2_TRIES),
        (raspberry, (0, 5, 10, 15)),
    ],
    ids=["edk2", "intel", "ipxe-rom", "u-boot", "edk2-http", "raspberry-pi"],
)
def test_all_tries_of_a_program_stay_unanswered(machine: Machine, times: tuple[float, ...]) -> None:
    verdict = diagnose(tell(asks(machine, *times)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "inferred")
    shown = range(1, len(times) + 1) if len(times) <= 8 else (*range(1, 8), len(times))
    assert verdict.frames(ID) == list(shown)


def test_the_client_itself_is_no_other_client() -> None:
    """It was served before: by whom, and how long ago, is what to look at."""
    told = tell(leased(edk2, dnsmasq, 0), edk2.fetch("grubx64.efi"), asks(edk2, *(3600 + at for at in EDK2_TRIES)))
    finding = verdicts(told.after(3700))[-1].finding(ID)
    assert "10.77.0.1 answered this client 59 min 56 s earlier." in finding.explanation
    assert "other clients" not in finding.explanation
    assert "No DHCP server" not in finding.explanation


def test_the_client_is_answered_when_it_tries_again() -> None:
    told = tell(asks(edk2, *EDK2_TRIES), leased(edk2, dnsmasq, 300), edk2.fetch("grubx64.efi"))
    finding = verdicts(told.after(400))[0].finding(ID)
    assert "10.77.0.1 answered this client 5 min 0 s later." in finding.explanation
    assert "No DHCP server" not in finding.explanation


def test_a_request_of_another_client_names_a_server() -> None:
    """Its OFFER was unicast and is not in the capture."""
    other = edk2.on(OTHER_MAC)
    told = tell(other.discover(at=0), unseen(dnsmasq.offer()), other.request(at=4), asks(edk2, *EDK2_TRIES))
    finding = next(v for v in verdicts(told) if v.judged.boot.client.mac == edk2.mac).finding(ID)
    assert "DHCP servers that answered other clients in this capture: 10.77.0.1." in finding.explanation


def test_the_words_say_how_often_and_how_long() -> None:
    finding = diagnose(tell(asks(edk2, *EDK2_TRIES))).finding(ID)
    assert finding.says == "nobody answered 4 DISCOVERs in 28 s"
    assert "No DHCP server gave anybody an address in this capture." in finding.explanation
    assert finding.screen == ("PXE-E18: Server response timeout",)
    assert finding.next_measurement is not None


def test_a_program_that_takes_unicast_offers_may_have_had_one_beside_this_capture_point() -> None:
    finding = diagnose(tell(asks(ipxe_rom, *IPXE_TRIES))).finding(ID)
    assert finding.says == "no usable offer reached the client: it sent 4 DISCOVERs in 7.1 s and never a REQUEST"


def test_two_tries_are_a_stall_that_says_so() -> None:
    verdict = diagnose(tell(asks(edk2, 0, 3.9)))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("stalled", ID, "error")


def test_one_try_says_nothing_yet() -> None:
    verdict = diagnose(tell(edk2.discover(at=0), until=3))
    assert (verdict.outcome, verdict.all_ids) == ("in-progress", [])


def test_one_try_and_a_long_silence() -> None:
    verdict = diagnose(tell(edk2.discover(at=0), until=70))
    assert (verdict.primary, verdict.severity(ID)) == (ID, "error")
    assert verdict.finding(ID).says == "nobody answered its only DISCOVER"


def test_an_unknown_program_over_bootp() -> None:
    tries = [plain.bootp(at=time, file=b"boot.bin") for time in (0, 5, 11)]
    verdict = diagnose(tell(*tries))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says.endswith("3 BOOTP requests in 11 s and never a REQUEST")


def test_the_fourth_try_is_answered() -> None:
    story = tell(asks(edk2, *EDK2_TRIES), dnsmasq.offer(at=30.9, file="x.efi"), edk2.request(at=59.9), dnsmasq.ack())
    verdict = diagnose(story)
    assert ID not in verdict.all_ids


def test_a_request_shows_that_an_offer_came_though_it_was_not_seen() -> None:
    hidden = unseen(dnsmasq.offer(file="x.efi"))
    verdict = diagnose(tell(asks(ipxe_rom, 0, 1), hidden, ipxe_rom.request(at=3), until=60))
    assert ID not in verdict.all_ids


def test_firmware_walks_all_its_entries_without_an_answer() -> None:
    walk = (
        asks(edk2, *EDK2_TRIES),
        pxe6.solicit(at=60),
        asks(edk2_http, *EDK2_TRIES, after=120),
        http6.solicit(at=181),
    )
    verdict = diagnose(tell(*walk))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID)[0] == 1


def test_the_http_entry_is_unanswered_and_pxe_works() -> None:
    pxe = (edk2.afresh(at=60), dnsmasq.offer(file="x.efi"), edk2.request(at=64), dnsmasq.ack(), edk2.fetch("x.efi"))
    verdict = diagnose(tell(asks(edk2_http, *EDK2_TRIES), *pxe, grub.fetch("/vmlinuz"), grub.fetch("/initrd.img")))
    assert (verdict.outcome, verdict.ids) == ("booted", [])
    assert verdict.severity(ID) == "info"


def test_a_mirror_that_shows_each_frame_twice() -> None:
    verdict = diagnose(tell(mirrored(asks(edk2, *EDK2_TRIES))))
    assert (verdict.primary, verdict.frames(ID)) == (ID, [1, 3, 5, 7])


def test_relayed_discovers_that_no_server_answers() -> None:
    verdict = diagnose(tell(*(upstream(edk2.discover(at=time), dnsmasq) for time in EDK2_TRIES)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says == "nobody answered 4 DISCOVERs in 28 s"


def test_another_client_is_answered_only_much_later() -> None:
    late = linux.on(OTHER_MAC)
    story = tell(asks(edk2, *EDK2_TRIES), late.discover(at=300), kea.offer(), late.request(), kea.ack())
    verdict = verdicts(story)[0]
    assert verdict.primary == ID
    assert "10.77.0.2" in verdict.finding(ID).explanation


def test_firmware_tries_an_unused_port_first() -> None:
    unused, port = edk2.with_uuid(UUID), edk2.with_uuid(UUID).on(OTHER_MAC)
    system = (grub.on(OTHER_MAC).fetch("/vmlinuz"), grub.on(OTHER_MAC).fetch("/initrd.img"))
    told = tell(asks(unused, *EDK2_TRIES), leased(port, dnsmasq, 60, file="x.efi"), port.fetch("x.efi"), *system)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_a_second_stage_without_an_answer_is_told_by_its_own_name() -> None:
    loaded = (leased(edk2, dnsmasq, 0, file="snponly.efi"), edk2.fetch("snponly.efi", at=5))
    verdict = diagnose(tell(*loaded, asks(ipxe, *IPXE_TRIES, after=8)))
    assert ID not in verdict.all_ids


def test_a_boot_that_works(lab_captures: Path) -> None:
    for verdict in of_capture(lab_captures / "fl4_ovmf_drop20s_ok.pcap"):
        assert ID not in verdict.ids


@pytest.mark.parametrize("name", ["fa1_bios_nodhcp", "fa2_ovmf_nodhcp"])
def test_recordings(name: str, lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / f"{name}.pcap")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID)[:4] == [6, 10, 13, 15]
