"""A router is there, and nobody passes the DISCOVERs on."""

from __future__ import annotations

from tests.diagnose.dhcp_scenes import EDK2_TRIES, asks, leased, upstream
from tests.diagnose.verdict import diagnose, verdicts
from tests.track.conversation import tell
from tests.track.programs import dnsmasq, edk2, linux
from tests.track.scene import Scene, Step, Wire

ID = "relay-missing"
VRRP = bytes((0x21, 1, 100, 1, 0, 1, 0, 0, 10, 77, 0, 254)) + bytes(8)


def router(at: float) -> Step:
    """A VRRP advertisement (RFC 3768 section 5.1)."""
    macs = bytes.fromhex("00005e000101"), bytes.fromhex("01005e000012")

    def step(scene: Scene) -> None:
        scene.say(Wire(scene.clock(at), *macs, "10.77.0.253", "224.0.0.18", 0, 0, VRRP, protocol=112, ttl=255))

    return step


def test_a_router_without_a_relay() -> None:
    verdict = diagnose(tell(router(0), asks(edk2, *EDK2_TRIES, after=1)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "inferred")
    assert verdict.frames(ID) == [2, 3, 4, 5, 1]
    assert verdict.ids == [ID]


def test_without_a_sign_of_a_router_it_is_just_silence() -> None:
    assert diagnose(tell(asks(edk2, *EDK2_TRIES))).primary == "no-dhcp-offer"


def test_a_server_of_this_segment_answers_others() -> None:
    other = linux.on("52:54:00:77:00:99")
    told = tell(router(0), asks(edk2, *EDK2_TRIES, after=1), leased(other, dnsmasq, 200, wait=1))
    assert verdicts(told)[0].primary == "no-dhcp-offer"


def test_the_relay_is_there_and_the_server_is_not() -> None:
    verdict = diagnose(tell(router(0), *(upstream(edk2.discover(at=1 + time), dnsmasq) for time in EDK2_TRIES)))
    assert verdict.primary == "no-dhcp-offer"
