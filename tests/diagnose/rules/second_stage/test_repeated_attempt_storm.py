"""The same machine fails in the same way again and again."""

from __future__ import annotations

from tests.diagnose.verdict import verdicts
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, intel, pxelinux
from tests.track.scene import Step

ID = "repeated-attempt-storm"


def failing(at: float) -> Step:
    begun = together(intel.afresh(at=at), dnsmasq.offer(file="pxelinux.0"), intel.request(at=at + 4), dnsmasq.ack())
    return together(begun, intel.missing("pxelinux.0"))


def working(at: float) -> Step:
    begun = together(intel.afresh(at=at), dnsmasq.offer(file="pxelinux.0"), intel.request(at=at + 4), dnsmasq.ack())
    return together(begun, intel.fetch("pxelinux.0"), *(pxelinux.fetch(name) for name in ("vmlinuz", "initrd.gz")))


def test_four_times_the_same_within_ten_minutes() -> None:
    *earlier, last = verdicts(tell(*(failing(at) for at in (0, 30, 60, 90))))
    assert len(earlier) == 3
    assert all(ID not in verdict.all_ids for verdict in earlier)
    assert (last.outcome, last.primary) == ("failed", "tftp-file-not-found")
    assert (last.severity(ID), last.confidence(ID)) == ("warning", "certain")
    assert last.finding(ID).says == (
        "the machine has tried 4 times in 90 s and never came further than asking for a file"
    )
    assert len(last.frames(ID)) == 4


def test_three_times() -> None:
    assert all(ID not in verdict.all_ids for verdict in verdicts(tell(*(failing(at) for at in (0, 30, 60)))))


def test_with_a_boot_that_worked_between() -> None:
    told = tell(failing(0), failing(30), working(60), failing(120), failing(150))
    assert all(ID not in verdict.all_ids for verdict in verdicts(told))


def test_over_an_hour() -> None:
    assert all(ID not in verdict.all_ids for verdict in verdicts(tell(*(failing(at) for at in (0, 900, 1800, 2700)))))
