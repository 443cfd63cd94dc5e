"""The OFFER goes to an address that the client does not have yet."""

from __future__ import annotations

import pytest

from tests.diagnose.dhcp_scenes import EDK2_TRIES, IPXE_TRIES
from tests.diagnose.verdict import diagnose
from tests.track.conversation import changed, tell, together
from tests.track.machines import Machine
from tests.track.programs import MAC, dnsmasq, edk2, ipxe_rom
from tests.track.scene import Step, arp_wire, mac_of

ID = "unicast-offer-undeliverable"
MASK = (1, b"\xff\xff\xff\0")


def unicast() -> Step:
    """An OFFER to the future address, whatever the client asked for."""
    return changed(dnsmasq.offer(file="x.efi", options=(MASK,)), target="10.77.0.130", target_mac=MAC)


def looks(at: float, target: str = "10.77.0.130") -> Step:
    return lambda scene: scene.say(arp_wire(scene.clock(at), 1, mac_of("10.77.0.1"), "10.77.0.1", target))


@pytest.mark.parametrize(
    ("machine", "times"), [(edk2, EDK2_TRIES), (ipxe_rom, IPXE_TRIES)], ids=["broadcast", "flag 0"]
)
def test_unicast_offers_and_no_request(machine: Machine, times: tuple[float, ...]) -> None:
    rounds = [step for at in times for step in (machine.discover(at=at), unicast())]
    verdict = diagnose(tell(*rounds, until=90))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "inferred")
    assert verdict.frames(ID) == [2, 4, 6, 8, 1, 3, 5, 7]
    assert "offer-ignored-by-client" not in verdict.ids


def test_the_server_waits_for_arp_and_never_offers() -> None:
    rounds = [
        step for at in EDK2_TRIES
        for step in (edk2.discover(at=at), looks(at + 0.01), looks(at + 1.01), looks(at + 2.01))
    ]  # fmt: skip
    verdict = diagnose(tell(*rounds, until=90))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says.startswith("10.77.0.1 looks for 10.77.0.130 by ARP after each DISCOVER")
    assert verdict.frames(ID)[0] == 2


def test_arp_at_other_times_is_no_sign() -> None:
    rounds = [step for at in EDK2_TRIES for step in (edk2.discover(at=at), looks(at + 0.01))]
    verdict = diagnose(tell(*rounds[:4], looks(9), *rounds[4:], until=90))
    assert verdict.primary == "no-dhcp-offer"


def test_a_ping_check_comes_before_an_offer() -> None:
    told = tell(edk2.discover(at=0), looks(0.01), looks(1.01), looks(2.01), dnsmasq.offer(at=3, file="x.efi"),
                edk2.request(at=3.9), dnsmasq.ack(), edk2.missing("x.efi"))  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_a_broadcast_packet_in_a_unicast_frame_is_fine() -> None:
    offers = together(*(
        step for at in EDK2_TRIES
        for step in (edk2.discover(at=at), changed(dnsmasq.offer(file="x.efi", options=(MASK,)), target_mac=MAC))
    ))  # fmt: skip
    verdict = diagnose(tell(offers, until=90))
    assert verdict.primary == "offer-ignored-by-client"


def test_the_client_takes_the_unicast_offer() -> None:
    told = tell(ipxe_rom.discover(at=0), unicast(), ipxe_rom.discover(at=1), unicast(), ipxe_rom.request(at=3),
                dnsmasq.ack(), ipxe_rom.missing("x.efi", at=16))  # fmt: skip
    assert ID not in diagnose(told).all_ids
