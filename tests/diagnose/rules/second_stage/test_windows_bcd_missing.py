"""Windows' boot manager does not get its boot configuration data."""

from __future__ import annotations

import pytest

from tests.diagnose.second_stage_scenes import SIGNED, search, uefi
from tests.diagnose.verdict import diagnose
from tests.track.conversation import Told, tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "windows-bcd-missing"
windows = edk2.saying(probe_options=(), read_options=((b"tsize", b"0"), (b"blksize", b"1456"), (b"windowsize", b"4")))
FONTS = search(windows, "\\Boot\\Fonts\\wgl4_boot.ttf", "\\Boot\\Fonts\\segmono_boot.ttf")


def bootmgr(*then: Step) -> Told:
    return tell(uefi("boot\\x64\\bootmgfw.efi", SIGNED), FONTS, *then)


@pytest.mark.parametrize("file", ["\\Boot\\BCD", "\\Tmp\\x64uefi{1C3D0BAF-2D49-4C5E-A1B7-0E4F1A2B3C4D}.bcd"])
def test_there_is_no_bcd(file: str) -> None:
    told = bootmgr(windows.missing(file))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == f"the server 10.77.0.1 has no boot configuration data `{file}`"
    last = len(told.wires)
    assert verdict.frames(ID)[:2] == [last, last - 1]
    assert "0xc000000f" in verdict.finding(ID).screen[0]


def test_it_is_found_under_the_next_name() -> None:
    rest = [windows.fetch(name) for name in ("\\Boot\\BCD", "\\Boot\\boot.sdi", "\\sources\\boot.wim")]
    verdict = diagnose(bootmgr(windows.missing("\\SMSTemp\\a.bcd"), *rest))
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_fonts_alone() -> None:
    assert ID not in diagnose(bootmgr()).all_ids


def test_a_request_without_an_answer() -> None:
    asked = together(*(windows.rrq("\\Boot\\BCD", again=bool(n)) for n in range(5)))
    verdict = diagnose(tell(uefi("bootmgfw.efi", SIGNED), asked, until=200))
    assert verdict.outcome in ("failed", "stalled")
    assert verdict.confidence(ID) == "strong"


def test_a_bcd_without_windows() -> None:
    """Nothing of Windows was loaded: the file is asked for by a script, say."""
    assert ID not in diagnose(tell(uefi("ipxe.efi"), edk2.missing("BCD"))).all_ids
