"""The Raspberry Pi's own words in option 43."""

from __future__ import annotations

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.programs import raspberry
from tests.track.scene import Options, Step

ID = "rpi-vendor-string-missing"
WORDS = b"\x06\x01\x03\x0a\x04\0PXE\x09\x14\0\0\x11Raspberry Pi Boot\xff"


def rounds(options: Options = (), tries: int = 4) -> Step:
    said = [(raspberry.discover(at=5 * n), dnsmasq.offer(at=5 * n + 0.1, options=options)) for n in range(tries)]
    return together(*(step for pair in said for step in pair))


def judged(*steps: Step, until: float = 40) -> Verdict:
    return diagnose(tell(*steps, until=until))


def test_the_rom_ignores_such_offers() -> None:
    verdict = judged(rounds())
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.frames(ID) == [2, 4, 6, 8, 3, 5, 7]


def test_after_one_round_nothing_is_known_yet() -> None:
    assert ID not in judged(rounds(tries=1), until=4).all_ids


def test_with_the_text_something_else_is_wrong() -> None:
    assert ID not in judged(rounds(((60, b"PXEClient"), (43, WORDS)))).all_ids


def test_a_boot_loader_that_does_without() -> None:
    leased = together(raspberry.discover(at=0), dnsmasq.offer(), raspberry.request(), dnsmasq.ack())
    assert ID not in judged(leased, raspberry.missing("1234abcd/start.elf"), raspberry.missing("start.elf")).all_ids


def test_nobody_answers_at_all() -> None:
    told = tell(*(raspberry.discover(at=5 * n) for n in range(4)), until=40)
    assert ID not in diagnose(told).all_ids
