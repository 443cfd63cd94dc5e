"""A member port of a link aggregation that does not forward, and what only looks like one."""

from __future__ import annotations

from dataclasses import replace

from tests.diagnose.link_scenes import in_time, lacpdu, lldp, neighbour
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import changed, tell, together
from tests.track.programs import dnsmasq, edk2, ipxe_rom
from tests.track.scene import Step

ID = "lacp-port-not-forwarding"
IPXE_DISCOVERS = together(*(ipxe_rom.discover(at=second) for second in (0, 1, 3, 7)))
EDK2_DISCOVERS = together(*(edk2.discover(at=second) for second in (0, 4, 12, 28)))
UP = 0x3D
"""Active, aggregatable, synchronised, collecting, distributing."""


def unanswered(*others: Step, discovers: Step = IPXE_DISCOVERS) -> Verdict:
    return diagnose(tell(in_time(discovers, *others), until=60))


def test_a_switch_that_hears_no_partner_forwards_nothing() -> None:
    verdict = unanswered(*(lacpdu(second, actor=0x45) for second in range(-1, 15)), lldp(2))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == (
        "the switch port belongs to a link aggregation and does not forward: 4 DISCOVERs went unanswered"
    )
    assert verdict.finding(ID).evidence[0].note == (
        "LACPDU of 00:1c:57:54:dd:80: partner none; activity, aggregation, defaulted"
    )
    assert verdict.frames(ID) == [1, 3, 21, 2, 4, 8, 13]
    assert "no-dhcp-offer" not in verdict.all_ids


def test_one_lacpdu_of_the_long_timeout_is_enough() -> None:
    assert unanswered(lacpdu(-20)).primary == ID


def test_what_ipxe_answers_does_not_open_the_port() -> None:
    """The switch has heard of the client and is still not in step."""
    theirs = lacpdu(1, partner=ipxe_rom.mac, partner_state=UP)
    own = lacpdu(1.1, actor=UP, system=ipxe_rom.mac)
    assert unanswered(theirs, own, lacpdu(2, partner=ipxe_rom.mac)).primary == ID


def test_a_port_that_falls_back_late_is_a_warning() -> None:
    answered = together(EDK2_DISCOVERS, dnsmasq.offer(file="x.efi"), edk2.request(at=59), dnsmasq.ack())
    verdict = diagnose(tell(in_time(together(answered, edk2.fetch("x.efi")), lacpdu(-1), lacpdu(25))))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("in-progress", None, "warning")


def test_answers_that_come_out_of_another_member_port() -> None:
    rounds = [
        step
        for second in (0, 4, 12, 28)
        for step in (edk2.discover(at=second), changed(dnsmasq.offer(file="x.efi"), file=1))
    ]
    verdict = diagnose(tell(in_time(together(*rounds), lacpdu(-1, actor=UP)), until=70))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says.startswith("the answers come out of another port of the link aggregation")


# Look-alikes


def test_an_aggregation_that_is_up_is_not_to_blame() -> None:
    up = lacpdu(-1, actor=UP, partner=ipxe_rom.mac, partner_state=UP)
    assert ID not in unanswered(up).all_ids
    assert ID not in unanswered(lacpdu(-1), lacpdu(5, actor=UP)).all_ids, "the last DISCOVER found it open"


def test_other_hosts_frames_show_that_the_port_is_open() -> None:
    """An individual port forwards, though it says that it has no partner."""
    assert ID not in unanswered(lacpdu(-1), neighbour(2), neighbour(5)).all_ids


def test_silence_without_lacp_is_another_fault() -> None:
    assert ID not in unanswered(lldp(2)).all_ids


def test_another_capture_s_lacp_says_nothing_of_this_port() -> None:
    told = tell(in_time(IPXE_DISCOVERS, lacpdu(-1)), until=60)
    wires = [replace(wire, file=wire.ether is not None) for wire in told.wires]
    assert ID not in diagnose(replace(told, wires=wires)).all_ids
