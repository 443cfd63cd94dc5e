"""Names in another system's spelling."""

from __future__ import annotations

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose, verdicts
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, intel, pxelinux
from tests.track.scene import Options, Step

ID = "bootfile-path-style"
neighbour = edk2.on("52:54:00:77:00:99")


def leased(file: str, client: Machine = edk2, at: float = 0, options: Options = ()) -> Step:
    return together(
        client.discover(at=at), dnsmasq.offer(file=file, options=options), client.request(at=at + 3.9),
        dnsmasq.ack(options=options),
    )  # fmt: skip


def refused(file: str, options: Options = ()) -> Verdict:
    return diagnose(tell(leased(file, options=options), edk2.missing(file)))


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("boot\\x64\\wdsmgfw.efi", "backslashes"), ("boot%5cx.efi", "backslashes"), ("C:/tftp/x.efi", "drive"),
        ('"x.efi"', "quotes"), ("x.efi ", "a blank"), ("boot//x.efi", "double slash"),
        ("tftp://10.77.0.1/x.efi", "URL"),
    ],
)  # fmt: skip
def test_forms_that_no_server_on_linux_knows(file: str, why: str) -> None:
    verdict = refused(file)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert why in verdict.finding(ID).says
    assert verdict.frames(ID) == [6, 5]


def test_the_same_name_was_served_in_another_spelling() -> None:
    served = together(leased("Boot/X64.efi", neighbour), neighbour.fetch("Boot/X64.efi"))
    told = tell(served, leased("/boot/x64.efi", at=20), edk2.missing("/boot/x64.efi"))
    verdict = next(v for v in verdicts(told) if v.judged.boot.client.mac == edk2.mac)
    assert verdict.primary == ID
    assert verdict.finding(ID).says.endswith("has no file `/boot/x64.efi`, but it served `Boot/X64.efi`")


@pytest.mark.parametrize("file", ["/boot/x.efi", "boot/x.efi", "x.efi", "http://10.77.0.1/x.efi"])
def test_ordinary_names_are_just_missing(file: str) -> None:
    assert ID not in refused(file).all_ids


def test_a_program_that_goes_on_without_the_file() -> None:
    told = tell(leased("x.efi"), edk2.fetch("x.efi"), edk2.missing("a\\b.cfg"), edk2.fetch("vmlinuz"))
    assert ID not in diagnose(told).all_ids


def test_wds_takes_backslashes() -> None:
    assert ID not in refused("boot\\x64\\wdsmgfw.efi", ((252, b"\\Tmp\\x64.bcd"),)).all_ids


def test_pxelinux_asks_with_double_slashes_in_its_search() -> None:
    search = together(
        pxelinux.missing("boot//boot/isolinux/ldlinux.c32"), pxelinux.fetch("boot/ldlinux.c32"),
        pxelinux.missing("boot//vmlinuz"),
    )  # fmt: skip
    told = tell(leased("boot/pxelinux.0", intel), intel.fetch("boot/pxelinux.0"), search)
    assert ID not in diagnose(told).all_ids
