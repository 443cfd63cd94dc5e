"""Errors of the server that have no rule of their own."""

from __future__ import annotations

import pytest

from tests.diagnose.tftp_scenes import blocks, led, oack, refusal
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import edk2, ipxe

ID = "tftp-server-error-other"


@pytest.mark.parametrize("code", [0, 3, 4, 6, 7])
def test_the_server_refuses_with_another_code(code: int) -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), refusal(code, "too many users")))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert (
        verdict.finding(ID).says == f"the server 10.77.0.1 refuses `x.efi` at once with error {code}: `too many users`"
    )
    assert verdict.frames(ID) == [6, 5]


def test_the_server_gives_up_in_the_middle() -> None:
    begun = (edk2.rrq("x.efi", 4), oack(blksize=1468), edk2.acknowledge(0), blocks(edk2, 1, 5, 1468))
    verdict = diagnose(tell(led("x.efi"), *begun, refusal(0, "read error")))
    assert (verdict.primary, "after 5 blocks" in verdict.finding(ID).says) == (ID, True)


def test_an_error_after_the_last_block_changes_nothing() -> None:
    assert diagnose(tell(led("x.efi"), edk2.fetch("x.efi", 4), refusal(0, "timeout"))).all_ids == []


def test_an_optional_file_is_no_loss() -> None:
    """B-05: Windows and MikroTik servers say 0 or 4 for iPXE's first question."""
    told = tell(led("x.efi"), edk2.fetch("x.efi", 4), ipxe.rrq("autoexec.ipxe"), refusal(4, "Illegal operation"))
    assert diagnose(told).ids == []
