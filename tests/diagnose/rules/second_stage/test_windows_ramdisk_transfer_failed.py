"""Windows' RAM disk does not arrive."""

from __future__ import annotations

from tests.diagnose.rules.second_stage.test_windows_bcd_missing import bootmgr, windows
from tests.diagnose.verdict import diagnose
from tests.track.conversation import together
from tests.track.machines import Machine, tftp_reply
from tests.track.scene import Scene, Step

ID = "windows-ramdisk-transfer-failed"
FILE = "\\sources\\boot.wim"
CONFIG = together(windows.fetch("\\Boot\\BCD"), windows.fetch("\\Boot\\boot.sdi"))


def begun(machine: Machine = windows) -> Step:
    """The request, its OACK and the first blocks of a WIM."""
    oack = b"\0\6tsize\x00300000000\0blksize\x001456\0windowsize\x004\0"

    def step(scene: Scene) -> None:
        machine.rrq(FILE)(scene)
        tftp_reply(oack)(scene)
        machine.acknowledge(0)(scene)
        for block in range(1, 5):
            tftp_reply(b"\0\3" + block.to_bytes(2, "big") + b"W" * 1456)(scene)
        machine.acknowledge(4)(scene)

    return step


def test_the_transfer_stops() -> None:
    verdict = diagnose(bootmgr(CONFIG, begun()).after(120))
    assert verdict.outcome in ("failed", "stalled")
    assert verdict.primary == ID
    assert verdict.confidence(ID) == "certain"
    assert verdict.finding(ID).says == (
        "Windows' RAM disk `\\sources\\boot.wim` stopped after 5,824 of 300,000,000 bytes, "
        "in blocks of 1456 bytes, 4 at a time"
    )
    assert "0xc0000001" in verdict.finding(ID).screen[0]


def test_the_client_gives_up() -> None:
    abort: Step = lambda scene: windows._tftp(scene, b"\0\5\0\0Read failed\0", "10.77.0.1", None)  # noqa: E731
    verdict = diagnose(bootmgr(CONFIG, begun(), abort))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.severity(ID) == "fatal"


def test_a_transfer_that_moves() -> None:
    assert diagnose(bootmgr(CONFIG, begun())).all_ids == []


def test_a_second_try_with_smaller_blocks_succeeds() -> None:
    verdict = diagnose(bootmgr(CONFIG, begun(), windows.fetch(FILE, at=60)))
    assert (verdict.outcome, ID in verdict.ids) == ("booted", False)
