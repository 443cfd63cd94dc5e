"""Clocks: sends, ends, and when silence is proved."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.firmware.programs import Program
from pxedebug.firmware.schedules import (
    UNKNOWN_SCHEDULE,
    Phase,
    Schedule,
    exhausted,
    gives_up_after_ns,
    next_action_ns,
    schedule,
)

S = 1_000_000_000
KNOWN = [(p, f) for p in Program for f in Phase if schedule(p, f) != UNKNOWN_SCHEDULE]


def at(*seconds: float) -> list[int]:
    return [round(1_795_468_359 * S + moment * S) for moment in seconds]


@pytest.mark.parametrize(("program", "phase"), KNOWN)
def test_every_schedule_starts_at_zero_and_ends_after_its_last_send(program: Program, phase: Phase) -> None:
    plan = schedule(program, phase)
    assert list(plan.sends) == sorted(set(plan.sends))
    assert plan.sends[:1] in ((), (0,))
    assert plan.gives_up is not None
    assert plan.gives_up > max(plan.sends, default=0)


@pytest.mark.parametrize(
    ("program", "phase", "sends", "gives_up"),
    [
        (Program.EDK2, Phase.DISCOVER, 4, 60),
        (Program.IPXE, Phase.DISCOVER, 4, 16),
        (Program.U_BOOT, Phase.DISCOVER, 17, 30),
        (Program.IPXE, Phase.REQUEST, 6, 16),
        (Program.EDK2, Phase.TFTP_REQUEST, 6, 24),
        (Program.IPXE, Phase.TFTP_REQUEST, 6, 16),
        (Program.U_BOOT, Phase.TFTP_REQUEST, 11, 55),
        (Program.PXELINUX, Phase.TFTP_REQUEST, 31, 131),
        (Program.GRUB, Phase.TFTP_REQUEST, 40, 31.6),
        (Program.EDK2, Phase.ARP, 18, 24),
        (Program.IPXE, Phase.ARP, 10, 15.75),
    ],
)
def test_counts_are_the_recorded_ones(program: Program, phase: Phase, sends: int, gives_up: float) -> None:
    plan = schedule(program, phase)
    assert (len(plan.sends), plan.gives_up) == (sends, gives_up)


def test_u_boots_backoff_ends_in_steps_of_two_seconds() -> None:
    sends = schedule(Program.U_BOOT, Phase.DISCOVER).sends
    assert sends[:5] == (0, 0.25, 0.75, 1.75, 3.75)
    assert {later - earlier for earlier, later in pairwise(sends[4:])} == {2}


def test_the_full_count_suffices_although_the_capture_stops_there() -> None:
    plan = schedule(Program.EDK2, Phase.DISCOVER)
    sends = at(0, 3.9, 11.9, 27.9)
    assert exhausted(plan, sends, sends[-1])
    assert not exhausted(plan, sends[:3], sends[2])


def test_the_end_of_waiting_suffices_although_sends_are_missing() -> None:
    plan = schedule(Program.IPXE, Phase.DISCOVER)
    sends = at(0, 1)
    assert not exhausted(plan, sends, at(15.9)[0])
    assert exhausted(plan, sends, at(16)[0])


def test_an_unknown_program_must_try_three_times_over_ten_seconds() -> None:
    plan = schedule(Program.UNKNOWN, Phase.DISCOVER)
    assert exhausted(plan, at(0, 4, 10), at(10)[0])
    assert not exhausted(plan, at(0, 4, 9.9), at(60)[0])
    assert not exhausted(plan, at(0, 12), at(60)[0])


def test_nothing_sent_proves_nothing() -> None:
    assert not exhausted(schedule(Program.EDK2, Phase.DISCOVER), [], at(1000)[0])


def test_the_next_action_is_a_send_and_at_last_the_end() -> None:
    plan = schedule(Program.EDK2, Phase.PROXY)
    assert [next_action_ns(plan, sent) for sent in range(5)] == [0, 1 * S, 3 * S, 6 * S, 10 * S]
    assert next_action_ns(UNKNOWN_SCHEDULE, 1) is None
    assert gives_up_after_ns(Schedule((), 0.25)) == S // 4


@given(
    st.sampled_from(KNOWN),
    st.lists(st.integers(0, 10**11), min_size=1, max_size=50).map(sorted),
    st.integers(0, 10**11),
)
def test_silence_once_proved_stays_proved(case: tuple[Program, Phase], sends: list[int], later: int) -> None:
    plan = schedule(*case)
    if exhausted(plan, sends, sends[-1]):
        assert exhausted(plan, sends, sends[-1] + later)
