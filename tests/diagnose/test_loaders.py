"""What boot loaders load and ask for."""

from __future__ import annotations

import pytest

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import recovered_after, refusal
from pxedebug.diagnose.loaders import is_shim, is_shims_second_stage, next_beginning
from pxedebug.diagnose.network import Network
from pxedebug.wire.batch import frame_number
from tests.diagnose.second_stage_scenes import SIGNED, bios, pxelinux_search, uefi
from tests.track.conversation import Told, seconds, tell
from tests.track.programs import edk2, edk2_http, intel, ipxe, pxelinux


def case_of(told: Told, number: int = 1) -> Case:
    return Case(told.boots[number - 1], number, 0)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("shimx64.efi", True),
        ("EFI/BOOT/bootnetx64.efi", True),
        ("grubx64.efi", False),
        ("shim_certificate_0.efi", False),
    ],
)
def test_a_shim_is_known_by_its_name(file: str, expected: bool) -> None:
    (transfer,) = case_of(tell(uefi(file, SIGNED))).first.whole()
    assert is_shim(transfer) is expected


def test_what_shim_starts() -> None:
    assert is_shims_second_stage(b"boot\\GRUBX64.EFI")
    assert is_shims_second_stage(b"snponly.efi")
    assert not is_shims_second_stage(b"mmx64.efi")


def test_what_came_after_a_refusal() -> None:
    case = case_of(tell(bios(), pxelinux_search(), pxelinux.fetch("vmlinuz")))
    refused = [transfer for transfer in case.last.transfers if transfer.error_frame is not None]
    assert [t.file for t in case.last.onwards(refused[-1].started)] == [b"vmlinuz"]
    assert recovered_after(case.last, refused[-1])
    assert not recovered_after(case.last, case.last.transfers[-1])
    assert [(e.frame, e.note) for e in refusal(refused[0], "asked")] == [
        (refused[0].error_frame, "ERROR 1"), (refused[0].first_frame, "asked"),
    ]  # fmt: skip


def test_when_the_firmware_went_on() -> None:
    walked = tell(uefi(), edk2_http.afresh(at=5))
    began = next_beginning(case_of(walked), Network(walked.story, walked.boots))
    assert began is not None
    assert (seconds(began[0]), frame_number(began[1])) == (5.0, len(walked.wires))
    anew = tell(uefi(), edk2.afresh(at=20), edk2.discover(at=24))
    began = next_beginning(case_of(anew), Network(anew.story, anew.boots))
    assert began is not None
    assert (seconds(began[0]), frame_number(began[1])) == (20.0, len(anew.wires) - 1)
    for runs in (tell(uefi(), ipxe.afresh(at=6)), tell(bios(), intel.afresh(at=500))):
        assert next_beginning(case_of(runs), Network(runs.story, runs.boots)) is None
