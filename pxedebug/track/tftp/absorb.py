"""Moving every open transfer at once: DATA and ACK frames of a batch, sorted by transfer, as array operations."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.clocks import COPY_WINDOW
from pxedebug.track.gaps import Gaps
from pxedebug.track.tftp.columns import TransferColumns

__all__ = ["DataRows", "Segmented", "absorb_acks", "absorb_data", "absorb_times", "absorb_turns", "clock", "segment"]

_TIMEOUT = 100_000_000  # nanoseconds: no timer of server or client is that short
_SPREAD = 1 << 40  # keeps the running maximum of one transfer from reaching into the next

Integers = NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)


class Segmented(NamedTuple):
    """Rows sorted by slot: each run of equal slots is one segment."""

    slots: Integers
    """Slot of each segment."""
    starts: Integers
    counts: Integers

    def spread(self, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """One value a segment, repeated for each of its rows."""
        return np.repeat(values, self.counts)

    @property
    def ends(self) -> Integers:
        """Index of each segment's last row."""
        return self.starts + self.counts - 1


def segment(slot: NDArray[np.int32]) -> Segmented:
    """The segments of an array in which equal slots stand together."""
    if not len(slot):
        empty = np.zeros(0, np.int64)
        return Segmented(empty, empty, empty)
    starts = np.concatenate(([0], np.flatnonzero(slot[1:] != slot[:-1]) + 1))
    counts = np.diff(np.append(starts, len(slot)))
    return Segmented(slot[starts].astype(np.int64), starts, counts)


class DataRows(NamedTuple):
    """The DATA frames of a batch, sorted by slot, in frame order within a slot."""

    at: Segmented
    block: Integers
    """16-bit block number."""
    length: Integers
    """Bytes of file content on the wire."""
    time: Integers
    identification: Integers
    ref: Integers
    """Frame of each row."""


class Latest(NamedTuple):
    """The frame before each segment's first one."""

    block: Integers
    time: Integers
    identification: Integers


def absorb_data(columns: TransferColumns, rows: DataRows, holes: dict[int, Gaps], cap: int) -> NDArray[np.bool_]:
    """Count `rows` into `columns`; returns which of them brought a block for the first time, in rising order.

    Late blocks that fill a hole are counted here too, but are not among the rows returned.
    """
    at, slots = rows.at, rows.at.slots
    block = _unfold(rows.block, at, columns.last[slots])
    before = _running_maximum(block, at, columns.high[slots])
    new = block > before
    latest = Latest(columns.last[slots], columns.last_time[slots], columns.last_id[slots])
    copy = _copies(at, block, rows.time, rows.identification, latest) & ~new
    _count_new(columns, rows, block, new)
    again = ~new & ~copy
    if again.any():
        _count_again(columns, rows, block, again, new, latest)
    copies = np.add.reduceat(copy.astype(np.int64), at.starts)
    columns.copies[slots] += copies
    columns.frames[slots] += at.counts - copies
    columns.zeros[slots] += np.add.reduceat((rows.block == 0).astype(np.int64), at.starts)
    columns.repeats[slots] += np.add.reduceat(again.astype(np.int64), at.starts)
    _count_holes(columns, rows, block, before, new, copy, holes, cap)
    columns.last[slots] = block[at.ends]
    columns.last_time[slots] = rows.time[at.ends]
    columns.last_id[slots] = rows.identification[at.ends]
    return new


def absorb_acks(
    columns: TransferColumns, at: Segmented, block: Integers, time: Integers, identification: Integers, ref: Integers
) -> None:
    """Count ACK frames, sorted by slot, into `columns`."""
    slots = at.slots
    number = _unfold(block, at, columns.ack_last[slots])
    before = _running_maximum(number, at, columns.ack_high[slots])
    latest = Latest(columns.ack_last[slots], columns.ack_last_time[slots], columns.ack_last_id[slots])
    again = number <= before
    copy = _copies(at, number, time, identification, latest) & again
    copies = np.add.reduceat(copy.astype(np.int64), at.starts)
    columns.copies[slots] += copies
    columns.acks[slots] += at.counts - copies
    repeated = again & ~copy
    repeats = np.cumsum(repeated)
    total = np.add.reduceat(repeated.astype(np.int64), at.starts)
    columns.ack_repeats[slots] += total
    if total.any():
        _mark_latest(columns.ack_repeat_ref, at, repeated, ref)
        twins = repeated & _just_before(at, number, time, identification, latest)
        columns.ack_twins[slots] += np.add.reduceat(twins.astype(np.int64), at.starts)
    if columns.window[slots].any():
        # The first ACK answers the OACK, and the last window may be short.
        short = ~again & (number > 0) & (number - before < at.spread(columns.window[slots]))
        columns.short_acks[slots] += np.add.reduceat(short.astype(np.int64), at.starts)
    moved = np.maximum.reduceat(np.where(again, -1, np.arange(len(number))), at.starts)
    columns.tries[slots] = np.where(moved >= 0, repeats[at.ends] - repeats[moved], columns.tries[slots] + total)
    columns.ack_high[slots] = np.maximum(columns.ack_high[slots], np.maximum.reduceat(number, at.starts))
    _mark_latest(columns.ack_ref, at, ~again, ref)
    columns.ack_last[slots] = number[at.ends]
    columns.final_ack[slots] = columns.ack_last_time[slots] = time[at.ends]
    columns.ack_last_id[slots] = identification[at.ends]


