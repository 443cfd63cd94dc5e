"""A DHCP server says PXEClient, and has no boot service."""

from __future__ import annotations

from tests.diagnose.proxy_scenes import asks, both_offer, stray
from tests.diagnose.second_stage_scenes import MASK
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, intel, proxy
from tests.track.scene import Step

ID = "option60-stray-pxeclient"


def leased(client: Machine = edk2, *options: tuple[int, bytes]) -> Step:
    named, ack = stray.offer(file="snponly.efi", options=(MASK, *options)), stray.ack(options=(MASK, *options))
    return together(client.discover(at=0), named, client.request(at=3.9), ack)


def test_uefi_asks_port_4011_in_vain() -> None:
    told = tell(leased(), asks(edk2, stray, 4, 5, 7, 10))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == (
        "the DHCP server 10.77.0.1 says `PXEClient` (option 60), which sends UEFI machines to port 4011 of 10.77.0.1, "
        "and nobody answers there"
    )
    assert verdict.frames(ID) == [2, 5, 6, 7, 8]


def test_before_the_last_send_it_is_no_more_than_an_error() -> None:
    verdict = diagnose(tell(leased(), asks(edk2, stray, 4, 5)))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("stalled", ID, "error")


def test_wds_on_the_dhcp_host() -> None:
    told = tell(leased(), asks(edk2, stray, 4), stray.proxy_ack(file="wdsmgfw.efi"), edk2.fetch("wdsmgfw.efi"))
    assert diagnose(told).ids == []


def test_a_menu_makes_the_class_right() -> None:
    """43.6 = 8: use the file at once; the class belongs there."""
    control = (43, b"\x06\x01\x08\xff")
    verdict = diagnose(tell(leased(edk2, control), asks(edk2, stray, 4, 5, 7, 10)))
    assert ID not in verdict.all_ids


def test_a_bios_machine_takes_the_file() -> None:
    assert diagnose(tell(leased(intel), intel.fetch("snponly.efi"))).all_ids == []


def test_a_real_proxy_is_not_stray() -> None:
    verdict = diagnose(tell(both_offer(), asks(edk2, proxy, 4, 5, 7, 10)))
    assert ID not in verdict.all_ids
