"""Questions to port 4011, and what became of them."""

from __future__ import annotations

from ipaddress import ip_address

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.proxy import item_type, offers_of, questions
from tests.diagnose.proxy_scenes import asks, both_offer
from tests.track.conversation import changed, numbers, tell
from tests.track.programs import edk2, ipxe_rom, kea, proxy
from tests.track.scene import Step

ITEM = b"\x80\x00\x00\x00"
ANSWER = proxy.proxy_ack(file="x.efi")


def turn(*steps: Step) -> Turn:
    return Case(tell(both_offer(), *steps).boot, 1, 0).first


def test_repeats_are_one_question_and_an_answer_ends_it() -> None:
    first, second = questions(turn(asks(edk2, proxy, 4, 5), ANSWER, asks(edk2, proxy, 6)))
    assert (numbers(first.sends), numbers(first.answers), first.misdirected) == ([6, 7], [8], [])
    assert (numbers(second.sends), second.answers) == ([9], [])


def test_tries_with_xids_of_their_own_are_one_question() -> None:
    (question,) = questions(turn(edk2.ask_proxy(proxy, at=4), edk2.ask_proxy(proxy, at=5)))
    assert numbers(question.sends) == [6, 7]
    assert not question.discovery


def test_servers_are_asked_each_for_itself() -> None:
    first, second = questions(turn(asks(edk2, proxy, 4), asks(edk2, kea, 5, item=ITEM)))
    assert (str(first.server), str(second.server)) == ("10.77.0.3", "10.77.0.2")
    assert (first.discovery, second.discovery) == (False, True)
    assert item_type(second.sends[0]) == 0x8000


def test_answers_that_the_client_cannot_take() -> None:
    for change in ({"source_port": 67}, {"target_port": 68}, {"source": "10.77.0.33"}):
        (question,) = questions(turn(asks(edk2, proxy, 4), changed(ANSWER, **change)))
        assert (question.answers, numbers(question.misdirected)) == ([], [7])


def test_who_offered_and_whether_the_client_went_on() -> None:
    asked = turn(asks(ipxe_rom, proxy, 4), ipxe_rom.rrq("x.0"))
    assert [str(offer.server) for offer in offers_of(asked, ip_address("10.77.0.3"))] == ["10.77.0.3"]
    assert offers_of(asked, ip_address("10.77.0.9")) == []
    last = asked.proxy_requests[-1].packet.time
    assert asked.went_on(last)
    assert not asked.went_on(last + 10**9)
