"""Options that one side does not take."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import led, oack, refusal, rrq, stops
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import edk2, ipxe, linux, plain

ID = "tftp-options-refused"


def test_the_server_refuses_them() -> None:
    told = tell(
        led("x.efi"), rrq(edk2, "x.efi", 4, blksize=9000), refusal(8, "bad blksize"), linux.arp("10.77.0.9", 60)
    )
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert verdict.confidence(ID) == "certain"
    assert verdict.frames(ID) == [6, 5]
    assert "blksize 9000" in verdict.finding(ID).explanation


def test_the_server_delivers_without_options() -> None:
    refused = (rrq(edk2, "x.efi", 4, blksize=9000), refusal(8, "bad blksize"))
    assert diagnose(tell(led("x.efi"), *refused, plain.fetch("x.efi"))).ids == []


def test_the_client_rejects_an_option_that_it_did_not_ask_for() -> None:
    asked = rrq(edk2, "x.efi", 4, blksize=1468)
    told = tell(led("x.efi"), asked, oack(blksize=1468, timeout=3), stops(edk2, 4, "Malformatted OACK packet"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert "not asked for: `timeout`" in verdict.finding(ID).explanation
    assert verdict.frames(ID) == [7, 5, 6]


def test_the_client_rejects_a_larger_block() -> None:
    asked = rrq(ipxe, "x.efi", 4, blksize=1432)
    verdict = diagnose(tell(led("x.efi"), asked, oack(blksize=8192), stops(ipxe, 8, "TFTP protocol error")))
    assert verdict.primary == ID
    assert "raises blksize from 1432 to 8192" in verdict.finding(ID).explanation


def test_a_size_probe_is_none() -> None:
    assert diagnose(tell(led("x.efi"), edk2.fetch("x.efi", 4))).all_ids == []
