"""The whole tracker on conversations of any kind: the story must not depend on how it is fed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pxedebug.track import Limits, Tracker
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Story, Transfer
from tests.track.network import CLIENT, Frame, Http, Tftp, Wire, feed, reply, story_of, transfers
from tests.wire.frame_builders import batch_of

Told = tuple[list[object], list[object], list[object]]
Steps = list[tuple[int, str, int]]

TFTP_STEPS = (
    "rrq", "rrq", "again", "oack", "data", "data", "data", "same data", "skip", "late", "tail", "ack", "ack",
    "same ack",    "error", "abort", "other file", "orphan", "icmp", "fragments", "wait", "age",
)  # fmt: skip
HTTP_STEPS = (
    "connect", "get", "get", "head", "reply", "reply", "chunked", "half head", "body", "body", "same body", "skip",
    "late",    "ack", "fin", "rst", "client rst", "refused", "syn", "new connection", "wait", "age",
)  # fmt: skip
LIMITS = Limits(open_transfers=2, open_connections=2, pending_per_transfer=4, holes_per_transfer=3)


def told(story: Story) -> Told:
    return list(story.boots), list(story.others), [story.sources, story.warnings, story.evicted]


class TftpTalk:
    """One client's TFTP, step by step and not always sensible."""

    def __init__(self, wire: Wire, number: int) -> None:
        self.wire, self.number = wire, number
        self.tftp: Tftp = wire.tftp(f"file{number}", port=2000 + number, tid=40000 + number)
        self.block = self.acked = 0

    def step(self, name: str, size: int) -> None:
        tftp = self.tftp
        if name not in ("rrq", "other file") and not tftp.options:
            return
        size = (1400 if tftp.mtu else 512) * (size % 3 > 0)
        acts: dict[str, Callable[[], object]] = {
            "rrq": lambda: tftp.rrq(tsize=0),
            "again": tftp.again,
            "oack": lambda: tftp.oack(tsize=2000),
            "same data": lambda: tftp.data(self.block, size),
            "late": lambda: tftp.data(max(1, self.block - 2), size),
            "tail": lambda: tftp.data(self.block + 1, 17),
            "same ack": lambda: tftp.ack(self.acked),
            "error": lambda: tftp.error(1, "no"),
            "abort": lambda: tftp.abort(8, "enough"),
            "orphan": lambda: tftp.answers_from(tftp.server.port ^ 1),
            "icmp": tftp.refused_by_icmp,
            "wait": lambda: tftp.wait(3),
            "age": lambda: tftp.wait(181),
        }
        if name in ("data", "skip"):
            self.block += 1 if name == "data" else 3
            tftp.data(self.block, size)
        elif name == "ack":
            self.acked = self.block
            tftp.ack(self.acked)
        elif name == "fragments":
            tftp.mtu = 600 - tftp.mtu
        elif name == "other file":
            self.tftp = self.wire.tftp(f"file{self.number}b", tftp.client.port, tftp.server.port + 1)
            self.tftp.rrq()
            self.block = self.acked = 0
        else:
            acts[name]()


