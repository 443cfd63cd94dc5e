"""Large files that come slowly."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import data, led, oack, rrq
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "tftp-slow-transfer"
BLOCK = 8192


def read(count: int, gap: float, *, end: bool = True, size: int | None = None, block: int = BLOCK) -> Step:
    """`count` blocks (of 8 KiB), one every `gap` seconds: the server takes most of it."""
    whole = size or count * block + 9
    steps = [rrq(edk2, "x.wim", 5, blksize=block, tsize=0), oack(tsize=whole, blksize=block), edk2.acknowledge(0)]
    for number in range(1, count + 1):
        at = 5.1 + gap * number
        steps += [data(number, block, at), edk2.acknowledge(number & 0xFFFF, at + gap / 20)]
    steps += [data(count + 1, 9), edk2.acknowledge(count + 1)] if end else []
    return together(led("x.wim"), *steps)


def test_a_large_file_at_less_than_1_mib_a_second() -> None:
    verdict = diagnose(tell(read(600, 0.02)))
    assert verdict.outcome == "booted"
    assert verdict.ids == [ID]
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    assert "4,915,209 bytes in 12 s, " in verdict.finding(ID).says
    assert "KiB/s" in verdict.finding(ID).says
    assert "the server, or the way to it sets the pace" in verdict.finding(ID).explanation
    assert verdict.frames(ID)[0] == 5


def test_a_fast_one() -> None:
    assert ID not in diagnose(tell(read(600, 0.004))).all_ids


def test_a_small_one_may_be_slow() -> None:
    assert ID not in diagnose(tell(read(100, 0.02))).all_ids


def test_small_blocks_set_the_pace_where_large_ones_would_be_fast() -> None:
    told = tell(read(2100, 0.001, end=False, size=90_000_000, block=512))
    assert "the small blocks set the pace" in diagnose(told).finding(ID).explanation


def test_more_than_a_minute_to_go() -> None:
    verdict = diagnose(tell(read(150, 0.02, end=False, size=90_000_000)))
    assert verdict.ids == [ID]
    assert "to go" in verdict.finding(ID).says
