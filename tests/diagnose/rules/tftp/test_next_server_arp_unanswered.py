"""ARP requests for the boot server that nobody answers."""

from __future__ import annotations

from ipaddress import IPv4Address

from tests.diagnose.tftp_scenes import led
from tests.diagnose.verdict import diagnose
from tests.track.conversation import arp_reply, tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, ipxe, linux
from tests.track.scene import Step
from tests.track.servers import Server

ID = "next-server-arp-unanswered"
ELSEWHERE = Server(siaddr="10.77.0.250")
ON_LINK = ((1, b"\xff\xff\xff\x00"), (3, IPv4Address("10.77.0.254").packed))


def sent_to(server: Server, machine: Machine = edk2) -> Step:
    offered = server.offer(file="x.efi", options=ON_LINK)
    return together(machine.discover(at=0), offered, machine.request(at=3.9), server.ack(options=ON_LINK))


def asks(target: str, *at: float, machine: Machine = edk2) -> Step:
    return together(*(machine.arp(target, second) for second in at))


EDK2_ARP = [round(4.0 * tries + step, 1) for tries in range(1, 7) for step in (0, 0.5, 1.0)]


def test_the_server_has_an_address_that_nobody_has() -> None:
    verdict = diagnose(tell(sent_to(ELSEWHERE), asks("10.77.0.250", *EDK2_ARP)))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    says = "nobody answers the client's 18 ARP requests for the boot server 10.77.0.250"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID)[:2] == [5, 6]
    assert verdict.frames(ID)[-1] == 4


def test_the_router_does_not_answer() -> None:
    verdict = diagnose(tell(sent_to(Server(siaddr="10.99.0.5")), asks("10.77.0.254", *EDK2_ARP)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert "the router 10.77.0.254" in verdict.finding(ID).says


def test_it_is_less_sure_while_the_client_still_tries() -> None:
    verdict = diagnose(tell(sent_to(ELSEWHERE), asks("10.77.0.250", *EDK2_ARP[:4])))
    assert (verdict.primary, verdict.severity(ID), verdict.confidence(ID)) == (ID, "error", "inferred")


def test_an_answer_that_does_not_reach_the_client() -> None:
    answered = together(asks("10.77.0.250", 4), arp_reply("10.77.0.250", edk2, 4.001))
    verdict = diagnose(tell(sent_to(ELSEWHERE), answered, asks("10.77.0.250", *EDK2_ARP[1:])))
    assert verdict.primary == ID
    assert "does answer" in verdict.finding(ID).explanation


def test_an_answer_and_then_the_request() -> None:
    resolved = together(asks("10.77.0.1", 4, 4.5, 5), arp_reply("10.77.0.1", edk2))
    assert diagnose(tell(led("x.efi"), resolved, edk2.fetch("x.efi"))).all_ids == []


def test_an_answer_that_the_capture_missed() -> None:
    told = tell(led("x.efi"), asks("10.77.0.1", 4, 4.5, 5), edk2.fetch("x.efi", 5.1))
    assert diagnose(told).all_ids == []


def test_other_machines_and_addresses_are_none_of_it() -> None:
    others = together(*(linux.on("52:54:00:77:00:99").arp("10.77.0.250", 4 + n / 2) for n in range(9)))
    dns = asks("10.77.0.53", 4, 4.5, 5, 5.5)
    assert ID not in diagnose(tell(sent_to(ELSEWHERE), others, dns)).all_ids


def test_a_server_of_a_second_file() -> None:
    script = together(ipxe.discover(at=0), dnsmasq.offer(file="http://10.77.0.77/boot.ipxe", options=ON_LINK))
    leased = together(script, ipxe.request(at=3), dnsmasq.ack(options=ON_LINK))
    tries = (4, 4.13, 4.41, 4.96, 6.0, 11.93, 12.1, 12.37, 12.92, 13.97)
    verdict = diagnose(tell(leased, asks("10.77.0.77", *tries, machine=ipxe)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
