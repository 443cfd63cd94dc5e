"""The loaded system asks for an address and does not get one."""

from __future__ import annotations

from tests.diagnose.second_stage_scenes import bios
from tests.diagnose.verdict import diagnose
from tests.track.conversation import Told, tell, together
from tests.track.programs import dnsmasq, linux, pxelinux
from tests.track.scene import Step

ID = "os-dhcp-failure-after-kernel"


def kernel(*then: Step, until: float | None = None) -> Told:
    names = ("ldlinux.c32", "pxelinux.cfg/default", "vmlinuz", "initrd.gz")
    return tell(bios(), *(pxelinux.fetch(name) for name in names), *then, until=until)


ASKING = together(linux.afresh(at=20), *(linux.discover(at=at, secs=at - 20) for at in (24, 32, 48, 64)))


def test_nobody_answers_the_system() -> None:
    told = kernel(ASKING, until=100)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids, verdict.primary) == ("booted", [ID], None), "the boot itself worked"
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "strong")
    assert verdict.finding(ID).says == (
        "the system that was loaded asked for an address 5 times in 44 s, and nobody answered"
    )
    last = len(told.wires)
    assert verdict.frames(ID)[:2] == [last - 4, last - 3]


def test_it_is_refused() -> None:
    refused = together(
        linux.afresh(at=20), dnsmasq.offer(), linux.request(at=20.1), dnsmasq.nak(),
        linux.discover(at=25), dnsmasq.offer(), linux.request(at=25.1), dnsmasq.nak(),
    )  # fmt: skip
    verdict = diagnose(kernel(refused, until=120))
    assert (verdict.severity(ID), verdict.primary) == ("warning", None)
    assert (
        verdict.finding(ID).says == "the system that was loaded asked for an address, and 10.77.0.1 refused it 2 times"
    )


def test_it_is_answered_within_a_minute() -> None:
    answered = together(dnsmasq.offer(at=50), linux.request(at=50.1), dnsmasq.ack())
    asking = together(linux.afresh(at=20), linux.discover(at=24, secs=4), linux.discover(at=48, secs=28))
    assert ID not in diagnose(kernel(asking, answered, until=200)).all_ids


def test_it_may_still_be_answered() -> None:
    assert ID not in diagnose(kernel(linux.afresh(at=20), linux.discover(at=24, secs=4), until=40)).all_ids
