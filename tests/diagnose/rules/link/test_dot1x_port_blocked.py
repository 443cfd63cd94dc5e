"""A switch port that wants 802.1X from firmware, and what only looks like one."""

from __future__ import annotations

from tests.diagnose.link_scenes import eap, in_time, lldp, neighbour
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2
from tests.track.scene import Step

ID = "dot1x-port-blocked"
DISCOVERS = together(*(edk2.discover(at=second) for second in (0, 4, 12, 28)))
REQUESTS = together(*(eap(second) for second in (-20, 10, 40)))
MASK = ((1, b"\xff\xff\xff\0"),)
FAILURE = eap(58, 4, None)


def unanswered(*others: Step) -> Verdict:
    return diagnose(tell(in_time(DISCOVERS, *others), until=70))


def answered(*others: Step, file: str = "x.efi") -> Verdict:
    """The port opens after its requests ran out, at 26 s: the last DISCOVER gets an answer."""
    late = together(DISCOVERS, dnsmasq.offer(file=file, gives="10.99.0.5", options=MASK))
    if file:
        late = together(late, edk2.request(at=59), dnsmasq.ack(gives="10.99.0.5", options=MASK), edk2.fetch(file))
    return diagnose(tell(in_time(late, eap(5), eap(15), *others), until=None if file else 100))


def test_a_port_that_asks_who_is_there_and_lets_nobody_in() -> None:
    verdict = unanswered(REQUESTS, lldp(3))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == (
        "the switch port asked the client for an 802.1X identity and got none: 4 DISCOVERs went unanswered"
    )
    assert verdict.frames(ID) == [1, 5, 8, 2, 4, 6, 7]
    assert "no-dhcp-offer" not in verdict.all_ids


def test_a_client_that_is_turned_down() -> None:
    verdict = unanswered(eap(-5), eap(-4.9, 2), FAILURE)
    assert verdict.primary == ID
    assert verdict.finding(ID).says.startswith("the switch port turned the client down")


def test_frames_that_still_come_out_of_the_port_make_it_less_sure() -> None:
    """802.1X may be told to let frames out (`control-direction in`)."""
    assert unanswered(REQUESTS, neighbour(5)).confidence(ID) == "inferred"


def test_a_port_that_opens_late_is_a_warning() -> None:
    verdict = answered()
    assert (verdict.outcome, verdict.ids) == ("in-progress", [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "strong")
    assert "10.99.0.5" in verdict.finding(ID).explanation


def test_a_guest_network_without_boot_files_is_the_port_s_doing() -> None:
    verdict = answered(file="")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


# Look-alikes


def test_success_before_the_discovers_opens_the_port() -> None:
    assert ID not in unanswered(eap(-20), eap(-19), eap(-18, 3, None)).all_ids


def test_one_request_is_too_few() -> None:
    assert ID not in unanswered(eap(-5)).all_ids


def test_silence_without_802_1x_is_another_fault() -> None:
    assert ID not in unanswered(lldp(3)).all_ids


def test_requests_that_had_run_out_long_before_are_no_cause() -> None:
    early = together(*(eap(second) for second in (-50, -47, -44)))
    late = together(DISCOVERS, dnsmasq.offer(file="x.efi"), edk2.request(at=59), dnsmasq.ack())
    assert ID not in diagnose(tell(in_time(late, early))).all_ids
