"""A server that ignores options."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import data, led, stops
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import edk2, edk2_http, intel

ID = "tftp-no-option-support"


def test_uefi_gives_up_at_the_first_block() -> None:
    asked = edk2.saying(read_options=edk2.probe_options).rrq("x.efi", 4)
    told = tell(led("x.efi"), asked, data(1), stops(edk2, 4, "User aborted download"), edk2_http.discover(4.2))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [6, 7, 5]
    assert "tftp-client-aborted" not in verdict.all_ids


def test_a_client_that_goes_on_without_is_content() -> None:
    steps = [intel.rrq("x.0", 4), data(1), intel.acknowledge(1), data(2, 3), intel.acknowledge(2)]
    assert diagnose(tell(led("x.0", intel), *steps)).all_ids == []


def test_an_abort_later_on_has_another_reason() -> None:
    steps = [edk2.rrq("x.efi", 4), data(1), edk2.acknowledge(1), data(2), stops(edk2, 0, "User aborted")]
    assert ID not in diagnose(tell(led("x.efi"), *steps)).all_ids
