"""The array operations against a reading of the same frames one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.gaps import Gaps
from pxedebug.track.tftp.absorb import (
    COPY_WINDOW,
    DataRows,
    absorb_acks,
    absorb_data,
    absorb_times,
    clock,
    segment,
)
from pxedebug.track.tftp.columns import TransferColumns

CAP = 1000
SLOTS = 4


@dataclass
class Frame:
    slot: int
    block: int
    """Unfolded."""
    length: int
    time: int
    identification: int


@dataclass
class Reference:
    """One transfer's frames, one after the other."""

    seen: dict[int, int] = field(default_factory=dict)
    high: int = 0
    frames: int = 0
    repeats: int = 0
    copies: int = 0
    longest: int = 0
    progress: int = 0
    previous: tuple[int, int, int] = (0, 0, 0)
    ack_high: int = -1
    acks: int = 0
    ack_repeats: int = 0
    tries: int = 0

    def data(self, frame: Frame) -> None:
        block, time, identification = self.previous
        again = frame.block in self.seen or frame.block < 1
        same = (frame.block, frame.identification) == (block, identification) and frame.time - time < COPY_WINDOW
        self.previous = frame.block, frame.time, frame.identification
        self.longest = max(self.longest, frame.length)
        if again and same:
            self.copies += 1
            return
        self.frames += 1
        if again:
            self.repeats += 1
        else:
            self.seen[frame.block] = frame.length
            self.high = max(self.high, frame.block)
            self.progress = max(self.progress, frame.time)

    def ack(self, frame: Frame) -> None:
        block, time, identification = self.previous
        same = (frame.block, frame.identification) == (block, identification) and frame.time - time < COPY_WINDOW
        self.previous = frame.block, frame.time, frame.identification
        if frame.block > self.ack_high:
            self.ack_high, self.tries = frame.block, 0
        elif same:
            self.copies += 1
            return
        else:
            self.ack_repeats += 1
            self.tries += 1
        self.acks += 1


@st.composite
def streams(draw: st.DrawFn) -> list[Frame]:
    """Frames of several transfers that go on, fall back, skip and repeat."""
    frames, at = [], [draw(st.sampled_from((1, 65_530, 131_070))) for _ in range(SLOTS)]
    start = list(at)
    time = 1_000_000
    for _ in range(draw(st.integers(1, 60))):
        slot = draw(st.integers(0, SLOTS - 1))
        at[slot] = max(start[slot], at[slot] + draw(st.sampled_from((1, 1, 1, 0, 0, 2, 5, -1, -3))))
        time += draw(st.sampled_from((20_000, 100_000, 5_000_000)))
        frames.append(Frame(slot, at[slot], draw(st.integers(0, 512)), time, draw(st.integers(1, 2))))
    return frames


def sorted_rows(frames: list[Frame]) -> DataRows:
    ordered = sorted(frames, key=lambda frame: frame.slot)

    def column(name: str) -> np.ndarray:
        return np.array([getattr(frame, name) for frame in ordered], np.int64)

    at = segment(column("slot").astype(np.int32))
    block = column("block")
    return DataRows(at, block & 0xFFFF, column("length"), column("time"), column("identification"), block)


def started(frames: list[Frame], *fields: str) -> TransferColumns:
    """Columns of transfers that stand right before the lowest block of `frames`, rounded down to a roll-over."""
    columns = TransferColumns(SLOTS)
    for slot in range(SLOTS):
        assert columns.take() == slot
        first = [frame.block for frame in frames if frame.slot == slot][:1]
        for name in fields:
            getattr(columns, name)[slot] = first[0] - 1 if first else 0
    return columns


def parts(frames: list[Frame], cuts: list[int]) -> list[list[Frame]]:
    edges = sorted({0, len(frames), *(cut % len(frames) for cut in cuts)})
    return [frames[start:stop] for start, stop in pairwise(edges)]


cut_lists = st.lists(st.integers(0, 60), max_size=5)


@given(streams(), cut_lists)
def test_data_frame_by_frame(frames: list[Frame], cuts: list[int]) -> None:
    columns, holes = started(frames, "last", "high"), {}
    references = [Reference() for _ in range(SLOTS)]
    begun = [int(columns.high[slot]) for slot in range(SLOTS)]
    for slot in range(SLOTS):
        references[slot].high = begun[slot]
        references[slot].seen = dict.fromkeys(range(1, begun[slot] + 1), 0)
    for frame in frames:
        references[frame.slot].data(frame)
    for part in parts(frames, cuts):
        absorb_data(columns, sorted_rows(part), holes, CAP)
    for slot, reference in enumerate(references):
        numbers = columns.numbers(slot)
        if not any(frame.slot == slot for frame in frames):
            continue
        fresh = sorted(block for block in reference.seen if block > begun[slot])
        assert numbers.high == reference.high
        assert numbers.bytes == sum(reference.seen[block] for block in fresh)
        assert numbers.missing == reference.high - begun[slot] - len(fresh)
        assert (numbers.frames, numbers.repeats, numbers.copies) == (
            reference.frames, reference.repeats, reference.copies,
        )  # fmt: skip
        assert (numbers.longest, numbers.progress) == (reference.longest, reference.progress)
        if reference.high > begun[slot]:
            assert numbers.tail == reference.seen[reference.high]