def absorb_times(columns: TransferColumns, at: Segmented, time: Integers, ref: Integers) -> Integers:
    """Note when each transfer was last seen and its longest silence; `time` and `ref` are sorted as `at`.

    Returns for each row the silence before it.
    """
    slots = at.slots
    before, latest = clock(time, at, columns.seen[slots])
    silence = time - before
    columns.gap[slots] = np.maximum(columns.gap[slots], np.maximum.reduceat(silence, at.starts))
    columns.seen[slots] = latest
    columns.seen_ref[slots] = ref[at.ends]
    return silence


def absorb_turns(columns: TransferColumns, at: Segmented, silence: Integers, from_client: NDArray[np.bool_]) -> None:
    """Sum up how long each side takes to answer the other; `silence` is what `absorb_times` returned."""
    slots = at.slots
    side = columns.side[slots]
    turn = np.empty(len(silence), bool)
    turn[1:] = from_client[1:] != from_client[:-1]
    turn[at.starts] = (side != 0) & (side != from_client[at.starts] + 1)
    turn &= silence < _TIMEOUT
    columns.side[slots] = from_client[at.ends] + 1
    mine = turn & from_client
    turns = np.add.reduceat(turn.astype(np.int64), at.starts)
    own = np.add.reduceat(mine.astype(np.int64), at.starts)
    waited = np.add.reduceat(silence * turn, at.starts)
    answered = np.add.reduceat(silence * mine, at.starts)
    columns.client_turns[slots] += own
    columns.client_wait[slots] += answered
    columns.server_turns[slots] += turns - own
    columns.server_wait[slots] += waited - answered


def clock(time: Integers, at: Segmented, state: Integers) -> tuple[Integers, Integers]:
    """For each row the latest time before it in its segment, and for each segment its latest time.

    `state` is each segment's latest time so far. Where timestamps run backwards, the clock stands still.
    """
    before = np.empty_like(time)
    before[1:] = time[:-1]
    before[at.starts] = state
    if (time >= before).all():
        return before, time[at.ends]
    latest = np.empty_like(state)
    for which, (start, count) in enumerate(zip(at.starts.tolist(), at.counts.tolist(), strict=True)):
        running = np.maximum.accumulate(np.append(state[which], time[start : start + count]))
        before[start : start + count], latest[which] = running[:-1], running[-1]
    return before, latest


def _unfold(block: Integers, at: Segmented, last: Integers) -> Integers:
    """16-bit block numbers as numbers that go on over the roll-over, from each segment's `last` known number."""
    previous = np.empty_like(block)
    previous[1:] = block[:-1]
    previous[at.starts] = last & 0xFFFF
    step = ((block - previous + 0x8000) & 0xFFFF) - 0x8000
    total = np.cumsum(step)
    base = last - (total[at.starts] - step[at.starts])
    unfolded: Integers = total + at.spread(base)
    return unfolded


def _running_maximum(number: Integers, at: Segmented, state: Integers) -> Integers:
    """For each row the highest number before it in its segment, `state` being the highest before the segment."""
    lift = at.spread(np.arange(len(at.slots), dtype=np.int64) * _SPREAD)
    lifted = number + lift
    lifted[at.starts] = np.maximum(lifted[at.starts], state + lift[at.starts])
    highest = np.maximum.accumulate(lifted) - lift
    before = np.empty_like(number)
    before[1:] = highest[:-1]
    before[at.starts] = state
    return before


def _copies(
    at: Segmented, block: Integers, time: Integers, identification: Integers, latest: Latest
) -> NDArray[np.bool_]:
    """Rows that a mirror delivered twice: block and identification of the row before, less than 100 us later."""
    same = np.empty(len(block), bool)
    same[1:] = (block[1:] == block[:-1]) & (identification[1:] == identification[:-1])
    same[1:] &= time[1:] - time[:-1] < COPY_WINDOW
    first = at.starts
    same[first] = (block[first] == latest.block) & (identification[first] == latest.identification)
    same[first] &= time[first] - latest.time < COPY_WINDOW
    return same


