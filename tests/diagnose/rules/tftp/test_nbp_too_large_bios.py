"""Boot programs that do not fit a BIOS machine's base memory."""

from __future__ import annotations

import pytest

from tests.diagnose.tftp_scenes import blocks, led
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, intel, ipxe_rom, linux
from tests.track.scene import Step

ID = "nbp-too-large-bios"
SILENCE = linux.arp("10.77.0.9", 60)


def probed(size: int, machine: Machine = intel) -> Step:
    return together(led("big.0", machine), machine.probe("big.0", 4, size=size), SILENCE)


@pytest.mark.parametrize(("size", "sure"), [(560_000, "strong"), (900_000, "certain")])
def test_the_rom_stops_at_the_size(size: int, sure: str) -> None:
    verdict = diagnose(tell(probed(size)))
    assert (verdict.primary, verdict.severity(ID), verdict.confidence(ID)) == (ID, "error", sure)
    assert f"{size:,} bytes" in verdict.finding(ID).says
    assert verdict.frames(ID) == [6, 5]


def test_a_program_that_fits() -> None:
    assert ID not in diagnose(tell(probed(90_000))).all_ids


def test_uefi_and_ipxe_load_higher() -> None:
    assert ID not in diagnose(tell(probed(900_000, edk2))).all_ids
    read = together(ipxe_rom.rrq("big.0", 4), blocks(ipxe_rom, 1, 3))
    assert ID not in diagnose(tell(led("big.0", ipxe_rom), read, SILENCE)).all_ids


def test_a_program_that_loads_others_ran() -> None:
    told = tell(led("big.0", intel), intel.probe("big.0", 4, size=560_000), intel.fetch("ldlinux.c32"))
    assert ID not in diagnose(told).all_ids
