"""Bodies by sequence numbers, against a set of the bytes that were seen."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.track.network import Wire, only, reply, transfers

SIZE = 2000
segments = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(1, 300)), max_size=40)


@given(segments, st.lists(st.integers(0, 50), max_size=6))
def test_any_segments_give_every_byte_once(sent: list[tuple[int, int]], cuts: list[int]) -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", SIZE))
    begin, seen, repeats = boot.down, set[int](), 0
    for start, length in sent:
        boot.down = begin + start
        boot.send(b"b" * length)
        new = set(range(start, min(start + length, SIZE))) - seen
        repeats += not new
        seen |= new
    read = only(wire, cuts)
    assert read.size == len(seen)
    assert (read.status == "complete") == (len(seen) == SIZE)
    if sent and all(start == earlier + length for (earlier, length), (start, _) in pairwise(sent)):
        assert read.retransmissions == repeats


def test_a_body_without_a_length_ends_where_the_next_head_begins() -> None:
    wire = Wire()
    boot = wire.http().connect()
    boot.get("/one").send(reply(200, "OK", None, "Transfer-Encoding: chunked")).send(b"1\r\nx\r\n0\r\n\r\n").ack()
    boot.get("/two").send(reply(200, "OK", 4) + b"abcd").ack()
    assert [read.size for read in transfers(wire)] == [11, 4]


def test_bytes_behind_the_end_are_not_the_files() -> None:
    wire = Wire()
    boot = wire.http().connect()
    boot.get("/one").get("/two")
    boot.send(reply(200, "OK", 4) + b"abcd" + reply(200, "OK", 2)).send(b"xy")
    first = transfers(wire)[0]
    assert (first.size, first.head) == (4, b"abcd")


def test_a_sequence_number_far_off_belongs_to_no_body() -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", 3000)).body(1000)
    down = boot.down
    boot.down += 1 << 31
    boot.send(b"junk")
    boot.down = down
    boot.body(2000).ack()
    assert (only(wire).size, only(wire).status) == (3000, "complete")


def test_the_start_of_a_large_file_says_what_it_is() -> None:
    wire = Wire()
    boot = wire.http(path="/initrd.gz").connect().get().send(reply(200, "OK", 100_000) + b"\x1f\x8b\x08\x00")
    boot.body(99_996, 1400).ack()
    read = only(wire, range(0, 100, 7))
    assert (read.content_type, read.head[:3], len(read.head)) == ("gzip", b"\x1f\x8b\x08", 4096)


def test_frames_cut_by_the_snap_length_count_by_their_length_on_the_wire() -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(200, "OK", 2000)).body(2000).ack()
    wire.snap(200)
    read = only(wire)
    assert (read.size, read.status, len(read.head)) == (2000, "complete", 200 - 54)
