"""Address, mask and router of a lease contradict each other."""

from __future__ import annotations

import pytest

from tests.diagnose.dhcp_scenes import upstream
from tests.diagnose.verdict import diagnose
from tests.track.conversation import arp_reply, tell, together
from tests.track.programs import dnsmasq, ipxe_rom, proxy, relay
from tests.track.scene import Options, Step
from tests.track.servers import Server

ID = "offer-wrong-subnet"
MASK = (1, b"\xff\xff\xff\0")
NEAR, FAR = (3, bytes((10, 77, 0, 254))), (3, bytes((10, 99, 0, 254)))


def leased(*options: tuple[int, object], server: Server = dnsmasq) -> Step:
    return together(
        ipxe_rom.discover(at=0), server.offer(file="x.0", options=options), ipxe_rom.request(at=3),
        server.ack(options=options),
    )  # fmt: skip


def unreached(target: str) -> Step:
    return together(*(ipxe_rom.arp(target, at=16 + n) for n in range(10)))


def test_the_router_lies_in_another_subnet() -> None:
    remote = Server(siaddr="10.88.0.2")
    verdict = diagnose(tell(leased(MASK, FAR, server=remote), unreached("10.99.0.254"), until=60))
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.frames(ID) == [4]
    says = "the router 10.99.0.254 lies outside the subnet of 10.77.0.130 (255.255.255.0)"
    assert verdict.finding(ID).says == says
    assert verdict.primary == ID


def test_the_mask_has_holes() -> None:
    verdict = diagnose(tell(leased((1, b"\xff\0\xff\0"), NEAR), unreached("10.77.0.1"), until=60))
    assert "has the subnet mask ff00ff00, which is none" in verdict.finding(ID).says


def test_the_mask_is_missing_and_the_server_far() -> None:
    remote = Server(siaddr="10.88.0.2")
    verdict = diagnose(tell(leased(NEAR, server=remote), unreached("10.88.0.2"), until=60))
    assert "has no subnet mask (option 1), so the boot server 10.88.0.2 seems to be near" in verdict.finding(ID).says


def test_the_address_does_not_fit_the_relay() -> None:
    options: Options = (MASK, *relay.echo)
    told = tell(
        upstream(ipxe_rom.discover(at=0), dnsmasq), dnsmasq.offer(gives="10.99.0.5", file="x.0", options=options),
        upstream(ipxe_rom.request(at=3), dnsmasq), dnsmasq.ack(options=options), until=60,
    )  # fmt: skip
    verdict = diagnose(told)
    says = "the address 10.99.0.5 lies outside the relay's subnet (10.77.0.254, 255.255.255.0)"
    assert verdict.finding(ID).says == says


@pytest.mark.parametrize(
    "options",
    [
        (MASK, NEAR),
        (NEAR,),
        (MASK, (3, FAR[1] + NEAR[1])),
        (MASK, (3, bytes(4))),
        ((1, b"\xff\xff\xff\xff"), FAR, (121, b"\0" + bytes((10, 99, 0, 254)))),
        (MASK, (3, b"\1")),
    ],
    ids=["good", "no mask", "one of two routers", "router 0.0.0.0", "host route", "cut"],
)
def test_leases_that_work(options: Options) -> None:
    verdict = diagnose(tell(leased(*options), unreached("10.77.0.1"), until=60))
    assert ID not in verdict.all_ids


def test_the_router_answers_after_all() -> None:
    told = tell(leased(MASK, FAR), ipxe_rom.arp("10.99.0.254", at=16), arp_reply("10.99.0.254", ipxe_rom), until=90)
    verdict = diagnose(told)
    assert verdict.severity(ID) == "warning"


def test_another_subnet_that_the_relay_asked_for() -> None:
    options: Options = (MASK, (82, b"\5\4" + bytes((10, 99, 0, 0))))
    told = tell(
        upstream(ipxe_rom.discover(at=0), dnsmasq), dnsmasq.offer(gives="10.99.0.5", file="x.0", options=options),
        upstream(ipxe_rom.request(at=3), dnsmasq), dnsmasq.ack(options=options), until=60,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_a_proxy_has_neither_mask_nor_router() -> None:
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(options=(MASK, NEAR)), proxy.offer(file="x.0"), ipxe_rom.request(at=3),
        dnsmasq.ack(options=(MASK, NEAR)), unreached("10.77.0.3"), until=60,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids
