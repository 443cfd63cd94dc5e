"""Losses, windows and what is kept of bulk data, seen from the story."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track import Limits
from tests.track.network import Tftp, Wire, only, transfers

both_ways = pytest.mark.parametrize("cuts", [(), range(1000)], ids=["one batch", "a batch a frame"])


@both_ways
def test_a_block_that_the_mirror_lost(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 3)
    wire.lose(3)  # DATA 2
    wire.tftp().blocks(4, 4).data(5, 7).ack(5)
    read = only(wire, cuts)
    assert (read.blocks, read.missing_blocks, read.size, read.retransmissions) == (4, 1, 3 * 512 + 7, 0)


@both_ways
def test_a_late_block_fills_its_place(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq(windowsize=4).oack(windowsize=4).ack(0).window(1, 3, 4, 2).ack(4).data(5, 7).ack(5)
    read = only(wire, cuts)
    assert (read.status, read.blocks, read.missing_blocks, read.retransmissions) == ("complete", 5, 0, 0)


@both_ways
def test_a_window_goes_back_to_the_lost_block(cuts: range) -> None:
    """RFC 7440 section 3: the client acknowledges what came in order, and the server begins again there."""
    wire = Wire()
    boot = wire.tftp().rrq(windowsize=4).oack(windowsize=4).ack(0).window(1, 2, 3, 4).ack(4)
    boot.window(5, 7, 8).ack(5).window(6, 7, 8, 9).ack(9).data(10, 1).ack(10)
    read = only(wire, cuts)
    assert (read.status, read.window_size, read.blocks) == ("complete", 4, 10)
    assert (read.missing_blocks, read.size, read.retransmissions) == (0, 9 * 512 + 1, 2)  # 7 and 8


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 80), max_size=6))
def test_any_order_and_repetition_of_blocks_gives_every_block_once(rng: random.Random, cuts: list[int]) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 1)
    order = [*range(2, 21), *rng.choices(range(1, 21), k=10)]
    rng.shuffle(order)
    for block in order:
        boot.data(block, 512 if block < 20 else 5)
    boot.ack(20)
    read = only(wire, cuts)
    assert (read.status, read.blocks, read.missing_blocks, read.size) == ("complete", 20, 0, 19 * 512 + 5)
    assert read.retransmissions == len(order) - 19
    assert read.head == b"".join(bytes([block + 1]) * 512 for block in range(1, 9))


@both_ways
def test_holes_beyond_the_cap_stay_missing(cuts: range) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 1)
    boot.window(3, 5, 7, 2, 4, 6).data(8, 1).ack(8)
    read = only(wire, cuts, Limits(holes_per_transfer=2))
    assert (read.missing_blocks, read.blocks, read.retransmissions) == (1, 7, 1)


@both_ways
def test_the_start_of_a_file_is_kept_up_to_a_cap(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 20)
    limits = Limits(head_bytes=2048, kept_head_bytes=1000)
    assert len(only(wire, cuts, limits).head) == 1000
    assert len(only(wire, cuts).head) == Limits().kept_head_bytes


@both_ways
def test_where_time_went(cuts: range) -> None:
    wire = Wire()
    wire.tftp().rrq().wait(2).data(1).ack(1).wait(3).data(2, 1).ack(2)
    read = only(wire, cuts)
    assert read.longest_gap == 3_001_000_000
    assert read.ended - read.started == 5_004_000_000


def test_orphan_ports_are_capped() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().data(1).ack(1)
    for tid in range(41_000, 41_200):
        Tftp(wire, "x", boot.client, boot.listener, boot.server.at(tid)).oack(tsize=1)
    boot.data(2, 1).ack(2)
    (read,) = transfers(wire)
    assert (read.status, len(read.orphan_ports)) == ("complete", 64)


def test_words_beyond_oack_are_no_tftp() -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    for opcode in (7, 0xFFFF):
        wire.udp(boot.server, boot.client, opcode.to_bytes(2, "big") + b"junk")
    boot.data(1, 5).ack(1)
    assert (only(wire).status, only(wire).error_code) == ("complete", None)


@pytest.mark.parametrize("payload", [b"\x00\x05", b"\x00\x06\xff", b"\x00\x05\x00", b"\x00\x03", b"\x00\x04\x00"])
def test_packets_cut_short_end_in_a_story(payload: bytes) -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    wire.udp(boot.server, boot.client, payload)
    wire.udp(boot.client, boot.server, payload)
    assert len(transfers(wire)) == 1


def test_frames_cut_by_the_snap_length_count_by_their_length_on_the_wire() -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 3).data(4, 100).ack(4)
    read = only(wire.snap(96))
    assert (read.status, read.size) == ("complete", 1636)
