from __future__ import annotations

import pytest

from pxedebug.firmware.programs import StageKind
from pxedebug.report.context import Context
from pxedebug.report.spent import time_spent
from pxedebug.track.story import Durations
from tests.report import stories as make

CONTEXT = Context(make.EPOCH, False)
QUICK = Durations(1_000_000, 0, 0, 1_000_000, 0)


@pytest.mark.parametrize(
    ("kinds", "who"),
    [
        ([StageKind.FIRMWARE], "firmware"),
        ([StageKind.IPXE], "client"),
        ([StageKind.U_BOOT], "client"),
        ([StageKind.FIRMWARE, StageKind.IPXE], "client"),
    ],
)
def test_who_waited(kinds: list[StageKind], who: str) -> None:
    stages = [make.stage([make.dora()], kind=kind) for kind in kinds]
    assert time_spent(make.boot(*stages), CONTEXT) == f"DHCP 3.9 s, 0.93 of them the {who}'s own waiting"


def test_a_program_without_dhcp_of_its_own_waits_for_nobody() -> None:
    stages = [make.stage([make.dora()]), make.stage([], kind=StageKind.PXELINUX)]
    assert "the firmware's own waiting" in time_spent(make.boot(*stages), CONTEXT)


def test_the_slowest_files_are_named_and_the_others_counted() -> None:
    transfers = [make.transfer(f"dir/{n}.img".encode(), frame=n + 1, seconds=10 * n, took=n) for n in range(5)]
    spent = time_spent(make.boot(make.stage([], transfers), durations=QUICK), CONTEXT)
    assert spent == (
        "2.img 2.0 s at 1468-byte blocks; 3.img 3.0 s at 1468-byte blocks; 4.img 4.0 s at 1468-byte blocks; "
        "2 other files 1.0 s"
    )


def test_nothing_is_said_of_what_was_quick() -> None:
    assert time_spent(make.boot(make.stage([make.dora()]), durations=QUICK), CONTEXT) == ""
