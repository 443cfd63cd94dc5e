"""The server may not give out the file."""

from __future__ import annotations

import pytest

from tests.diagnose.tftp_scenes import led, refusal
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import edk2, ipxe

ID = "tftp-access-violation"


@pytest.mark.parametrize(
    ("code", "text"),
    [(2, "Access violation"), (2, ""), (0, "Permission denied"), (1, "Only absolute filenames allowed")],
)
def test_the_server_says_that_it_may_not(code: int, text: str) -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), refusal(code, text)))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [6, 5]
    assert f"`{text}`" in verdict.finding(ID).says


def test_an_optional_file_is_no_loss() -> None:
    refused = refusal(2, "Access violation")
    told = tell(led("x.efi"), edk2.fetch("x.efi", 4), ipxe.rrq("autoexec.ipxe"), refused, ipxe.fetch("vmlinuz"))
    assert diagnose(told).ids == []


def test_words_from_the_wire_are_cut_and_marked() -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), refusal(2, "[red]" + "z" * 400)))
    assert len(verdict.finding(ID).says) < 200
