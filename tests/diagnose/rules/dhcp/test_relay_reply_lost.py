"""The server answers the relay, and the client goes on asking."""

from __future__ import annotations

from tests.diagnose.dhcp_scenes import EDK2_TRIES, IPXE_TRIES, upstream
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, ipxe_rom, relay
from tests.track.scene import ICMP, Scene, Step, Wire, mac_of

ID = "relay-reply-lost"


def answered(machine: Machine, times: tuple[float, ...], *, file: str = "x.efi", at: float = 0) -> list[Step]:
    """DISCOVERs and the OFFERs to the relay, on the server's side."""
    return [
        step
        for time in times
        for step in (upstream(machine.discover(at=at + time), dnsmasq), dnsmasq.offer(file=file, options=relay.echo))
    ]


def test_the_offers_leave_and_the_client_goes_on() -> None:
    verdict = diagnose(tell(*answered(edk2, EDK2_TRIES), until=90))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.frames(ID) == [2, 3, 5, 7]
    assert verdict.finding(ID).says.startswith("the server 10.77.0.1 answers to the relay 10.77.0.254, but the client")


def test_an_icmp_error_about_the_way_back_is_cited() -> None:
    def unreachable(scene: Scene) -> None:
        heard = scene.wires[-1]
        payload = b"\3\1\0\0\0\0\0\0" + heard.encoded()[14:][:28]
        macs = mac_of("10.99.0.1"), heard.source_mac
        scene.say(Wire(scene.clock(None), *macs, "10.99.0.1", heard.source, 0, 0, payload, protocol=ICMP))

    steps = answered(intel, EDK2_TRIES, file="pxelinux.0")
    verdict = diagnose(tell(*steps[:2], unreachable, *steps[2:], until=90))
    assert verdict.frames(ID) == [2, 4, 6, 8, 3]


def test_ipxe_asks_twice_by_design_and_then_takes_the_offer() -> None:
    told = tell(*answered(ipxe_rom, IPXE_TRIES[:2]), upstream(ipxe_rom.request(at=3), dnsmasq), dnsmasq.ack())
    assert ID not in diagnose(told).all_ids


def test_uefi_does_not_want_an_offer_without_a_file() -> None:
    assert ID not in diagnose(tell(*answered(edk2, EDK2_TRIES, file=""), until=90)).all_ids


def test_the_answer_is_seen_on_the_clients_side() -> None:
    steps = [
        step
        for time in EDK2_TRIES
        for step in (edk2.discover(at=time), relay.forward(dnsmasq), dnsmasq.offer(file="x.efi"), relay.back())
    ]
    assert ID not in diagnose(tell(*steps, until=90)).all_ids
