"""DISCOVERs without an answer, and what is known of the port meanwhile."""

from __future__ import annotations

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.port import Silence, port_words, silence_of
from pxedebug.wire.neighbours import Bpdu
from tests.diagnose.link_scenes import bpdu, bpdus, in_time, lldp, neighbour
from tests.track.conversation import Told, mirrored, numbers, seconds, tell, together
from tests.track.programs import dnsmasq, edk2, ipxe_rom, u_boot
from tests.track.scene import Step

FOUR = together(*(ipxe_rom.discover(at=second) for second in (0, 1, 3, 7)))


def of(told: Told) -> Silence | None:
    return silence_of(Case(told.boot, 1, 0).first)


def network(told: Told) -> Network:
    return Network(told.story, told.boots)


def test_discovers_that_nobody_answers_until_the_client_gives_up() -> None:
    found = of(tell(FOUR, until=100))
    assert found is not None
    assert (numbers(found.unanswered), found.first_answered) == ([1, 2, 3, 4], None)
    assert (seconds(found.until), found.settled) == (16, True)


def test_silence_lasts_no_longer_than_the_capture() -> None:
    found = of(tell(FOUR))
    assert found is not None
    assert seconds(found.until) == 7


def test_the_discover_that_got_the_first_answer_ends_it() -> None:
    sent = together(*(edk2.discover(at=second) for second in (0, 4, 12, 28)))
    found = of(tell(sent, dnsmasq.offer(file="x"), edk2.request(), dnsmasq.ack()))
    assert found is not None
    assert found.first_answered is not None
    assert (numbers(found.unanswered), numbers([found.first_answered]), seconds(found.until)) == ([1, 2, 3], [4], 28)


def test_an_answer_that_is_only_slow_answers_the_discover_that_it_names() -> None:
    """U-Boot takes a new xid for every DISCOVER; the answer after 3 s is the first one's."""

    def late(told: list[Step]) -> Told:
        return tell(*told, dnsmasq.offer(at=3, xid=0x10000101), u_boot.request(), dnsmasq.ack())

    assert of(late([u_boot.discover(at=second) for second in (0, 0.25, 0.75, 1.75)])) is None


def test_one_discover_is_no_silence() -> None:
    assert of(tell(edk2.discover(at=0), until=100)) is None


def test_a_port_is_closed_while_nothing_but_link_control_comes_out_of_it() -> None:
    for noise, closed in ((bpdu(5), True), (neighbour(5), False)):
        told = tell(in_time(bpdus(-1, 20), FOUR, noise))
        found = of(told)
        assert found is not None
        first = found.frames_of(network(told), Bpdu)[0]
        assert found.closed(network(told), first, found.until) is closed


def test_link_frames_of_a_capture_that_never_saw_the_client_do_not_count() -> None:
    told = tell(in_time(bpdus(-1, 20, file=1), FOUR))
    found = of(told)
    assert found is not None
    assert found.frames_of(network(told), Bpdu) == []


def test_a_mirror_s_copies_of_link_frames_do_not_count() -> None:
    told = tell(in_time(FOUR, mirrored(bpdu(2)), mirrored(bpdu(4))))
    found = of(told)
    assert found is not None
    assert [seen.frame for seen in found.frames_of(network(told), Bpdu)] == [3, 6]


def test_a_boot_that_stands_still_is_stuck_though_not_settled() -> None:
    twice = together(edk2.discover(at=0), edk2.discover(at=4))
    judged = [(of(tell(twice, until=until)), until) for until in (5, 11, 61)]
    assert [(found.stuck, found.settled) for found, _ in judged if found] == [
        (True, False),
        (True, False),
        (True, True),
    ]


def test_the_port_s_own_name() -> None:
    told = tell(in_time(bpdus(-1, 20), lldp(3), FOUR))
    seen = network(told).events(Bpdu)[0]
    assert port_words(network(told), seen) == "The port names itself `Gi1/0/7` of `sw1`."
    told = tell(in_time(bpdus(-1, 20), lldp(3), lldp(4, "Gi1/0/8"), FOUR))
    assert port_words(network(told), seen) == ""
