"""Who claims an address."""

from __future__ import annotations

from ipaddress import IPv4Address

from pxedebug.diagnose.claims import answers_for_many, claims, is_virtual
from pxedebug.diagnose.network import Network
from tests.diagnose.link_scenes import announcement, claim
from tests.track.conversation import Told, nanoseconds, tell, together
from tests.track.programs import dnsmasq, edk2

A, B = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
ADDRESS = "10.77.0.9"
ASKED = together(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=3.9), dnsmasq.ack())


def network(told: Told) -> Network:
    return Network(told.story, told.boots)


def test_replies_and_announcements_are_claims_and_questions_are_not() -> None:
    told = tell(
        ASKED,
        edk2.arp(ADDRESS, at=5),
        claim(ADDRESS, A, edk2, at=5.1),
        announcement(ADDRESS, B, at=6),
        announcement("10.77.0.10", B, at=7),
    )
    found = claims(network(told), IPv4Address(ADDRESS), nanoseconds(0), nanoseconds(9))
    assert [(c.frame, c.mac.hex(":"), c.to) for c in found] == [(6, A, edk2.mac), (7, B, b"")]
    assert claims(network(told), IPv4Address(ADDRESS), nanoseconds(7), nanoseconds(9)) == []


def test_addresses_of_groups_of_routers() -> None:
    groups = ("00:00:5e:00:01:07", "00:00:5e:00:02:07", "00:00:0c:07:ac:07", "00:00:0c:9f:f0:07", "00:07:b4:00:01:01")
    assert all(is_virtual(bytes.fromhex(mac.replace(":", ""))) for mac in groups)
    assert not is_virtual(bytes.fromhex(A.replace(":", "")))
    assert not is_virtual(b"")


def test_a_router_that_answers_for_everybody() -> None:
    told = tell(ASKED, *(claim(f"10.77.0.{number}", A, edk2, at=5) for number in (9, 10, 11)), claim(ADDRESS, B, edk2))
    assert [answers_for_many(network(told), bytes.fromhex(mac.replace(":", ""))) for mac in (A, B)] == [True, False]
