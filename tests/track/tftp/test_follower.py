"""Which frames belong to which transfer: ports, addresses, repeats, orphans, limits."""

from __future__ import annotations

import pytest

from pxedebug.track import Limits, Tracker
from pxedebug.track.clocks import SECOND
from tests.track.network import Wire, feed, only, story_of, transfers

EVERY_CUT = range(1000)
both_ways = pytest.mark.parametrize("cuts", [(), EVERY_CUT], ids=["one batch", "a batch a frame"])


# Where answers come from (RFC 1350 section 4)


@both_ways
@pytest.mark.parametrize("tid", [69, 1069, 65535])
def test_the_server_chooses_its_port(tid: int, cuts: range) -> None:
    wire = Wire()
    wire.tftp(tid=tid).rrq().blocks(1, 2).data(3, 5).ack(3)
    read = only(wire, cuts)
    assert (read.status, read.server_port, read.size) == ("complete", tid, 1029)


@both_ways
def test_the_server_answers_from_another_address(cuts: range) -> None:
    wire = Wire()
    wire.tftp().answers_from(address="10.0.0.99").rrq().blocks(1, 2).data(3, 5).ack(3)
    read = only(wire, cuts)
    assert (read.status, read.size, str(read.server)) == ("complete", 1029, "10.0.0.1")


