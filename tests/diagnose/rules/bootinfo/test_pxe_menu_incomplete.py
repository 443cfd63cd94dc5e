"""Boot menus that lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose, of_capture
from tests.track.conversation import tell, together
from tests.track.programs import edk2, intel, proxy
from tests.track.scene import Step

ID = "pxe-menu-incomplete"
MENU = b"\x09\x07\0\x0d\x04Linu"
PROMPT = b"\x0a\x04\x05PXE"
WAIT = b"\x0a\x04\xffPXE"
rom = intel.saying(flags=0)
"""A ROM whose answers are unicast, so that the capture point shows itself."""
somebody = edk2.on("52:54:00:77:00:77")
ALONE = b"\x06\x01\x03"
"""Neither broadcast nor multicast discovery."""
SERVERS = b"\x08\x07\0\x0d\x01\x0a\x4d\0\3"


def leased(*parts: bytes, file: str = "") -> Step:
    vendor = ((43, b"".join(parts) + b"\xff"),)
    return together(
        rom.discover(at=0), dnsmasq.offer(), proxy.offer(file=file, options=vendor),
        rom.request(at=4, of=dnsmasq), dnsmasq.ack(), somebody.arp("10.77.0.1", sender="10.77.0.77"),
    )  # fmt: skip


def judged(*steps: Step, until: float = 60) -> Verdict:
    return diagnose(tell(*steps, until=until))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((MENU,), "items (43.9) and no prompt"), ((PROMPT,), "a prompt (43.10) and no items"),
        ((ALONE, MENU, PROMPT), "type 13, for which no server is listed"), ((ALONE, SERVERS, MENU, WAIT), "for ever"),
    ],
    ids=["no prompt", "no items", "no server", "waits"],
)  # fmt: skip
def test_what_is_missing(parts: tuple[bytes, ...], why: str) -> None:
    verdict = judged(leased(*parts))
    assert why in verdict.finding(ID).says
    assert (verdict.outcome, verdict.severity(ID)) == ("stalled", "error")
    assert verdict.confidence(ID) == ("strong" if parts[-1] is WAIT else "certain")
    assert verdict.primary == ID
    assert verdict.frames(ID)[0] == 3


def test_multicast_discovery_without_an_address_that_fails() -> None:
    asks = [rom.ask_proxy(proxy, at=at, item=b"\0\x0d\0\0", again=at != 6) for at in (6, 7, 9, 12)]
    verdict = judged(leased(b"\x06\x01\x01", SERVERS, MENU, PROMPT), *asks)
    assert "no address is given for it (43.7)" in verdict.finding(ID).says


def test_a_client_that_goes_on_is_only_warned() -> None:
    vendor = ((43, b"\x47\x04\0\x0d\0\0\xff"),)
    asks = together(rom.ask_proxy(proxy, item=b"\0\x0d\0\0"), proxy.proxy_ack(file="x.0", options=vendor))
    verdict = judged(leased(MENU), asks, rom.missing("x.0", server="10.77.0.3"))
    assert (verdict.primary, verdict.severity(ID)) == ("tftp-file-not-found", "warning")


@pytest.mark.parametrize(
    ("parts", "file"),
    [
        ((ALONE, SERVERS, MENU, PROMPT), ""), ((b"\x06\x01\x08", PROMPT), "x.0"), ((b"\x06\x01\x08",), ""),
        ((MENU, PROMPT), ""),
    ],
    ids=["whole", "menu skipped", "no menu", "broadcast finds the server"],
)  # fmt: skip
def test_nothing_is_missing(parts: tuple[bytes, ...], file: str) -> None:
    assert ID not in judged(leased(*parts, file=file)).all_ids


def test_a_recorded_menu_that_works(lab_captures: Path) -> None:
    capture = lab_captures / "s10b_ovmf_pxemenu.pcap"
    assert all(ID not in verdict.all_ids for verdict in of_capture(capture))
