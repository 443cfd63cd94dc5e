"""What DHCPv6 messages of a stage mean."""

from __future__ import annotations

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.dhcp6_facts import answers, boot_url, granted, questions, refused, solicits, status_words
from pxedebug.track.story import Message
from pxedebug.wire.batch import frame_number
from tests.diagnose.ipv6_scenes import boot6
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2
from tests.track.scene import Step

URL = b"tftp://[fd77::1]/x.efi"
ADDRESS = together(
    boot6.solicit_address(at=0), boot6.advertise(xid=0xC1E115), boot6.request_address(), boot6.reply(xid=0xC2E115)
)


def turn_of(*steps: Step) -> Turn:
    return Case(tell(*steps).boot, 1, 0).last


def frames(messages: list[Message]) -> list[int]:
    return [frame_number(message.packet.frame) for message in messages]


def test_messages_of_both_protocols_are_kept_apart() -> None:
    turn = turn_of(ADDRESS, boot6.solicit(at=3), boot6.advertise())
    assert (frames(turn.messages6), turn.messages) == ([1, 2, 3, 4, 5, 6], [])
    over_v4 = turn_of(edk2.discover(at=0), dnsmasq.offer())
    assert (over_v4.messages6, frames(over_v4.messages)) == ([], [1, 2])


def test_only_what_asks_to_boot_is_a_question() -> None:
    turn = turn_of(
        ADDRESS, boot6.solicit(at=3), boot6.advertise(url=URL), boot6.request(at=8), boot6.reply(url=URL + b"\0")
    )
    assert (frames(questions(turn)), frames(solicits(turn))) == ([5, 7], [5])
    assert frames(answers(turn, questions(turn))) == [6, 8]
    reply = granted(turn)
    assert reply is not None
    assert (frames([reply]), boot_url(reply)) == ([8], URL)


def test_a_grant_is_the_last_word_on_what_boots() -> None:
    asked = together(ADDRESS, boot6.solicit(at=3), boot6.advertise(url=URL), boot6.request(at=8))
    assert granted(turn_of(asked)) is None
    assert granted(turn_of(asked, boot6.refuse())) is None
    assert granted(turn_of(asked, boot6.refuse(), boot6.request(at=10), boot6.reply())) is not None


def test_refusals_since_the_last_grant() -> None:
    asked = together(boot6.solicit(at=0), boot6.advertise(url=URL), boot6.request(at=5))
    assert frames(refused(turn_of(asked, boot6.refuse(), boot6.request(at=7), boot6.refuse()))) == [4, 6]
    assert refused(turn_of(asked, boot6.refuse(), boot6.request(at=7), boot6.reply())) == []


def test_status_in_words() -> None:
    assert status_words((2, b"none left\0")) == "NoAddrsAvail, `none left`"
    assert (status_words((4, b"")), status_words((99, b""))) == ("NotOnLink", "status 99")
