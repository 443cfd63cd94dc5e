"""A DHCPv6 server refuses the client an address."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.ipv6_scenes import boot6, leased, status
from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http
from tests.track.scene import Step

ID = "dhcpv6-no-addresses"
URL = b"tftp://[fd77::1]/x.efi"
PUBLIC = "tianocore__user-attachments__tianocore__edk2__BZ-433-captur.pcap"


def asked_and_refused(tries: int) -> Step:
    steps = [boot6.solicit(at=0), boot6.advertise(url=URL)]
    for at in (5, 7, 10, 15)[:tries]:
        steps += [boot6.request(at=at), boot6.refuse(text=b"none left", inside=status(1, b"address in use"))]
    return together(*steps)


def test_every_request_is_refused() -> None:
    verdict = diagnose(tell(asked_and_refused(4)))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    finding = verdict.finding(ID)
    assert finding.says == (
        "the server fe80::1 gives the client no address: it answered 4 REQUESTs with NoAddrsAvail, `none left`"
    )
    assert "About the address itself it says UnspecFail, `address in use`." in finding.explanation
    assert verdict.frames(ID) == [10, 8, 6, 4]


def test_the_address_of_the_first_exchange_is_shown() -> None:
    first = together(
        boot6.solicit_address(at=0), boot6.advertise(xid=0xC1E115), boot6.request_address(), boot6.reply(xid=0xC2E115)
    )
    again = [step for at in (8, 10, 13) for step in (boot6.request(at=at), boot6.refuse())]
    verdict = diagnose(tell(first, boot6.solicit(at=3), boot6.advertise(url=URL), *again))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID)[-1] == 4
    assert "It had given the same client fd77::100 shortly before." in verdict.finding(ID).explanation


def test_one_refusal_while_the_client_still_moves_is_a_warning() -> None:
    verdict = diagnose(tell(asked_and_refused(1)))
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


def test_one_refusal_and_silence() -> None:
    verdict = diagnose(tell(asked_and_refused(1), until=40))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_one_refusal_and_the_next_boot_option() -> None:
    verdict = diagnose(tell(asked_and_refused(1), edk2_http.afresh(at=6)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_a_refusal_that_was_got_over() -> None:
    verdict = diagnose(tell(asked_and_refused(2), boot6.request(at=10), boot6.reply(url=URL)))
    assert (verdict.outcome, verdict.all_ids) == ("in-progress", [])


def test_solicits_that_are_refused() -> None:
    tries = [step for at in (0, 4.5, 13.5, 30.5) for step in (boot6.solicit(at=at), boot6.refuse(kind=2, xid=0xC3E115))]
    verdict = diagnose(tell(*tries))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert "it answered 4 SOLICITs with NoAddrsAvail" in verdict.finding(ID).says


def test_another_server_advertises_an_address() -> None:
    both = [boot6.refuse(kind=2, xid=0xC3E115), boot6.advertise(url=URL)]
    for answers in (both, both[::-1]):
        assert diagnose(tell(boot6.solicit(at=0), *answers, until=4)).all_ids == []


def test_the_answer_to_a_release_is_no_refusal() -> None:
    parting = together(boot6.release(at=30), boot6.refuse(code=3, xid=0xC5E115))
    assert ID not in diagnose(tell(leased(boot6, URL), parting, until=90)).all_ids


def test_a_published_capture(public_captures: Path) -> None:
    (verdict,) = of_capture(public_captures / PUBLIC)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID) == [23, 21, 17, 13, 10]
