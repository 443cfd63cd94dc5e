"""DHCP that a switch drops between server and client, and what only looks like it."""

from __future__ import annotations

from dataclasses import replace

from tests.diagnose.link_scenes import neighbour
from tests.diagnose.verdict import Verdict, diagnose, verdicts
from tests.track.conversation import Told, changed, mirrored, tell, together
from tests.track.programs import dnsmasq, edk2, proxy, relay
from tests.track.scene import NOBODY, Step

ID = "dhcp-snooping-drop"
NEAR, FAR = 0, 1
TIMES = (0, 4, 12, 28)
AGENT = edk2.saying(options=(*edk2.options, (82, b"\x01\x04port")))


def everywhere(said: Step) -> Step:
    """Seen by the client, and a little later (and with another TTL) by the server."""
    return mirrored(said, 0.001, file=FAR, ttl=63)


def far(said: Step) -> Step:
    return changed(said, file=FAR)


def rounds(*answers: Step) -> Step:
    return together(*(step for at in TIMES for step in (everywhere(edk2.discover(at=at)), *answers)))


def two_points(*answers: Step, until: float = 70) -> Told:
    """Both captures run to the end."""
    return tell(rounds(*answers), neighbour(until), neighbour(until, FAR), until=until)


def option_82(*others: Step) -> Verdict:
    told = tell(*others, *(AGENT.discover(at=at) for at in TIMES), until=70)
    return next(verdict for verdict in verdicts(told) if verdict.judged.boot.client.mac == AGENT.mac)


def test_offers_that_leave_the_server_and_never_arrive() -> None:
    verdict = diagnose(two_points(far(dnsmasq.offer(file="x.efi"))))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == (
        "the server 10.77.0.1 sends 4 OFFERs, and none of them reaches the client's side"
    )
    assert verdict.frames(ID) == [2, 4, 6, 8, 1, 2, 3, 4]
    assert {"offer-ignored-by-client", "no-dhcp-offer"}.isdisjoint(verdict.all_ids)


def test_only_the_proxy_s_offers_are_dropped() -> None:
    begun = rounds(everywhere(dnsmasq.offer()), far(proxy.offer(gives=NOBODY)))
    verdict = diagnose(tell(begun, neighbour(70), neighbour(70, FAR), until=70))
    assert verdict.primary == ID
    assert verdict.finding(ID).says.startswith("the server 10.77.0.3 sends 4 OFFERs")


def test_option_82_without_a_relay_and_no_answer() -> None:
    verdict = option_82()
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "inferred")
    assert verdict.finding(ID).says == (
        "a switch put option 82 into 4 DISCOVERs without being their relay, and nobody answered"
    )
    assert verdict.frames(ID) == [1, 2, 3, 4]
    assert verdict.finding(ID).causes[0].startswith("the access switch puts in option 82")


# Look-alikes


def test_offers_that_arrive_are_not_lost() -> None:
    assert ID not in diagnose(two_points(everywhere(dnsmasq.offer(file="x.efi")))).all_ids


def test_a_capture_that_had_ended_shows_nothing() -> None:
    told = tell(rounds(far(dnsmasq.offer(file="x.efi"))), neighbour(70, FAR), until=70)
    early = [wire for wire in told.wires if wire.file == FAR or wire.at < 1]
    assert ID not in diagnose(replace(told, wires=early)).all_ids


def test_a_capture_that_sees_no_unicast_misses_unicast_offers() -> None:
    told = two_points(far(dnsmasq.offer(file="x.efi")))
    wires = [
        replace(wire, target_mac=edk2.mac, target="10.77.0.130") if wire.source_port == 67 else wire
        for wire in told.wires
    ]
    assert ID not in diagnose(replace(told, wires=wires)).all_ids


def test_offers_that_the_client_would_not_take_are_another_fault() -> None:
    assert ID not in diagnose(two_points(far(dnsmasq.offer()))).all_ids


def test_a_second_server_that_a_switch_keeps_out_is_no_fault() -> None:
    """That is what DHCP snooping is for."""
    rogue = replace(dnsmasq, ip="10.77.0.66")
    begun = rounds(everywhere(dnsmasq.offer(file="x.efi")), far(rogue.offer(file="y.efi")))
    told = tell(begun, everywhere(edk2.request(at=59)), everywhere(dnsmasq.ack()), edk2.missing("x.efi"))
    assert ID not in diagnose(told).all_ids


def test_option_82_of_a_real_relay() -> None:
    sent = together(*(step for at in TIMES for step in (edk2.discover(at=at), relay.forward(dnsmasq))))
    told = tell(sent, until=70)
    assert ID not in diagnose(told).all_ids
    upstream = [wire for wire in told.wires if wire.source_port == 67]
    assert ID not in diagnose(replace(told, wires=upstream)).all_ids


def test_a_server_that_answers_others_with_option_82() -> None:
    other = AGENT.on("52:54:00:77:00:99")
    served = together(other.discover(at=-30), dnsmasq.offer(file="x"), other.request(at=-26), dnsmasq.ack())
    assert ID not in option_82(served).all_ids