def _just_before(
    at: Segmented, block: Integers, time: Integers, identification: Integers, latest: Latest
) -> NDArray[np.bool_]:
    """Rows that say the same as the row before in another packet, sooner than any timeout."""
    twin = np.empty(len(block), bool)
    twin[1:] = (block[1:] == block[:-1]) & (time[1:] - time[:-1] < _TIMEOUT)
    twin[1:] &= (identification[1:] != identification[:-1]) | (identification[1:] <= 0)
    first = at.starts
    twin[first] = (block[first] == latest.block) & (time[first] - latest.time < _TIMEOUT)
    twin[first] &= (identification[first] != latest.identification) | (identification[first] <= 0)
    return twin


def _mark_latest(column: Integers, at: Segmented, chosen: NDArray[np.bool_], ref: Integers) -> None:
    """Write the frame of each segment's last chosen row into `column`."""
    latest = np.maximum.reduceat(np.where(chosen, np.arange(len(chosen)), -1), at.starts)
    there = latest >= 0
    column[at.slots[there]] = ref[latest[there]]


def _count_again(
    columns: TransferColumns,
    rows: DataRows,
    block: Integers,
    again: NDArray[np.bool_],
    new: NDArray[np.bool_],
    latest: Latest,
) -> None:
    """Blocks that were sent again: how many since the last new one, and twins."""
    at, slots = rows.at, rows.at.slots
    repeats = np.cumsum(again)
    moved = np.maximum.reduceat(np.where(new, np.arange(len(new)), -1), at.starts)
    total = np.add.reduceat(again.astype(np.int64), at.starts)
    # `_count_new` has set the count of those that moved to 0.
    columns.data_tries[slots] += np.where(moved >= 0, repeats[at.ends] - repeats[moved], total)
    _mark_latest(columns.repeat_ref, at, again, rows.ref)
    twin = again & _just_before(at, block, rows.time, rows.identification, latest)
    if not twin.any():
        return
    some = np.add.reduceat(twin.astype(np.int64), at.starts)
    have = some > 0
    first = np.minimum.reduceat(np.where(twin, np.arange(len(twin)), len(twin)), at.starts)[have]
    fresh = columns.twins[slots[have]] == 0
    columns.twin_first[slots[have][fresh]] = block[first[fresh]]
    columns.twin_ref[slots[have][fresh]] = rows.ref[first[fresh]]
    last = np.maximum.reduceat(np.where(twin, np.arange(len(twin)), -1), at.starts)[have]
    columns.twin_last[slots[have]] = block[last]
    columns.twins[slots] += some


def _count_new(columns: TransferColumns, rows: DataRows, block: Integers, new: NDArray[np.bool_]) -> None:
    at, slots = rows.at, rows.at.slots
    columns.bytes[slots] += np.add.reduceat(np.where(new, rows.length, 0), at.starts)
    columns.longest[slots] = np.maximum(columns.longest[slots], np.maximum.reduceat(rows.length, at.starts))
    columns.high[slots] = np.maximum(columns.high[slots], np.maximum.reduceat(block, at.starts))
    fresh = slots[columns.first_data[slots] == 0]
    columns.first_data[fresh] = rows.time[at.starts[columns.first_data[slots] == 0]]
    latest = np.maximum.reduceat(np.where(new, np.arange(len(new)), -1), at.starts)
    moved = latest >= 0
    columns.tail[slots[moved]] = rows.length[latest[moved]]
    columns.progress[slots[moved]] = rows.time[latest[moved]]
    columns.progress_ref[slots[moved]] = rows.ref[latest[moved]]
    columns.data_tries[slots[moved]] = 0


def _count_holes(
    columns: TransferColumns,
    rows: DataRows,
    block: Integers,
    before: Integers,
    new: NDArray[np.bool_],
    copy: NDArray[np.bool_],
    holes: dict[int, Gaps],
    cap: int,
) -> None:
    """Blocks skipped and blocks that came late. Only transfers with losses get here, row by row."""
    skipping = new & (block - before > 1)
    at = rows.at
    if not holes and not skipping.any():
        return
    affected = np.add.reduceat(skipping.astype(np.int64), at.starts) > 0
    with_holes = np.zeros(len(columns.high), bool)
    with_holes[list(holes)] = True
    affected |= with_holes[at.slots]
    wanted = (skipping | (~new & ~copy)) & at.spread(affected)
    slot = at.spread(at.slots)
    for row in np.flatnonzero(wanted).tolist():
        where, number = int(slot[row]), int(block[row])
        if new[row]:
            first = int(before[row]) + 1
            holes.setdefault(where, Gaps(cap)).open(first, number)
            columns.missing[where] += number - first
        elif where in holes and holes[where].fill(number, number + 1):
            columns.missing[where] -= 1
            columns.repeats[where] -= 1
            columns.bytes[where] += rows.length[row]
            columns.progress[where] = max(int(columns.progress[where]), int(rows.time[row]))
