"""Two machines that claim one address, and what only looks like it."""

from __future__ import annotations

import pytest

from tests.diagnose.link_scenes import announcement, claim, declining
from tests.diagnose.verdict import Verdict, diagnose, verdicts
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, ipxe_rom, linux, pxelinux, raspberry
from tests.track.scene import Scene, Step

ID = "arp-conflict"
SERVER, GIVEN, ROUTER = "10.77.0.1", "10.77.0.130", "10.77.0.254"
A, B = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
CLIENT = "52:54:00:77:00:20"
VRRP = "00:00:5e:00:01:07"
LEASED = together(
    ipxe_rom.discover(at=0), dnsmasq.offer(file="pxelinux.0"), ipxe_rom.discover(at=1),
    dnsmasq.offer(file="pxelinux.0"), ipxe_rom.request(at=3), dnsmasq.ack(options=[(3, b"\x0a\x4d\0\xfe")]),
)  # fmt: skip
NO_ANSWER = together(
    ipxe_rom.rrq("pxelinux.0", at=5), *(ipxe_rom.rrq("pxelinux.0", at=at, again=True) for at in (5.3, 6, 7, 9, 13))
)


def after(*said: Step) -> Verdict:
    """The boot file is asked for in vain."""
    return diagnose(tell(LEASED, *said, NO_ANSWER, until=40))


def both(ip: str, *, gap: float = 0.01) -> Step:
    return together(ipxe_rom.arp(ip, at=4), claim(ip, A, ipxe_rom, at=4.1), claim(ip, B, ipxe_rom, at=4.1 + gap))


def test_two_machines_answer_for_the_server() -> None:
    verdict = after(both(SERVER))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.finding(ID).says == f"two machines claim the server's address {SERVER}: {A} and {B}"
    assert verdict.frames(ID)[:2] == [9, 8]
    assert verdict.finding("tftp-server-unreachable").caused_by == ID


def test_the_router_s_address() -> None:
    assert after(both(ROUTER)).finding(ID).says == f"two machines claim the router's address {ROUTER}: {A} and {B}"


@pytest.mark.parametrize("said", [claim(GIVEN, B, edk2, at=4), announcement(GIVEN, B, at=4)])
def test_another_machine_claims_the_client_s_address(said: Step) -> None:
    verdict = after(said)
    assert verdict.finding(ID).says == f"two machines claim the client's address {GIVEN}: {CLIENT} and {B}"
    assert verdict.frames(ID) == [7, 6]


def test_by_turns() -> None:
    said = together(claim(SERVER, A, ipxe_rom, at=4), announcement(SERVER, B, at=7), claim(SERVER, A, ipxe_rom, at=11))
    told = tell(LEASED, ipxe_rom.rrq("pxelinux.0", at=3.5), said, ipxe_rom.rrq("pxelinux.0", at=12), until=60)
    assert ID in diagnose(told).all_ids


def test_a_boot_that_works_is_warned() -> None:
    booted = together(ipxe_rom.fetch("pxelinux.0"), pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd.img"))
    verdict = diagnose(tell(LEASED, both(SERVER), booted, linux.discover(at=20)))
    assert (verdict.outcome, verdict.ids, verdict.severity(ID)) == ("booted", [ID], "warning")


def test_a_lease_that_was_never_requested_is_given_to_the_next() -> None:
    other = raspberry.on("b8:27:eb:44:55:66")

    def fetching(machine: Machine, at: float) -> Step:
        def step(scene: Scene) -> None:
            machine.discover(at=at)(scene)
            dnsmasq.offer(file="bootcode.bin")(scene)
            scene.talk(machine).address = GIVEN
            machine.fetch("bootcode.bin")(scene)

        return step

    found = verdicts(tell(fetching(raspberry, 0), fetching(other, 5)))
    assert ID in [i for verdict in found for i in verdict.all_ids]


# Look-alikes


def test_one_machine_however_often_it_answers() -> None:
    assert ID not in after(claim(SERVER, A, ipxe_rom, at=4), claim(SERVER, A, ipxe_rom, at=4.5)).all_ids
    assert ID not in after(announcement(GIVEN, CLIENT, at=4), claim(GIVEN, CLIENT, edk2, at=4.5)).all_ids


def test_a_group_of_routers_answers_with_several_addresses() -> None:
    said = together(claim(ROUTER, VRRP, ipxe_rom, at=4), claim(ROUTER, B, ipxe_rom, at=4.1))
    assert ID not in after(said).all_ids


def test_an_address_that_moved_once_is_a_failover() -> None:
    said = together(claim(SERVER, A, ipxe_rom, at=4), announcement(SERVER, B, at=11), claim(SERVER, B, ipxe_rom, at=12))
    told = tell(LEASED, ipxe_rom.rrq("pxelinux.0", at=3.5), said, ipxe_rom.rrq("pxelinux.0", at=12.5), until=60)
    assert ID not in diagnose(told).all_ids


def test_what_a_bonded_server_tells_another_host_does_not_count() -> None:
    said = together(claim(SERVER, A, ipxe_rom, at=4), claim(SERVER, B, edk2.on("52:54:00:00:00:01"), at=4.1))
    assert ID not in after(said).all_ids


def test_a_router_that_does_proxy_arp() -> None:
    many = together(*(claim(f"10.77.0.{number}", B, ipxe_rom, at=4) for number in (1, 2, 3)))
    assert ID not in after(claim(SERVER, A, ipxe_rom, at=4), many).all_ids


def test_a_declined_address_is_a_finding_of_its_own() -> None:
    told = tell(LEASED, claim(GIVEN, B, ipxe_rom, at=4), declining(ipxe_rom, at=4.2), until=60)
    assert (diagnose(told).primary, ID in diagnose(told).all_ids) == ("duplicate-ip-decline", False)


def test_before_the_lease_the_address_was_another_s() -> None:
    said = tell(announcement(GIVEN, B, at=-5), LEASED, NO_ANSWER, until=40)
    assert ID not in diagnose(said).all_ids
