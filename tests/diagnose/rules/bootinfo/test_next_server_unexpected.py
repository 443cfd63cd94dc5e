"""Boot servers that cannot be, or that are nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.diagnose.bootinfo_scenes import Leasing, dnsmasq
from tests.diagnose.verdict import Verdict, diagnose, verdicts
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2
from tests.track.scene import Step
from tests.track.servers import Server

ID = "next-server-unexpected"
MASK = (1, bytes((255, 255, 255, 0)))
TRIES = (5, 9, 13, 17, 21, 25)
neighbour = edk2.on("52:54:00:77:00:99")


def leased(client: Machine, server: Server, at: float = 0) -> Step:
    return together(
        client.discover(at=at), server.offer(file="boot.efi", options=(MASK,)), client.request(at=at + 3.9),
        server.ack(options=(MASK,)),
    )  # fmt: skip


def in_vain(siaddr: str) -> Step:
    tries = [edk2.rrq("boot.efi", at=at, server=siaddr, again=at != TRIES[0]) for at in TRIES]
    return together(leased(edk2, replace(dnsmasq, siaddr=siaddr)), *tries)


def judged(siaddr: str) -> Verdict:
    return diagnose(tell(in_vain(siaddr), until=60))


@pytest.mark.parametrize(
    ("siaddr", "why"),
    [
        ("255.255.255.255", "a broadcast address"), ("10.77.0.255", "a broadcast address"),
        ("239.1.1.1", "a multicast address"), ("127.0.0.1", "a loopback address, which is the client itself"),
        ("10.77.0.130", "the client's own address"), ("0.0.0.5", "an address of network 0, which no host has"),
    ],
)  # fmt: skip
def test_addresses_that_no_host_has(siaddr: str, why: str) -> None:
    verdict = judged(siaddr)
    assert verdict.finding(ID).says == f"the boot server is given as {siaddr}: {why}"
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.frames(ID) == [4]


def test_a_loopback_address_is_why_nobody_answers() -> None:
    verdict = judged("127.0.0.1")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


@pytest.mark.parametrize("siaddr", ["172.17.0.2", "192.168.65.3", "169.254.7.7"])
def test_addresses_that_are_probably_wrong(siaddr: str) -> None:
    assert judged(siaddr).severity(ID) == "warning"


def test_an_ordinary_server_that_is_silent() -> None:
    assert ID not in judged("10.77.0.9").all_ids


def test_the_clients_own_network_is_never_unusual() -> None:
    inside = Leasing("172.17.0.1", gives="172.17.0.9", siaddr="172.17.0.2")
    told = tell(leased(edk2, inside), edk2.rrq("boot.efi", server="172.17.0.2"), until=60)
    assert ID not in diagnose(told).all_ids


def test_right_after_the_ack_nothing_is_known_yet() -> None:
    told = tell(leased(edk2, replace(dnsmasq, siaddr="172.17.0.2")))
    assert ID not in diagnose(told).all_ids


def test_the_others_are_served_by_another_host() -> None:
    served = together(leased(neighbour, dnsmasq), neighbour.fetch("boot.efi"))
    mine = tell(served, in_vain("10.77.0.9"), until=60)
    verdict = next(v for v in verdicts(mine) if v.judged.boot.client.mac == edk2.mac)
    assert verdict.severity(ID) == "warning"
    assert "10.77.0.1, which serves the other clients" in verdict.finding(ID).says


def test_a_server_that_answers_is_as_expected() -> None:
    odd = replace(dnsmasq, siaddr="172.17.0.2")
    told = tell(leased(edk2, odd), edk2.missing("boot.efi", server="172.17.0.2"))
    assert ID not in diagnose(told).all_ids
