"""Requests that nobody answers."""

from __future__ import annotations

import pytest

from tests.diagnose.tftp_scenes import asked_again, data, led, oack
from tests.diagnose.verdict import diagnose, verdicts
from tests.track.conversation import arp_reply, tell, together, unseen
from tests.track.programs import dnsmasq, edk2, edk2_http, ipxe, linux, u_boot
from tests.track.scene import Step

ID = "tftp-server-unreachable"
EVERY_4_S = (4, 8, 12, 16, 20, 24)


def test_all_requests_of_the_schedule_stay_unanswered() -> None:
    resolved = together(edk2.arp("10.77.0.1", 3.95), arp_reply("10.77.0.1", edk2))
    verdict = diagnose(tell(led("x.efi"), resolved, asked_again(edk2, "x.efi", *EVERY_4_S)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.finding(ID).says == "the server 10.77.0.1 answered none of 6 requests for `x.efi` in 20 s"
    assert verdict.frames(ID) == [7, 8, 9, 10, 11, 12, 6]
    assert "PXE-E18" in verdict.finding(ID).screen[0]


def test_three_requests_when_the_capture_ends() -> None:
    verdict = diagnose(tell(led("x.efi"), asked_again(edk2, "x.efi", *EVERY_4_S[:3])))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("stalled", ID, "inferred")
    assert verdict.severity(ID) == "error"


def test_where_only_the_clients_packets_show_answers_may_have_been_sent() -> None:
    told = tell(
        edk2.discover(at=0), unseen(dnsmasq.offer(file="x.efi")), edk2.request(at=3), unseen(dnsmasq.ack()),
        asked_again(edk2, "x.efi", *EVERY_4_S), until=60,
    )  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.primary, verdict.severity(ID), verdict.confidence(ID)) == (ID, "error", "inferred")
    assert verdict.finding(ID).says == (
        "no answer of 10.77.0.1 to 6 requests for `x.efi` in 20 s reached this capture point"
    )


def test_a_new_port_for_every_try_is_the_same_request() -> None:
    tries = [u_boot.rrq("x.img", 4 + 5 * number) for number in range(11)]
    leased = together(u_boot.discover(at=0), dnsmasq.offer(file="x.img"), u_boot.request(at=3), dnsmasq.ack())
    told = tell(leased, u_boot.arp("10.77.0.1", 3.5), arp_reply("10.77.0.1", u_boot), *tries)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says == "the server 10.77.0.1 answered none of 11 requests for `x.img` in 50 s"


def test_the_next_boot_option_proves_that_it_was_given_up() -> None:
    resolved = together(edk2.arp("10.77.0.1", 3.95), arp_reply("10.77.0.1", edk2))
    told = tell(led("x.efi"), resolved, asked_again(edk2, "x.efi", *EVERY_4_S[:3]), edk2_http.discover(28))
    verdict = diagnose(told)
    assert (verdict.primary, verdict.severity(ID), verdict.confidence(ID)) == (ID, "fatal", "strong")


def test_the_request_may_be_late_but_it_is_answered() -> None:
    told = tell(led("x.efi"), asked_again(edk2, "x.efi", 4, 8, 12), oack(blksize=1468), edk2.acknowledge(0), data(1, 9))
    assert diagnose(told).all_ids == []


def test_an_optional_file_without_an_answer_is_no_fault() -> None:
    begun = together(ipxe.discover(at=0), dnsmasq.offer(file="ipxe.efi"), ipxe.request(at=3), dnsmasq.ack())
    tries = asked_again(ipxe, "autoexec.ipxe", 4, 4.25, 4.8, 5.85, 7.9, 12)
    verdict = diagnose(tell(begun, tries, ipxe.fetch("vmlinuz", 20), ipxe.fetch("initrd.img")))
    assert (verdict.outcome, verdict.all_ids) == ("booted", [])


@pytest.mark.parametrize("server", ["10.77.0.1", "10.77.0.9"])
def test_it_says_whether_the_server_served_others(server: str) -> None:
    other = edk2.on("52:54:00:77:00:99")
    first = together(led("x.efi", other), other.fetch("x.efi", server="10.77.0.1"))
    asked = together(*(edk2.rrq("x.efi", at + 40, again=at > 4, server=server) for at in EVERY_4_S))
    mine: Step = together(edk2.discover(40), dnsmasq.offer(file="x.efi"), edk2.request(43.9), dnsmasq.ack())
    told = tell(first, mine, asked, linux.arp("10.77.0.7", 80))
    verdict = verdicts(told)[1]
    assert verdict.primary == ID
    assert ("served 1 other client" in verdict.finding(ID).explanation) == (server == "10.77.0.1")
