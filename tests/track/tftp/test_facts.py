"""The facts that explain a transfer: who answered, where it stopped, what came twice, how fast each side was."""

from __future__ import annotations

import pytest

from pxedebug.track import Limits
from pxedebug.track.story import TftpFacts
from pxedebug.wire.batch import frame_number
from tests.track.network import Endpoint, Tftp, Wire, only, transfers

both_ways = pytest.mark.parametrize("cuts", [(), range(1000)], ids=["one batch", "a batch a frame"])


def facts(wire: Wire, cuts: range | tuple[int, ...] = ()) -> TftpFacts:
    found = only(wire, cuts).tftp
    assert found is not None
    return found


@both_ways
def test_who_answered_first_and_from_where(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq(blksize=1024).oack(blksize=1024).ack(0).data(1, 5).ack(1)
    found = facts(wire, cuts)
    assert (found.mode, found.request_port) == (b"octet", 69)
    assert (found.answers, found.answer_ports) == ((2,), (40000,))
    assert found.asked_mac == found.answered_mac == bytes.fromhex("020000000001")
    assert found.strangers == ()


@both_ways
def test_answers_that_nobody_takes(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().oack(tsize=5)
    boot.answers_from(port=40001).wait(4).again().oack(tsize=5)
    found = facts(wire, cuts)
    assert (found.answers, found.answer_ports) == ((2, 4), (40000, 40001))


def test_no_more_than_a_few_answers_are_kept() -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    for _ in range(20):
        boot.oack(tsize=5)
    assert facts(wire).answers == tuple(range(2, 10))


@both_ways
def test_an_answer_from_an_address_that_was_not_asked(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq().answers_from(address="10.0.0.77").oack(tsize=5).oack(tsize=5)
    assert [(str(address), frame) for address, frame in facts(wire, cuts).strangers] == [("10.0.0.77", 2)]


def test_where_the_right_server_answers_too_nobody_is_a_stranger() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().oack(tsize=5)
    boot.answers_from(address="10.0.0.77").oack(tsize=5)
    assert facts(wire).strangers == ()


@both_ways
def test_data_from_a_port_that_was_not_chosen(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().data(1).ack(1)
    Tftp(wire, "x", boot.client, boot.listener, boot.server.at(41000)).oack(tsize=5).data(1)
    boot.data(2, 5).ack(2)
    assert facts(wire, cuts).rival_frame == 5


def test_data_from_two_ports_before_one_is_chosen() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().data(1)
    Tftp(wire, "x", boot.client, boot.listener, boot.server.at(41000)).data(1)
    boot.ack(1)
    assert (facts(wire).rival_frame, facts(wire, range(10)).rival_frame) == (3, 3)


@both_ways
def test_where_it_stopped(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 3).data(4)
    for _ in range(3):
        boot.wait(1).data(4).ack(3)
    found = facts(wire, cuts)
    assert (found.highest_block, found.highest_ack, found.data_tries) == (4, 3, 3)
    assert (found.data_frame, found.ack_frame, found.repeats) == (8, 7, (13, 14))


@both_ways
def test_acks_in_the_middle_of_a_window(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq(windowsize=4).oack(windowsize=4).ack(0).window(1, 2, 3, 4).ack(4)
    boot.window(5, 7, 8).ack(5).window(6, 7, 8, 9).ack(9).window(10, 11).ack(11)
    assert facts(wire, cuts).short_acks == 2  # 5, and the file's end


def test_without_windows_no_ack_is_short() -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 5)
    assert facts(wire).short_acks == 0


@both_ways
def test_blocks_that_travel_twice(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 1)
    for block in (2, 3, 4):
        boot.data(block).data(block).ack(block).ack(block)
    found = facts(wire, cuts)
    assert (found.twins, found.twin_block, found.twin_run, found.twin_frame) == (3, 2, 3, 5)


@both_ways
def test_a_repeat_after_a_timeout_is_no_twin(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    for block in (1, 2, 3):
        boot.data(block).wait(1).data(block).ack(block).wait(1).ack(block)
    assert facts(wire, cuts).twins == 0


def test_what_a_mirror_delivers_twice_is_no_twin() -> None:
    wire = Wire(mirrored=True)
    wire.tftp().rrq().blocks(1, 20)
    assert facts(wire).twins == 0


@both_ways
def test_fragments(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq(blksize=2000).oack(blksize=2000).ack(0)
    boot.mtu = 1400
    boot.data(1, 2000).ack(1).data(2, 2000)
    wire.lose(-1)
    found = facts(wire, cuts)
    assert (found.fragments, found.fragments_whole, found.fragment_size, found.fragment_frame) == (2, 1, 1396, 4)


@both_ways
def test_how_long_each_side_takes(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    for block in range(1, 11):
        boot.wait(0.009).data(block).wait(0.001).ack(block)
    boot.wait(5).data(11, 1).wait(0.001).ack(11)
    found = facts(wire, cuts)
    assert (found.server_turnaround, found.client_turnaround) == (10_000_000, 2_000_000)


def test_the_client_said_no() -> None:
    wire = Wire()
    wire.tftp().rrq().data(1).abort(0, "User aborted")
    assert facts(wire).error_from_client
    other = Wire()
    other.tftp().rrq().error(1)
    assert not facts(other).error_from_client


def test_the_cap_on_orphan_ports_is_named() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().data(1).ack(1)
    for tid in range(41_000, 41_010):
        Tftp(wire, "x", boot.client, boot.listener, boot.server.at(tid)).oack(tsize=1)
    (read,) = transfers(wire, limits=Limits(orphan_ports=2))
    assert read.orphan_ports == (41_000, 41_001)


def test_frames_are_named_by_their_source() -> None:
    wire = Wire()
    wire.tftp(server=Endpoint("10.0.0.9", 69, bytes(6))).rrq().data(1, 3).ack(1)
    assert [frame_number(frame) for frame in facts(wire).answers] == [2]