@given(streams(), cut_lists)
def test_acks_frame_by_frame(frames: list[Frame], cuts: list[int]) -> None:
    columns = started(frames, "ack_last", "ack_high")
    references = [Reference(ack_high=int(columns.ack_high[slot])) for slot in range(SLOTS)]
    for frame in frames:
        references[frame.slot].ack(frame)
    for part in parts(frames, cuts):
        rows = sorted_rows(part)
        absorb_acks(columns, rows.at, rows.block, rows.time, rows.identification, rows.ref)
    for slot, reference in enumerate(references):
        numbers = columns.numbers(slot)
        assert (numbers.acks, numbers.ack_repeats, numbers.tries, numbers.copies, numbers.ack_high) == (
            reference.acks, reference.ack_repeats, reference.tries, reference.copies, reference.ack_high,
        )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, SLOTS - 1), st.integers(1, 10**12)), min_size=1, max_size=40),
    cut_lists,
    st.booleans(),
)
def test_times_frame_by_frame(seen: list[tuple[int, int]], cuts: list[int], forwards: bool) -> None:
    frames = [Frame(slot, number, 0, time, 0) for number, (slot, time) in enumerate(seen)]
    if forwards:
        for frame, time in zip(frames, sorted(time for _, time in seen), strict=True):
            frame.time = time
    columns = started(frames)
    latest, gap, last = dict.fromkeys(range(SLOTS), 10), dict.fromkeys(range(SLOTS), 0), {}
    columns.seen[:] = 10
    for frame in frames:
        gap[frame.slot] = max(gap[frame.slot], frame.time - latest[frame.slot])
        latest[frame.slot], last[frame.slot] = max(latest[frame.slot], frame.time), frame.block
    for part in parts(frames, cuts):
        rows = sorted_rows(part)
        absorb_times(columns, rows.at, rows.time, rows.block)
    for slot, ref in last.items():
        assert (columns.seen[slot], columns.gap[slot], columns.seen_ref[slot]) == (latest[slot], gap[slot], ref)


# Block numbers on the wire


def read(*blocks: int) -> TransferColumns:
    """One transfer of DATA frames with these 16-bit numbers and 10 bytes each."""
    frames = [Frame(0, block, 10, 10**9 * (number + 1), number) for number, block in enumerate(blocks)]
    columns = TransferColumns(1)
    columns.take()
    absorb_data(columns, sorted_rows(frames), {}, CAP)
    return columns


def long_file(after: int) -> TransferColumns:
    """65535 blocks, and three more that begin with number `after`."""
    return read(*range(1, 65536), after, after + 1, after + 2)


def test_numbers_roll_over_to_0() -> None:
    numbers = long_file(0).numbers(0)
    assert (numbers.high, numbers.missing, numbers.bytes, numbers.zeros, numbers.repeats) == (65538, 0, 655380, 1, 0)


def test_numbers_roll_over_to_1() -> None:
    """One number is skipped a round: that is no lost block, which is judged later."""
    numbers = long_file(1).numbers(0)
    assert (numbers.high, numbers.missing, numbers.bytes, numbers.zeros) == (65539, 1, 655380, 0)


def test_a_window_that_is_sent_again() -> None:
    """Go-back-N (RFC 7440 section 3): after an ACK in the middle, the rest of the window comes twice."""
    numbers = read(1, 2, 4, 3, 4, 5, 6).numbers(0)
    assert (numbers.high, numbers.missing, numbers.bytes, numbers.repeats) == (6, 0, 60, 1)


def test_no_rows_are_no_segments() -> None:
    at = segment(np.zeros(0, np.int32))
    assert (len(at.slots), len(at.starts), len(at.counts)) == (0, 0, 0)


def test_more_holes_than_the_cap_are_counted_and_not_filled() -> None:
    columns = TransferColumns(1)
    columns.take()
    holes: dict[int, Gaps] = {}
    frames = [Frame(0, block, 10, 10**9 * number, number) for number, block in enumerate((2, 4, 6, 8, 1, 7), 1)]
    absorb_data(columns, sorted_rows(frames), holes, 2)
    assert (columns.missing[0], columns.bytes[0], len(holes[0])) == (3, 50, 1)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=20), st.integers(0, 100))
def test_a_clock_stands_still_where_time_runs_backwards(times: list[int], state: int) -> None:
    at = segment(np.zeros(len(times), np.int32))
    before, latest = clock(np.array(times, np.int64), at, np.array([state], np.int64))
    assert before.tolist() == [max([state, *times[:number]]) for number in range(len(times))]
    assert latest.tolist() == [max([state, *times])]
