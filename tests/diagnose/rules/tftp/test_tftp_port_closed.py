"""The server's host says that nobody listens."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import asked_again, icmp, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import port_unreachable, tell, together
from tests.track.programs import dnsmasq, edk2, ipxe

ID = "tftp-port-closed"


def test_icmp_port_unreachable_for_the_request() -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), port_unreachable()))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [6, 5]
    assert verdict.all_ids == [ID]


def test_a_program_that_ignores_icmp_asks_on() -> None:
    led_ipxe = together(ipxe.discover(at=0), dnsmasq.offer(file="x.efi"), ipxe.request(at=3), dnsmasq.ack())
    tries = [asked_again(ipxe, "x.efi", 4), port_unreachable()]
    for at in (4.25, 4.8, 5.85, 7.9, 12):
        tries += [ipxe.rrq("x.efi", at, again=True), port_unreachable()]
    verdict = diagnose(tell(led_ipxe, *tries))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])


def test_the_clients_own_icmp_about_a_late_packet_says_nothing_of_the_server() -> None:
    """B-12: an OACK reaches the port of a size probe that is over."""
    late = together(edk2.probe("x.efi", 4, size=18), oack(tsize=18), icmp("10.77.0.130"))
    verdict = diagnose(tell(led("x.efi"), late, edk2.fetch("x.efi", 4.5, probe=False)))
    assert (verdict.outcome, verdict.all_ids) == ("in-progress", [])
