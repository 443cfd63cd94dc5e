from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pxedebug.capture.gather import gather32
from pxedebug.capture.walk import Chain, Signature, walk
from pxedebug.capture.window import PADDING
from tests.capture.build import frames_of, pcap_record

PCAP = Chain(length_at=8, fixed=16, header=16, minimum=0, maximum=262_144, big_endian=False)
SECONDS = Signature(2, (1_700_000_000).to_bytes(4, "little")[2:])


def buffer_of(data: bytes) -> NDArray[np.uint8]:
    result = np.zeros(len(data) + PADDING, dtype=np.uint8)
    result[: len(data)] = np.frombuffer(data, dtype=np.uint8)
    return result


def records(count: int, seed: int) -> tuple[bytes, list[int]]:
    sizes = random.Random(seed).choices([60, 64, 66, 342, 1488, 1514], k=count)
    parts = [pcap_record(frame) for frame in frames_of(sizes, step=1000)]
    return b"".join(parts), np.cumsum([0] + [len(part) for part in parts[:-1]]).tolist()


@pytest.mark.parametrize("signature", [None, SECONDS])
def test_finds_every_record(signature: Signature | None) -> None:
    data, starts = records(6000, seed=1)
    found = walk(buffer_of(data), 0, len(data), PCAP, signature)
    assert found.offsets.tolist() == starts
    assert (found.next, found.damaged) == (len(data), False)
    assert found.fields.shape == (4, 6000)
    assert (found.fields[2] == found.fields[3]).all()


@pytest.mark.parametrize("cut", [1, 8, 15, 16, 40])
def test_incomplete_last_record_is_left(cut: int) -> None:
    data, starts = records(4000, seed=2)
    size = starts[-1] + cut
    found = walk(buffer_of(data[:size]), 0, size, PCAP, SECONDS)
    assert found.offsets.tolist() == starts[:-1]
    assert (found.next, found.damaged) == (starts[-1], False)


@pytest.mark.parametrize("at", [0, 1, 700, 3999])
def test_damage_is_found_where_it_is(at: int) -> None:
    data, starts = records(4000, seed=3)
    damaged = bytearray(data)
    damaged[starts[at] + 8 : starts[at] + 12] = b"\xff\xff\xff\x7f"
    found = walk(buffer_of(bytes(damaged)), 0, len(data), PCAP, SECONDS)
    assert found.offsets.tolist() == starts[:at]
    assert (found.next, found.damaged) == (starts[at], True)


def test_payload_that_looks_like_records_misleads_nobody() -> None:
    """Frames that carry a capture file of the same hour: every guess may be wrong, no result is."""
    inner = b"".join(pcap_record(frame) for frame in frames_of([20] * 40, step=1000))
    parts = [pcap_record(frame) for frame in frames_of([60, 1400] * 900, step=1000)]
    parts = [part[: 16 + (len(part) - 16) // 2] + inner[: len(part) - 16 - (len(part) - 16) // 2] for part in parts]
    data = b"".join(parts)
    assert len(data) > 1 << 20
    found = walk(buffer_of(data), 0, len(data), PCAP, SECONDS)
    assert found.offsets.tolist() == np.cumsum([0] + [len(part) for part in parts[:-1]]).tolist()
    assert found.next == len(data)


def test_zero_lengths_do_not_hold_the_walk() -> None:
    chain = Chain(length_at=4, fixed=0, header=12, minimum=12, maximum=1 << 24, big_endian=False, words=2)
    data = np.zeros((2 << 20) + PADDING, dtype=np.uint8)
    found = walk(data, 0, 2 << 20, chain, Signature(0, bytes(4)))
    assert (len(found.offsets), found.next, found.damaged) == (0, 0, True)


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_give_records_that_follow_each_other(data: bytes, big_endian: bool) -> None:
    chain = Chain(length_at=8, fixed=16, header=16, minimum=0, maximum=64, big_endian=big_endian)
    found = walk(buffer_of(data), 0, len(data), chain)
    ends = found.offsets + 16 + found.fields[2]
    assert found.offsets.tolist() == [0, *ends.tolist()][: len(found.offsets)]
    assert found.next == (int(ends[-1]) if len(ends) else 0)
    assert found.next <= len(data)


@given(st.binary(min_size=40, max_size=80), st.integers(1, 6), st.booleans())
def test_gather_reads_integers_at_any_offset(data: bytes, words: int, big_endian: bool) -> None:
    offsets = list(range(len(data) - 4 * words + 1))
    got = gather32(buffer_of(data), np.array(offsets, dtype=np.int64), words, big_endian)
    order = "big" if big_endian else "little"
    expected = [[int.from_bytes(data[o + 4 * w : o + 4 * w + 4], order) for o in offsets] for w in range(words)]
    assert got.tolist() == expected
