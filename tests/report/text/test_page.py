from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from pxedebug.diagnose import judge
from pxedebug.report.select import select
from pxedebug.report.times import Clock
from tests.report import stories as make
from tests.report.hostile_names import FORBIDDEN, HOSTILE
from tests.report.text.render import render

MISSING = """\
boot.pcap  1,204 frames, 977 KiB, over 63 s, Ethernet (EN10MB), from 2026-11-21
10:22:33 UTC
  This point saw both directions.

── 1 boot ──────────────────────────────────────────────────────────────────────
1  ✖ failed       52:54:00:77:00:20  grubx64.efi
   grubx64.efi refused: ERROR 1 "file not found"
   QEMU/KVM virtual · x64 UEFI · 10.77.0.131 · firmware

── Boot 1  52:54:00:77:00:20 · QEMU/KVM virtual · x64 UEFI ─────────────────────
 ✖ 52:54:00:77:00:20 failed: grubx64.efi refused: ERROR 1 "file not found"

 took 10.0 s · UUID 03020100-0504-0706-0809-0a0b0c0d0e0f

 firmware, PXE over IPv4: told to load grubx64.efi from 10.77.0.1 (frame 15)
  frame    second    pause
      6     0.000           ──► broadcast    DISCOVER
     13     3.005   +3.005  ◄── 10.77.0.1    OFFER 10.77.0.131 · chosen
                                file grubx64.efi · dhcp-only
     14     3.936   +0.931  ──► broadcast    REQUEST
                                asks for 10.77.0.131 of 10.77.0.1
     15     3.937   +0.001  ◄── 10.77.0.1    ACK · 10.77.0.131
                                file grubx64.efi
     18     3.942   +0.005  ──► 10.77.0.1    RRQ grubx64.efi
                                refused: ERROR 1 "file not found" · to frame 19

 Where the time went: DHCP 3.9 s, 0.93 of them the firmware's own waiting.
"""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

EVERYTHING = make.story(make.missing_file(), make.healthy(), others=[make.renewal()], warnings=(make.warning(),))


def test_a_missing_file_at_80_columns() -> None:
    assert render(make.story(make.missing_file())) == MISSING


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, verbose: bool) -> None:
    text = render(EVERYTHING, width=width, verbose=verbose)
    assert max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("verbose", [False, True])
def test_hostile_names_reach_no_terminal(name: bytes, verbose: bool) -> None:
    boot = make.boot(
        make.stage([make.dora(name)], [make.refused(name, error_message=name)], file=name),
        client=make.client(vendor_class=name, user_class=name),
    )
    source = make.source(name.decode("utf-8", "surrogateescape"))
    story = make.story(boot, sources=(source,), warnings=(make.warning(name.decode("utf-8", "replace")),))
    text = render(story, verbose=verbose)
    assert not FORBIDDEN & set(text)
    assert max(map(cell_len, text.splitlines())) <= 80
    coloured = render(story, verbose=verbose, colour=True)
    assert not (FORBIDDEN - {"\x1b"}) & set(coloured)
    assert _COLOUR.sub("", coloured) == text


def test_secrets_are_masked_unless_asked_for() -> None:
    url = b"http://root:hunter2@10.77.0.1/boot.ipxe?token=tok3n"
    etherboot = bytes((190, 5)) + b"alice" + bytes((191, 9)) + b"swordfish"
    told = make.message("OFFER", 7, 0.1, options=[(67, url), (175, etherboot)])
    stage = make.stage(
        [make.exchange(told, offers=[make.offer(told, url)])],
        [make.transfer(url, protocol="http", status=make.TransferStatus.REFUSED, error_code=401)],
        file=url,
    )
    story = make.story(make.boot(stage))
    for verbose in (False, True):
        text = render(story, verbose=verbose, width=160)
        assert "hunter2" not in text
        assert "tok3n" not in text
        assert "swordfish" not in text
    shown = render(story, verbose=True, width=160, show_secrets=True)
    assert "hunter2" in shown
    assert "tok3n" in shown
    assert "swordfish" in shown


def test_verbose_shows_every_option() -> None:
    text = render(make.story(make.missing_file()), verbose=True, width=120)
    assert "93 Client system architecture" in text
    assert "60 Vendor class identifier: PXEClient:Arch:00007:UNDI:003001" in text
    assert text.count("xid: 0xfb56ca37") == 4


def test_times_of_the_day() -> None:
    assert "10:22:36.005" in render(make.story(make.missing_file()), clock=Clock.UTC)


def test_a_capture_without_boots_says_so() -> None:
    assert "No network boots in this capture." in render(make.story())
    nobody = select(judge(make.story(make.missing_file())), client=bytes(6))
    assert "No network boots match." in render(nobody)


def test_what_the_limits_dropped_is_said() -> None:
    assert "leaves out: 2 boots" in render(make.story(evicted={"clients": 0, "boots": 2, "frames": 0}))


def test_a_wide_terminal_gets_one_line_a_boot() -> None:
    lines = render(EVERYTHING, width=160).splitlines()
    row = next(line for line in lines if line.startswith("1  "))
    assert "QEMU/KVM" in row
    assert "x64 UEFI" in row
    assert "ERROR 1" in row