@both_ways
def test_a_server_that_listens_on_another_port(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.listener = boot.listener.at(6969)
    boot.rrq().data(1, 5).ack(1)
    assert only(wire, cuts).status == "complete"


def test_off_port_69_a_request_must_look_like_one() -> None:
    wire = Wire()
    boot = wire.tftp()
    wire.udp(boot.client, boot.listener.at(5353), b"\x00\x01" + bytes(range(128, 250)))
    assert transfers(wire) == []


@both_ways
def test_two_clients_with_the_same_port_are_two_transfers(cuts: range) -> None:
    wire = Wire()
    one, two = wire.tftp(file="one"), wire.tftp(file="two", tid=40001)
    two.client = two.client.at(address="10.0.0.131")
    one.rrq(), two.rrq()
    for block in (1, 2, 3):
        one.data(block), two.data(block), one.ack(block), two.ack(block)
    two.data(4, 1).ack(4)
    assert [(read.file, read.blocks) for read in transfers(wire, cuts)] == [(b"one", 3), (b"two", 4)]


# Repeated requests and orphans (B-08)


@both_ways
def test_ports_that_repeated_requests_opened_are_orphans(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.rrq(blksize=1400).oack(blksize=1400).wait(1)
    boot.rrq(blksize=1400).answers_from(40001).oack(blksize=1400)
    boot.ack(0).blocks(1, 3, 1400)
    boot.answers_from(40000).oack(blksize=1400).wait(1).oack(blksize=1400).error(0, "timeout")
    boot.answers_from(40001).data(4, 7).ack(4)
    read = only(wire, cuts)
    assert (read.status, read.server_port, read.orphan_ports) == ("complete", 40001, (40000,))
    assert (read.requests, read.retransmissions, read.size, read.error_code) == ((1, 3), 1, 4207, None)


@both_ways
def test_the_clients_error_to_an_orphan_does_not_end_the_transfer(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.rrq().data(1).ack(1)
    boot.answers_from(40001).data(1).abort(5, "Unknown transfer ID")
    boot.answers_from(40000).data(2, 9).ack(2)
    read = only(wire, cuts)
    assert (read.status, read.orphan_ports) == ("complete", (40001,))


@both_ways
def test_an_error_that_an_orphan_sent_first_is_forgotten(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.rrq().error(0, "busy").answers_from(40001).data(1).ack(1).data(2, 1).ack(2)
    assert (only(wire, cuts).status, only(wire, cuts).error_code) == ("complete", None)


@both_ways
def test_a_repeated_oack_is_a_retransmission(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq(tsize=0).oack(tsize=3).wait(1).oack(tsize=3).ack(0).data(1, 3).ack(1)
    assert (only(wire, cuts).retransmissions, only(wire, cuts).status) == (1, "complete")


# The client's port again


@both_ways
def test_the_same_file_from_the_same_port_after_an_error_is_another_transfer(cuts: range) -> None:
    wire = Wire()
    wire.tftp(file="missing").rrq().error(1, "no").rrq().error(1, "no").rrq().error(2, "still no")
    assert [read.error_code for read in transfers(wire, cuts)] == [1, 1, 2]


@both_ways
def test_another_file_from_the_same_port(cuts: range) -> None:
    wire = Wire()
    wire.tftp(file="one").rrq().blocks(1, 2).data(3, 1).ack(3)
    wire.tftp(file="two", tid=40001).rrq().error(1, "no")
    wire.tftp(file="three", tid=40002).rrq().blocks(1, 4).data(5, 2).ack(5)
    reads = transfers(wire, cuts)
    assert [(read.file, read.status, read.size) for read in reads] == [
        (b"one", "complete", 1025), (b"two", "refused", 0), (b"three", "complete", 2050),
    ]  # fmt: skip


@both_ways
def test_the_same_file_from_the_same_port_after_it_was_read(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp()
    for _ in range(3):
        boot.rrq().data(1, 20).ack(1)
    assert [(read.status, read.size) for read in transfers(wire, cuts)] == [("complete", 20)] * 3


@both_ways
def test_an_icmp_error_goes_to_the_transfer_of_its_time(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp(file="one").rrq().refused_by_icmp().wait(5)
    boot.file = "two"
    boot.rrq().data(1, 3).ack(1)
    assert [read.status for read in transfers(wire, cuts)] == ["unreachable", "complete"]


@both_ways
def test_what_a_port_sent_before_its_request_is_not_counted(cuts: range) -> None:
    wire = Wire()
    wire.tftp().blocks(7, 9)
    wire.tftp().rrq().data(1, 3).ack(1)
    assert (only(wire, cuts).blocks, only(wire, cuts).size) == (1, 3)


# Fragments


@both_ways
def test_data_in_fragments(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.mtu = 1500
    boot.rrq(blksize=4096).oack(blksize=4096).ack(0).blocks(1, 4, 4096).data(5, 100).ack(5)
    read = only(wire, cuts)
    assert (read.status, read.size, read.fragmented) == ("complete", 16484, True)
    assert (len(read.head), read.head[:2], read.retransmissions) == (4096, b"\x02\x02", 0)


@both_ways
def test_fragments_that_never_become_whole(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.mtu = 1500
    boot.rrq(blksize=4096).oack(blksize=4096).ack(0)
    for _ in range(3):
        boot.wait(2).data(1, 4096)
        wire.lose(-1)
    read = only(wire, cuts)
    assert (read.size, read.fragmented, read.blocks) == (0, True, 0)
    assert only(wire, cuts, later=11).status == "stalled"


@both_ways
def test_fragments_belong_to_the_request_before_them(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp(file="one")
    boot.mtu = 1500
    boot.rrq(blksize=2000).oack(blksize=2000).ack(0).data(1, 1999).ack(1)
    boot = wire.tftp(file="two", tid=40001)
    boot.rrq().data(1, 10).ack(1)
    assert [(r.size, r.fragmented, len(r.head)) for r in transfers(wire, cuts)] == [(1999, True, 1999), (10, False, 10)]


# Mirrored frames (B-13)


@both_ways
def test_copies_of_a_mirror_are_no_retransmissions(cuts: range) -> None:
    wire = Wire(mirrored=True)
    boot = wire.tftp().rrq(tsize=0).wait(1).rrq(tsize=0).oack(tsize=1034).ack(0).blocks(1, 2).data(3, 10)
    boot.wait(1).ack(2).wait(1).data(3, 10).ack(3)
    read = only(wire, cuts)
    assert (read.status, read.size, len(read.requests)) == ("complete", 1034, 2)
    assert read.retransmissions == 2  # one request and one block
    assert read.unanswered_tries == 1


@both_ways
def test_copies_of_acks_make_no_stall(cuts: range) -> None:
    wire = Wire(mirrored=True)
    wire.tftp().rrq().blocks(1, 3).wait(1).ack(3)
    read = only(wire, cuts, later=2)
    assert (read.status, read.unanswered_tries) == ("in-progress", 2)


@both_ways
def test_a_copied_request_that_comes_after_the_answer_is_still_a_copy(cuts: range) -> None:
    wire = Wire(step=10_000)
    boot = wire.tftp().rrq()
    request = wire.frames[0].data
    boot.error(1, "no")
    wire.put(boot.client, boot.listener, request[14:])
    assert len(transfers(wire, cuts)) == 1


# Limits


@both_ways
def test_the_transfer_silent_for_longest_makes_room(cuts: range) -> None:
    wire = Wire()
    first, second = wire.tftp(file="first"), wire.tftp(file="second", port=2071, tid=40001)
    third = wire.tftp(file="third", port=2072, tid=40002)
    first.rrq(), second.rrq()
    first.blocks(1, 2), second.blocks(1, 2), first.blocks(3, 4)
    third.rrq().blocks(1, 2)
    second.blocks(3, 4)  # closed: second was silent for longest
    first.data(5, 1).ack(5)
    reads = transfers(wire, cuts, Limits(open_transfers=2))
    assert [(read.file, read.blocks) for read in reads] == [(b"first", 5), (b"second", 2), (b"third", 2)]


@both_ways
def test_a_transfer_that_was_silent_for_too_long_takes_no_more_frames(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 3).wait(179).blocks(4, 4).wait(181).blocks(5, 6)
    boot.wait(20).data(7, 1)
    assert only(wire, cuts, Limits(transfer_age=180 * SECOND)).blocks == 4


@both_ways
def test_a_request_repeated_after_too_long_is_another_transfer(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq().wait(181).rrq()
    assert len(transfers(wire, cuts)) == 2


@both_ways
def test_server_packets_kept_before_the_clients_first(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq(tsize=0)
    for _ in range(100):
        boot.oack(tsize=40)
    boot.ack(0).data(1, 40).ack(1)
    assert only(wire, cuts).status == "complete"
    assert only(wire, cuts, Limits(pending_per_transfer=8)).status == "complete"


def test_a_flood_of_requests_stays_within_the_cap_and_takes_little_time() -> None:
    wire = Wire(step=1000)
    for number in range(3000):
        wire.tftp(port=2000 + number).rrq()
    story, tracker = story_of(wire, limits=Limits(open_transfers=256))
    assert len(tracker._tftp._live) <= 256
    assert len(tracker._tftp._bulk.columns.high) <= 512
    assert sum(len(stage.transfers) for boot in story.boots for stage in boot.stages) == 3000


def test_silent_transfers_are_closed_while_others_go_on() -> None:
    wire = Wire()
    wire.tftp(file="old").rrq()
    boot = wire.tftp(file="new", port=2071, tid=40001).rrq()
    for block in range(1, 30):
        boot.wait(10).blocks(block, block)
    tracker = Tracker(Limits())
    feed(tracker, wire.frames, range(0, 1000, 5))
    assert [transfer.file for transfer in tracker._tftp._live.values()] == [b"new"]


@both_ways
def test_an_icmp_error_after_too_long_is_about_something_else(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().wait(181).oack(tsize=1).refused_by_icmp()
    boot.wait(1)
    assert only(wire, cuts).status == "unanswered"
