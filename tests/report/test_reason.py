from __future__ import annotations

import pytest

from pxedebug.firmware.programs import Method, StageKind
from pxedebug.report.reason import reason
from pxedebug.track.story import Boot, Outcome, Stage, TransferStatus
from tests.report import stories as make


def why(*stages: Stage, outcome: Outcome = Outcome.FAILED) -> str:
    return reason(make.boot(*stages, outcome=outcome), bytes)


def test_nobody_answered() -> None:
    sends = [make.message("DISCOVER", n + 1, at) for n, at in enumerate((0, 4, 12))]
    assert why(make.stage([make.exchange(*sends, complete=False)], file=None)) == "no OFFER (3 tries over 12.0 s)"
    assert why(make.stage([make.exchange(sends[0])], file=None)) == "no OFFER (1 try over 0.000 s)"


def test_a_mirrors_copies_are_no_tries() -> None:
    sends = [make.message("DISCOVER", 1, 0), make.message("DISCOVER", 2, 0.0001, copy_of=1)]
    assert why(make.stage([make.exchange(*sends)], file=None)).startswith("no OFFER (1 try ")


def test_offers_that_nobody_took() -> None:
    discover, told = make.message("DISCOVER", 1, 0), make.message("OFFER", 2, 0.1)
    taken = make.exchange(discover, told, offers=[make.offer(told, chosen=False)])
    bare = make.exchange(discover, told, offers=[make.offer(told, None, chosen=False)])
    assert why(make.stage([taken], file=None)) == "1 OFFER, none taken"
    assert why(make.stage([bare], file=None)) == "1 OFFER without a boot file, none taken"


def test_no_ack_no_file_no_request() -> None:
    discover, told, request = make.dora().messages[:3]
    silent = make.exchange(discover, told, request, offers=[make.offer(told)])
    assert why(make.stage([silent], file=None)) == "no ACK to its REQUEST (1 sent)"
    assert why(make.stage([make.dora(None)], file=None)) == "no boot file named"
    assert why(make.stage([make.dora()])) == "told to load grubx64.efi from 10.77.0.1 but never asked for it"


def test_the_boot_server_is_silent() -> None:
    request = make.message("REQUEST", 9, 5, port=4011, destination=make.SERVER)
    proxy = make.exchange(request, port=4011, complete=False)
    assert why(make.stage([make.dora(None), proxy], file=None)) == "no answer on port 4011"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (TransferStatus.UNANSWERED, "no answer from 10.77.0.1 for grubx64.efi (1 request)"),
        (TransferStatus.UNREACHABLE, "10.77.0.1 unreachable for grubx64.efi"),
        (TransferStatus.STALLED, "grubx64.efi stalled at 100 %"),
        (TransferStatus.UNSEEN, "grubx64.efi: its data is not in this capture"),
        (TransferStatus.COMPLETE, "grubx64.efi delivered, then nothing more"),
        (TransferStatus.ABORTED, "client gave grubx64.efi up: no reason given"),
    ],
)
def test_how_the_last_transfer_ended(status: TransferStatus, words: str) -> None:
    assert why(make.stage([], [make.transfer(status=status)])) == words


def test_the_servers_error() -> None:
    assert why(make.stage([], [make.refused()])) == 'grubx64.efi refused: ERROR 1 "file not found"'
    assert why(make.stage([], [make.refused(error_message=b"")])) == "grubx64.efi refused: ERROR 1 File not found"
    lost = make.refused(protocol="http", error_code=404)
    assert why(make.stage([], [lost])) == "grubx64.efi refused: HTTP 404"


def test_no_configuration() -> None:
    tries = [make.refused(name, 18 + n, n) for n, name in enumerate((b"pxelinux.cfg/0A", b"pxelinux.cfg/default"))]
    words = why(make.stage([], [make.transfer(b"pxelinux.0", 1, -1), *tries], kind=StageKind.PXELINUX))
    assert words == "no configuration found: 2 names tried, the last pxelinux.cfg/default"


def test_the_furthest_stage_speaks() -> None:
    loaded = make.stage([make.dora()], [make.transfer()])
    loader = make.stage([], [make.refused(b"vmlinuz")], kind=StageKind.IPXE)
    other = make.stage([make.exchange(make.message("DISCOVER", 99, 70))], method=Method.HTTP_V4, file=None)
    assert why(loaded, loader, other).startswith("vmlinuz refused")
    assert why(make.missing_file().stages[0], other).startswith("grubx64.efi refused")


@pytest.mark.parametrize(
    ("boot", "words"),
    [
        (make.healthy(), "boot/vmlinuz and boot/initrd.img delivered"),
        (make.boot(make.stage([make.dora()], kind=StageKind.OS), outcome=Outcome.BOOTED), "its operating system spoke"),
        (make.boot(outcome=Outcome.LOCAL), "handed to the local disk"),
        (make.boot(outcome=Outcome.INCONCLUSIVE), ""),
        (
            make.boot(make.stage([], [make.transfer()]), outcome=Outcome.IN_PROGRESS),
            "grubx64.efi delivered, then the capture ends",
        ),
    ],
)
def test_other_outcomes(boot: Boot, words: str) -> None:
    assert reason(boot, bytes) == words
