"""A proxy offers boot data, and nobody offers an address."""

from __future__ import annotations

import pytest

from tests.diagnose.dhcp_scenes import EDK2_TRIES, IPXE_TRIES, offered
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, unseen
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, ipxe_rom, proxy

ID = "proxy-offer-only"


@pytest.mark.parametrize(
    ("machine", "times"),
    [(edk2, EDK2_TRIES), (intel, EDK2_TRIES), (ipxe_rom, IPXE_TRIES)],
    ids=["edk2", "intel", "ipxe"],
)
def test_nobody_offers_an_address(machine: Machine, times: tuple[float, ...]) -> None:
    verdict = diagnose(tell(offered(machine, proxy, *times, file="")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.frames(ID) == [2, 4, 6, 8, 1, 3, 5, 7]


def test_two_rounds_are_a_stall() -> None:
    verdict = diagnose(tell(offered(edk2, proxy, 0, 3.9, file="")))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("stalled", ID, "error")


def test_the_address_comes_from_elsewhere() -> None:
    told = tell(edk2.discover(at=0), proxy.offer(), dnsmasq.offer(), edk2.request(at=3.9), dnsmasq.ack(), until=90)
    assert ID not in diagnose(told).all_ids


def test_an_offer_that_was_not_seen_shows_in_the_request() -> None:
    told = tell(offered(ipxe_rom, proxy, 0, 1, file=""), unseen(dnsmasq.offer()), ipxe_rom.request(at=3), until=60)
    assert ID not in diagnose(told).all_ids
