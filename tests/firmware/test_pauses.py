"""Pauses between two steps of a boot."""

from __future__ import annotations

from pxedebug.firmware import Phase, gives_up_after_ns, next_action_ns, pauses, schedule
from pxedebug.firmware.programs import Program


def test_a_pause_is_longer_than_the_programs_own_clock() -> None:
    rom = schedule(Program.INTEL_ROM, Phase.REQUEST)
    assert (next_action_ns(rom, 3) or 0) - (next_action_ns(rom, 2) or 0) < pauses.FIRMWARE < pauses.IPXE
    assert pauses.PASSED_OVER < pauses.WEB_PROGRAM < pauses.FIRST_WORDS
    discovering = gives_up_after_ns(schedule(Program.IPXE, Phase.DISCOVER))
    assert discovering is not None
    assert discovering <= pauses.IPXE < pauses.PROGRAM
