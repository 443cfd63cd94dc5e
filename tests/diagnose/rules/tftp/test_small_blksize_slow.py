"""Large files in small blocks."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import blocks, led, oack, rrq
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "small-blksize-slow"


def read(asked: int | None, given: int | None, size: int = 2_000_000) -> Step:
    """The beginning of a file of `size` bytes."""
    wanted = {"tsize": 0} if asked is None else {"tsize": 0, "blksize": asked}
    answered = {"tsize": size} if given is None else {"tsize": size, "blksize": given}
    begun = together(rrq(edk2, "x.efi", 4, **wanted), oack(**answered), edk2.acknowledge(0))
    return together(led("x.efi"), begun, blocks(edk2, 1, 3, given or 512))


def test_the_server_caps_the_block_size() -> None:
    verdict = diagnose(tell(read(1468, 512)))
    assert verdict.ids == [ID]
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    assert verdict.finding(ID).says == "`x.efi` comes in blocks of 512 bytes, the client asked for 1468"
    assert verdict.frames(ID) == [6, 5]


def test_less_than_half_of_what_was_asked() -> None:
    assert diagnose(tell(read(8192, 1024))).ids == [ID]
    assert diagnose(tell(read(1468, 1024))).ids == []


def test_the_server_ignores_the_option() -> None:
    assert diagnose(tell(read(1468, None))).ids == [ID]


def test_shim_asks_for_no_more() -> None:
    """B-25."""
    verdict = diagnose(tell(read(512, 512)))
    assert (verdict.ids, verdict.severity(ID)) == ([], "info")


def test_small_files_may_come_in_small_blocks() -> None:
    assert diagnose(tell(read(1468, 512, 90_000))).all_ids == []
