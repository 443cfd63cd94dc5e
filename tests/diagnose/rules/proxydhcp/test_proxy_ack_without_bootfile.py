"""The proxy answers on port 4011, and names no boot file."""

from __future__ import annotations

from tests.diagnose.proxy_scenes import asks, both_offer
from tests.diagnose.second_stage_scenes import UNSIGNED
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import edk2, ipxe, ipxe_rom, proxy

ID = "proxy-ack-without-bootfile"


def test_the_answer_names_no_file() -> None:
    told = tell(both_offer(), asks(edk2, proxy, 4), proxy.proxy_ack())
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == (
        "10.77.0.3 answers on port 4011 without a boot file for this machine (x64 UEFI)"
    )
    assert verdict.frames(ID) == [7, 6]


def test_a_file() -> None:
    told = tell(both_offer(), asks(edk2, proxy, 4), proxy.proxy_ack(file="snponly.efi"),
                edk2.fetch("snponly.efi", content=UNSIGNED), ipxe.afresh(at=8))  # fmt: skip
    assert diagnose(told).all_ids == []


def test_a_menu_then_a_file() -> None:
    """The first answer carries the menu; the item that is chosen gets the file."""
    menu = ((43, b"\x06\x01\x03\x08\x07\x80\x00\x01\x0a\x4d\x00\x03\x09\x07\x80\x00\x04Boot\x0a\x05\x00Boot\xff"),)
    told = tell(both_offer(), asks(edk2, proxy, 4), proxy.proxy_ack(options=menu), asks(edk2, proxy, 5),
                proxy.proxy_ack(file="snponly.efi"))  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_wds_keeps_the_machine_waiting() -> None:
    pending = ((250, b"\x02\x01\x01\x05\x04\0\0\0\x07\xff"),)
    told = tell(both_offer(), asks(edk2, proxy, 4), proxy.proxy_ack(options=pending))
    assert ID not in diagnose(told).all_ids


def test_ipxe_has_a_file_from_dhcp() -> None:
    told = tell(both_offer(ipxe_rom, "boot.ipxe"), asks(ipxe_rom, proxy, 16), proxy.proxy_ack())
    assert ID not in diagnose(told).all_ids
