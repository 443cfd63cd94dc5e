"""A machine that was asked for and is not there."""

from __future__ import annotations

from io import StringIO

from pxedebug.diagnose import judge
from pxedebug.report.select import select
from pxedebug.report.text import Output, write_text
from tests.track.conversation import Told, tell
from tests.track.programs import dnsmasq, edk2
from tests.track.scene import Step

STRANGER = bytes.fromhex("525400009999")


def other_s_boot(at: float) -> list[Step]:
    return [edk2.afresh(at=at), dnsmasq.offer(file="a.efi"), edk2.request(at=at + 4), dnsmasq.ack()]


def minutes() -> Told:
    return tell(*other_s_boot(0), *other_s_boot(120))


def test_a_machine_that_says_nothing_for_a_minute_is_named() -> None:
    (found,) = judge(minutes().story, expected=[STRANGER]).findings
    assert (found.finding.id, found.clients, found.boots) == ("no-client-traffic", (STRANGER,), ())
    assert found.finding.says.startswith("no frame of 52:54:00:00:99:99 was seen in ")
    assert (str(found.finding.severity), str(found.finding.confidence)) == ("warning", "inferred")


def test_a_machine_that_boots_is_not_silent() -> None:
    assert judge(minutes().story, expected=[edk2.mac]).findings == ()


def test_ten_seconds_prove_nothing() -> None:
    assert judge(tell(*other_s_boot(0)).story, expected=[STRANGER]).findings == ()


def test_the_report_on_it_says_what_to_look_at() -> None:
    out = StringIO()
    write_text(select(judge(minutes().story, expected=[STRANGER]), client=STRANGER), Output(out))
    assert "no frame of 52:54:00:00:99:99 was seen" in out.getvalue()
    assert "Likely causes:" in out.getvalue()
    assert "No network boots match." in out.getvalue()
