"""SOLICITs that nobody answers."""

from __future__ import annotations

from tests.diagnose.ipv6_scenes import boot6, ipxe6, ordered, router_advertisement
from tests.diagnose.verdict import diagnose, verdicts
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http, ipxe, linux, pxe6
from tests.track.scene import Step

ID = "dhcpv6-no-advertise"
TIMES = (0, 4.5, 13.5, 30.5)


def solicits(start: float = 0, number: int = 4) -> Step:
    return together(*(pxe6.solicit(at=start + at) for at in TIMES[:number]))


def test_a_whole_schedule_without_an_answer() -> None:
    verdict = diagnose(tell(solicits()))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "inferred")
    assert verdict.frames(ID) == [1, 2, 3, 4]
    assert verdict.finding(ID).says.endswith("it sent 4 SOLICITs in 30 s and never a REQUEST")
    assert "this link may have no IPv6 at all" in verdict.finding(ID).explanation


def test_a_router_that_leaves_dhcpv6_out_is_cited() -> None:
    verdict = diagnose(
        tell(router_advertisement(at=0, managed=False), together(*(pxe6.solicit(at=1 + at) for at in TIMES)))
    )
    assert verdict.frames(ID) == [2, 3, 4, 5, 1]
    assert "its M flag is off" in verdict.finding(ID).explanation


def test_two_of_four_may_still_be_answered() -> None:
    verdict = diagnose(tell(solicits(number=2)))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("stalled", ID, "error")


def test_one_alone_says_nothing() -> None:
    assert diagnose(tell(solicits(number=1))).all_ids == []


def test_the_walk_after_a_failed_boot_over_ipv4_explains_only() -> None:
    unanswered = [edk2.discover(at=at) for at in (0, 4, 12, 28)]
    verdict = diagnose(tell(*unanswered, solicits(start=60), edk2_http.afresh(at=120)))
    assert (verdict.outcome, verdict.primary) == ("failed", "no-dhcp-offer")
    assert verdict.severity(ID) == "info"


def test_a_boot_over_ipv4_that_fails_later_is_what_counts() -> None:
    over_v4 = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack())
    verdict = diagnose(tell(over_v4, edk2.missing("x.efi"), solicits(start=6)))
    assert (verdict.outcome, verdict.primary) == ("failed", "tftp-file-not-found")
    assert verdict.severity(ID) == "info"


def test_a_boot_over_ipv4_that_works_afterwards() -> None:
    over_v4 = together(
        edk2.discover(at=61), dnsmasq.offer(file="x.efi"), edk2.request(at=65), dnsmasq.ack(), edk2.fetch("x.efi"),
        linux.discover(at=75), dnsmasq.offer(), linux.request(), dnsmasq.ack(),
    )  # fmt: skip
    verdict = diagnose(tell(solicits(), over_v4))
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_an_address_is_given_to_the_firmware_but_nothing_to_boot() -> None:
    first = together(
        boot6.solicit_address(at=0), boot6.advertise(xid=0xC1E115), boot6.request_address(), boot6.reply(xid=0xC2E115)
    )
    verdict = diagnose(tell(first, *(boot6.solicit(at=3 + at) for at in TIMES)))
    assert verdict.frames(ID)[-1] == 4
    assert "answered what the firmware asked without a boot class" in verdict.finding(ID).explanation


def test_an_advertise_is_an_answer() -> None:
    verdict = diagnose(tell(solicits(number=2), pxe6.advertise(url=b"tftp://[fd77::1]/x.efi"), until=100))
    assert ID not in verdict.all_ids


def test_a_request_shows_that_there_was_one() -> None:
    assert ID not in diagnose(tell(solicits(), pxe6.request(at=35), until=200)).all_ids


def test_what_ipxe_asks_beside_its_boot_over_ipv4_means_nothing() -> None:
    over_v4 = together(ipxe.discover(at=0), dnsmasq.offer(file="x.ipxe"), ipxe.request(at=3), dnsmasq.ack())
    asked = together(*(ipxe6.solicit(at=at) for at in (0.35, 0.6, 1.1, 2.1, 4.1, 8.1)))
    judged = verdicts(tell(ordered(over_v4, asked), ipxe.fetch("x.ipxe", 17)))
    assert [verdict for verdict in judged if ID in verdict.all_ids] == []
    assert diagnose(tell(asked)).primary == ID
