"""Names that were cut."""

from __future__ import annotations

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2, intel
from tests.track.scene import Step

ID = "bootfile-too-long"
LONG = "images/" + "a" * 140 + "/boot.efi"
FULL = ("images/" + "b" * 200)[:128]


def leased(file: str, *, field: bool = False) -> Step:
    return together(
        intel.discover(at=0), dnsmasq.offer(file=file, field=field), intel.request(at=4), dnsmasq.ack()
    )  # fmt: skip


def test_the_client_asks_for_the_beginning_only() -> None:
    verdict = diagnose(tell(leased(LONG), intel.missing(LONG[:127])))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert "has 156 bytes, and the client asks for the first 127" in verdict.finding(ID).says
    assert verdict.frames(ID) == [5, 4]


def test_the_header_has_no_room_for_the_end() -> None:
    verdict = diagnose(tell(leased(FULL, field=True), intel.missing(FULL)))
    assert verdict.primary == ID
    assert verdict.frames(ID) == [4, 5]


def test_the_whole_name_is_asked_for() -> None:
    assert ID not in diagnose(tell(leased(LONG), edk2.missing(LONG))).all_ids


def test_a_full_header_that_works() -> None:
    assert ID not in diagnose(tell(leased(FULL, field=True), intel.fetch(FULL))).all_ids


def test_a_name_of_127_bytes_fits() -> None:
    assert ID not in diagnose(tell(leased(FULL[:127], field=True), intel.missing(FULL[:127]))).all_ids
