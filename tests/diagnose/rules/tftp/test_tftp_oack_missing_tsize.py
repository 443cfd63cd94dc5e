"""A size probe without an answer about the size."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import led, oack, stops
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2, edk2_http, linux
from tests.track.scene import Step

ID = "tftp-oack-missing-tsize"


def probed(**answered: int) -> Step:
    asked = edk2.saying(read_options=edk2.probe_options).rrq("x.efi", 4)
    return together(asked, oack(**answered), stops(edk2, 8, "User aborted the transfer"))


def test_no_size_and_no_read() -> None:
    verdict = diagnose(tell(led("x.efi"), probed(blksize=1468), edk2_http.discover(4.2)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [6, 5]
    assert "tftp-client-aborted" not in verdict.all_ids


def test_the_capture_goes_on_in_silence() -> None:
    verdict = diagnose(tell(led("x.efi"), probed(blksize=1468), linux.arp("10.77.0.9", 20)))
    assert verdict.primary == ID


def test_the_read_follows() -> None:
    assert diagnose(tell(led("x.efi"), probed(blksize=1468), edk2.fetch("x.efi", probe=False))).all_ids == []


def test_the_capture_ends_before_the_read() -> None:
    assert ID not in diagnose(tell(led("x.efi"), probed(blksize=1468))).all_ids


def test_an_answer_with_the_size_is_as_it_should_be() -> None:
    assert ID not in diagnose(tell(led("x.efi"), probed(tsize=9000), linux.arp("10.77.0.9", 20))).all_ids
