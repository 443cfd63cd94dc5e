"""Addresses are offered, and nobody names a boot file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pxedebug.diagnose.rule import EXAMPLES, Remedy
from pxedebug.diagnose.rules.bootinfo.offer_without_boot_info import REMEDIES_FOR_IPXE
from tests.diagnose.bootinfo_scenes import dnsmasq, kea
from tests.diagnose.checkers import CHECKERS
from tests.diagnose.verdict import diagnose, of_capture, verdicts
from tests.track.conversation import Told, tell, together
from tests.track.programs import edk2, edk2_http, intel, ipxe, ipxe_rom, proxy, relay, u_boot
from tests.track.scene import Step

ID = "offer-without-boot-info"
FOUR = (0, 3.9, 11.9, 27.9)


def rounds(*times: float) -> Step:
    return together(*(step for at in times for step in (edk2.discover(at=at), dnsmasq.offer(at=at + 0.1))))


def test_uefi_never_requests_and_gives_up() -> None:
    verdict = diagnose(tell(rounds(*FOUR), until=61))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.frames(ID)[0] == 2
    assert verdict.finding(ID).says == "10.77.0.1 offers an address but no boot file, and no proxyDHCP server names one"
    assert any("PXE-E16" in screen for screen in verdict.finding(ID).screen)


def test_after_two_rounds_it_is_only_inferred() -> None:
    verdict = diagnose(tell(rounds(0, 3.9)))
    assert (verdict.outcome, verdict.primary) == ("stalled", ID)
    assert verdict.confidence(ID) == "inferred"


def test_after_the_first_offer_nothing_is_known_yet() -> None:
    assert diagnose(tell(rounds(0))).all_ids == []


def given(client: Step, request: Step) -> Step:
    return together(client, dnsmasq.offer(), request, dnsmasq.ack())


def test_a_rom_takes_the_address_and_stops() -> None:
    verdict = diagnose(tell(given(intel.discover(at=0), intel.request(at=4)), until=12))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.confidence(ID) == "strong"
    assert verdict.frames(ID) == [4, 2]


def test_a_relay_may_carry_a_proxy_that_this_side_never_sees() -> None:
    told = tell(
        intel.discover(at=0), relay.forward(dnsmasq), dnsmasq.offer(), intel.request(at=4),
        relay.forward(dnsmasq), dnsmasq.ack(), until=30,
    )  # fmt: skip
    verdict = diagnose(Told([wire for wire in told.wires if wire.source != "0.0.0.0"], until=30))
    assert verdict.confidence(ID) == "inferred"


def test_an_ipxe_rom_says_nothing_to_boot() -> None:
    verdict = diagnose(tell(given(ipxe_rom.discover(at=0), ipxe_rom.request(at=2)), until=10))
    assert verdict.primary == ID
    assert any("2d03e13b" in screen for screen in verdict.finding(ID).screen)


def test_ipxe_under_uefi_may_come_from_a_stick_with_a_script() -> None:
    told = tell(given(ipxe.discover(at=0), ipxe.request(at=2)))
    assert diagnose(told.after(12)).all_ids == []
    assert diagnose(told.after(30)).primary == ID


def test_right_after_the_ack_an_embedded_script_may_still_act() -> None:
    assert diagnose(tell(given(ipxe_rom.discover(at=0), ipxe_rom.request(at=2)), until=4)).all_ids == []


def chain_loaded(*servers: Step) -> Told:
    """iPXE is loaded from dnsmasq; it hears `servers` and takes the last offer."""
    firmware = together(edk2.discover(at=0), dnsmasq.offer(file="ipxe.efi"), edk2.request(at=4), dnsmasq.ack())
    return tell(firmware, edk2.fetch("ipxe.efi"), ipxe.afresh(at=6), *servers)


EMPTY = (dnsmasq.offer(file=""), ipxe.request(at=8), dnsmasq.ack(file=""))


def test_a_loaded_ipxe_may_have_a_script_of_its_own_until_its_time_is_over() -> None:
    told = chain_loaded(*EMPTY)
    assert diagnose(told.after(20)).all_ids == []
    verdict = diagnose(told.after(60))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "strong")


def test_a_loaded_ipxe_needs_a_rule_for_its_user_class() -> None:
    finding = diagnose(chain_loaded(*EMPTY).after(60)).finding(ID)
    assert finding.says == "10.77.0.1 named `ipxe.efi` to the firmware and nothing to iPXE"
    assert "user class iPXE" in finding.causes[0]
    assert finding.remedies[0].text == ("dhcp-userclass=set:ipxe,iPXE\ndhcp-boot=tag:ipxe,http://10.77.0.1/boot.ipxe")


def test_another_server_may_have_named_the_firmwares_file() -> None:
    told = chain_loaded(kea.offer(file=""), ipxe.request(at=8), kea.ack(file=""))
    says = diagnose(told.after(60)).finding(ID).says
    assert says == "10.77.0.1 named `ipxe.efi` to the firmware and 10.77.0.2 names nothing to iPXE"


@pytest.mark.parametrize("remedy", [r for r in REMEDIES_FOR_IPXE if r.product.checked], ids=str)
def test_the_programs_own_checkers_take_the_remedies_for_ipxe(remedy: Remedy, tmp_path: Path) -> None:
    assert CHECKERS[remedy.product](remedy.filled(EXAMPLES).text, tmp_path) == ""


def test_the_offer_that_was_taken_counts_though_another_names_a_file() -> None:
    told = chain_loaded(kea.offer(file="menu.ipxe"), *EMPTY)
    verdict = diagnose(told.after(60))
    assert (verdict.outcome, verdict.primary) == ("failed", "competing-dhcp-servers")
    assert verdict.finding("competing-dhcp-servers").says == (
        "2 DHCP servers answer this client: 10.77.0.2 and 10.77.0.1; it took the offer of 10.77.0.1, which names no "
        "boot file"
    )
    assert verdict.finding(ID).caused_by == "competing-dhcp-servers"


def test_the_rule_for_the_firmware_is_for_its_architecture() -> None:
    verdict = diagnose(tell(given(intel.discover(at=0), intel.request(at=4)), until=12))
    assert "option:client-arch,0\n" in verdict.finding(ID).remedies[0].text


def test_a_proxy_that_answers_is_enough() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(), proxy.offer(file="snponly.efi"), edk2.request(at=3.9, of=dnsmasq),
        dnsmasq.ack(), edk2.fetch("snponly.efi"),
    )  # fmt: skip
    assert diagnose(told).all_ids == []


def test_another_server_that_names_the_file_is_enough() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(), kea.offer(file="snponly.efi"), edk2.discover(at=3.9))
    assert ID not in diagnose(told.after(70)).all_ids


def test_u_boot_asks_for_a_name_of_its_own() -> None:
    told = tell(u_boot.discover(at=0), dnsmasq.offer(), u_boot.request(), dnsmasq.ack())
    assert ID not in diagnose(told.after(40)).all_ids


def test_a_disk_over_iscsi_needs_no_file() -> None:
    root = ((17, b"iscsi:10.77.0.9::::iqn.2010-04.org:disk"),)
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(options=root), ipxe_rom.request(at=2), dnsmasq.ack(options=root)
    )  # fmt: skip
    assert ID not in diagnose(told.after(40)).all_ids


def test_http_boot_is_judged_by_its_own_rule() -> None:
    steps = [step for at in FOUR for step in (edk2_http.discover(at=at), dnsmasq.offer(at=at + 0.1))]
    assert ID not in diagnose(tell(*steps, until=61)).all_ids


def test_others_are_told_by_a_proxy_that_is_silent_here() -> None:
    neighbour = edk2.on("52:54:00:77:00:99")
    served = together(
        neighbour.discover(at=0), dnsmasq.offer(gives="10.77.0.99"), proxy.offer(file="snponly.efi"),
        neighbour.request(at=3.9, of=dnsmasq), dnsmasq.ack(), neighbour.fetch("snponly.efi"),
    )  # fmt: skip
    steps = [step for at in FOUR for step in (edk2.discover(at=10 + at), dnsmasq.offer(at=10.1 + at))]
    verdict = next(v for v in verdicts(tell(served, *steps, until=75)) if v.primary == ID)
    assert "10.77.0.3" in verdict.finding(ID).explanation


def test_real_uefi_without_a_boot_file(checkout: Path) -> None:
    (verdict,) = of_capture(checkout / "captures/uefi-no-boot-file/capture.pcap")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID)[0] == 13