class HttpTalk:
    """One client's HTTP, likewise."""

    def __init__(self, wire: Wire, number: int) -> None:
        self.wire, self.number = wire, number
        self.http: Http = wire.http(f"/{number}", port=50000 + number)

    def step(self, name: str, size: int) -> None:
        http = self.http
        body = bytes([65 + size]) * 100 * size
        acts: dict[str, Callable[[], object]] = {
            "connect": http.connect,
            "syn": http.syn,
            "get": http.get,
            "head": lambda: http.get(method="HEAD"),
            "reply": lambda: http.send(reply(200, "OK", 300) + body),
            "chunked": lambda: http.send(
                reply(200, "OK", None, "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"
            ),
            "half head": lambda: http.send(reply(200, "OK", 400)[: 5 + 5 * size]).send(
                reply(200, "OK", 400)[5 + 5 * size :]
            ),
            "body": lambda: http.send(body or b"x"),
            "same body": lambda: http.again(body or b"x"),
            "ack": http.ack,
            "fin": http.fin,
            "rst": http.rst,
            "client rst": http.client_rst,
            "refused": lambda: http.send(reply(404, "Not Found", 0)),
            "wait": lambda: http.wait(3),
            "age": lambda: http.wait(181),
        }
        if name == "skip":
            http.down += 250
            http.send(b"s" * 10)
        elif name == "late":
            http.down -= 200
            http.send(b"l" * 150)
            http.down += 50
        elif name == "new connection":
            self.http = self.wire.http(f"/{self.number}", http.client.port)
            self.http.up, self.http.down = http.up + 90_000, http.down + 70_000
            self.http.connect()
        else:
            acts[name]()


def play(steps: Steps, *, mirrored: bool = False) -> Wire:
    """Conversations 0 and 1 are TFTP, 2 and 3 HTTP."""
    wire = Wire(mirrored=mirrored)
    talks: list[TftpTalk | HttpTalk] = [TftpTalk(wire, 0), TftpTalk(wire, 1), HttpTalk(wire, 2), HttpTalk(wire, 3)]
    talks[0].step("rrq", 0)
    for which, name, size in steps:
        talks[which].step(name, size)
    return wire


tftp_step = st.tuples(st.integers(0, 1), st.sampled_from(TFTP_STEPS), st.integers(0, 3))
http_step = st.tuples(st.integers(2, 3), st.sampled_from(HTTP_STEPS), st.integers(0, 3))
conversations = st.lists(tftp_step | http_step, min_size=5, max_size=40)
tftp_only = st.lists(tftp_step, min_size=5, max_size=40)
cut_points = st.lists(st.integers(1, 150), max_size=8)


@given(steps=conversations, cuts=cut_points, mirrored=st.booleans())
def test_where_batches_are_cut_makes_no_difference(steps: Steps, cuts: list[int], *, mirrored: bool) -> None:
    wire = play(steps, mirrored=mirrored)
    assert told(story_of(wire, cuts, later=5)[0]) == told(story_of(wire, later=5)[0])


@given(steps=conversations, limits=st.sampled_from((Limits(), LIMITS)))
def test_a_batch_may_be_a_single_frame(steps: Steps, limits: Limits) -> None:
    wire = play(steps)
    assert told(story_of(wire, range(1000), limits, later=5)[0]) == told(story_of(wire, limits=limits, later=5)[0])


def outlines(wire: Wire) -> list[tuple[object, ...]]:
    """What a mirror that delivers frames twice must not change."""
    return [_outline(transfer) for transfer in transfers(wire, later=5)]


def _outline(told: Transfer) -> tuple[object, ...]:
    return (
        told.file, told.status, told.size, told.blocks, told.missing_blocks, told.retransmissions,
        told.unanswered_tries, told.error_code, told.orphan_ports, len(told.requests), told.head,
    )  # fmt: skip


@given(steps=conversations)
def test_dropping_a_mirrors_copies_changes_nothing_of_a_transfer(steps: Steps) -> None:
    wire = play(steps, mirrored=True)
    single = replace(wire, frames=[frame for frame in wire.frames if not frame.copy])
    assert outlines(wire) == outlines(single)


@given(steps=conversations, at=st.integers(1, 100))
def test_asking_for_the_story_in_between_changes_nothing(steps: Steps, at: int) -> None:
    wire = play(steps)
    asked = Tracker(Limits())
    feed(asked, wire.frames[:at])
    told(asked.story())
    feed_rest(asked, wire.frames, at)
    asked.advance(wire.now)
    assert told(asked.story()) == told(story_of(wire, [at])[0])


def feed_rest(tracker: Tracker, frames: list[Frame], start: int) -> None:
    if frames[start:]:
        batch = batch_of([frame.data for frame in frames[start:]], times=[frame.time for frame in frames[start:]])
        batch.ref += start
        tracker.feed(batch)


@given(
    steps=conversations,
    shakes=st.lists(st.tuples(st.integers(0, 150), st.integers(-3, 3)), max_size=6),
    cuts=cut_points,
)
def test_timestamps_that_run_backwards_make_no_difference_to_batches(
    steps: Steps, shakes: list[tuple[int, int]], cuts: list[int]
) -> None:
    # An ICMP error is matched to the transfer of its time, which a clock that was set back cannot tell.
    wire = play([step for step in steps if step[1] != "icmp"])
    for at, seconds in shakes:
        wire.frames[at % len(wire.frames)].time += seconds * SECOND
    assert told(story_of(wire, cuts)[0])[:2] == told(story_of(wire)[0])[:2]


@given(data=st.data(), steps=conversations)
def test_damaged_frames_end_in_a_story(data: st.DataObject, steps: Steps) -> None:
    wire = play(steps)
    for _ in range(data.draw(st.integers(1, 12))):
        frame = data.draw(st.sampled_from(wire.frames))
        at = data.draw(st.integers(0, len(frame.data) - 1))
        kept = data.draw(st.integers(at, len(frame.data)))
        frame.data = (frame.data[:at] + data.draw(st.binary(min_size=1, max_size=4)) + frame.data[at + 1 :])[: kept + 1]
    told(story_of(wire, later=5)[0])


@given(cuts=cut_points, size=st.integers(0, 700), mirrored=st.booleans())
@example(cuts=[], size=0, mirrored=True)
def test_a_good_boot_is_complete_however_it_is_cut(cuts: list[int], size: int, *, mirrored: bool) -> None:
    wire = Wire(mirrored=mirrored)
    wire.tftp(file="pxelinux.0").rrq(blksize=1024).oack(blksize=1024).ack(0).blocks(1, 4, 1024).data(5, size).ack(5)
    boot = wire.http("/initrd", agent="iPXE/1.21.1").connect()
    boot.get().send(reply(200, "OK", 5000 + size)).body(5000 + size, 1400).ack()
    found = transfers(wire, cuts)
    assert [(read.status, read.size, read.retransmissions) for read in found] == [
        ("complete", 4096 + size, 0), ("complete", 5000 + size, 0),
    ]  # fmt: skip


# Time, presence and evidence of neighbours


def test_time_never_runs_back() -> None:
    wire = Wire()
    wire.tftp().rrq().data(1).ack(1)
    wire.frames[1].time -= 5 * SECOND
    story, tracker = story_of(wire)
    assert tracker.now == wire.now
    assert "time-backwards" in [warning.code for warning in story.warnings]


def test_advance_judges_silence_without_a_frame() -> None:
    tracker = Tracker(Limits())
    wire = Wire()
    wire.tftp(file="pxelinux.0").rrq().blocks(1, 2)
    feed(tracker, wire.frames)
    tracker.advance(wire.now + 11 * SECOND)
    tracker.advance(wire.now)
    (boot,) = tracker.story().boots
    assert boot.stages[0].transfers[0].status == "stalled"


def test_an_empty_batch_is_nothing() -> None:
    tracker = Tracker(Limits())
    tracker.feed(batch_of([b"x"]).rows(0, 0))
    assert told(tracker.story())[:2] == ([], [])


@pytest.mark.parametrize("cuts", [(), range(100)])
def test_what_arp_asked_without_an_answer(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    for _ in range(3):
        wire.wait(1).arp(CLIENT, boot.server)
    _, tracker = story_of(wire, cuts)
    found = tracker.neighbours.asked_without_answer(CLIENT.mac, 0)
    assert found is not None
    assert (str(found[0]), [seen.frame for seen in found[1]]) == ("10.0.0.1", [2, 3, 4])


def test_tftp_frames_are_traced_once_each() -> None:
    traced: list[int] = []

    def trace(ref: np.ndarray, _word: np.ndarray) -> None:
        traced.extend(ref.tolist())

    tracker = Tracker(Limits(), trace=trace)
    wire = Wire()
    wire.tftp().rrq().blocks(1, 3)
    wire.tftp(file="x").rrq().error(1, "no").rrq()
    feed(tracker, wire.frames)
    assert sorted(traced) == list(range(1, len(wire.frames) + 1))


# Limits of fragments and of what is kept for a client


def fragmented(pause: float = 0.0) -> Wire:
    """A file of two fragmented blocks; the fragments of the first come in turns with those of a stranger's datagram."""
    wire = Wire()
    boot = wire.tftp(file="pxelinux.0")
    boot.mtu = 1500
    boot.rrq(blksize=2000).oack(blksize=2000).ack(0).data(1, 2000)
    stranger = wire.tftp(port=9999)
    stranger.mtu = 1500
    stranger.data(1, 2000)
    wire.frames[3:] = [wire.frames[at] for at in (3, 5, 4, 6)]
    for number, frame in enumerate(wire.frames[3:]):
        frame.time = wire.frames[2].time + 1_000_000 * (number + 1) + round(pause * SECOND) * (number > 1)
    wire.wait(pause)
    boot.ack(1).data(2, 100).ack(2)
    return wire


def received(limits: Limits, pause: float = 0.0) -> list[tuple[int, bool]]:
    """Blocks, and whether fragments were seen, with one batch and with a batch a frame."""
    found = [transfers(fragmented(pause), cuts, limits)[0] for cuts in ((), range(100))]
    return [(transfer.blocks, transfer.fragmented) for transfer in found]


def test_fragments_in_turns() -> None:
    assert received(Limits()) == [(2, True)] * 2


def test_a_cap_on_datagrams_under_reassembly() -> None:
    assert received(Limits(fragments=1)) == [(1, True)] * 2


def test_a_cap_on_their_bytes() -> None:
    assert received(Limits(fragment_bytes=1000)) == [(1, True)] * 2


def test_an_age_of_datagrams_under_reassembly() -> None:
    limits = Limits(fragment_age=2 * SECOND)
    assert received(limits, pause=1) == [(2, True)] * 2
    assert received(limits, pause=3) == [(1, True)] * 2
    story, _ = story_of(fragmented(3), limits=limits)
    assert "incomplete-fragments" in [warning.code for warning in story.warnings]


def test_transfers_of_a_client_are_capped_and_the_rest_is_counted() -> None:
    wire = Wire()
    for number in range(10):
        wire.tftp(file=f"file{number}", port=3000 + number).rrq().error(1, "no")
    story, _ = story_of(wire, limits=Limits(transfers_per_client=4))
    (other,) = story.others
    assert [transfer.file for transfer in other.transfers] == [b"file0", b"file1", b"file2", b"file3"]
    assert story.evicted["frames"] == 6
