"""http-redirect-not-followed: UEFI HTTP boot is sent elsewhere and stays."""

from __future__ import annotations

from tests.diagnose.http_scenes import Connection, chained, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "http-redirect-not-followed"
HTTPS = "Location: https://boot.example.org/snponly.efi"


def redirected(web: Connection, method: str = "HEAD", path: str = "/boot/snponly.efi") -> Step:
    return together(web.open(), web.ask(method, path), web.answer(301, "Moved Permanently", HTTPS), web.client_rst())


def test_a_redirect_to_https() -> None:
    verdict = diagnose(tell(leased(), redirected(Connection(edk2_http)), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [9, 8, 4]
    assert "to `https://boot.example.org/snponly.efi`" in verdict.finding(ID).says
    assert "wants HTTPS" in verdict.finding(ID).explanation


def test_a_capture_that_ends_with_the_redirect_proves_nothing_yet() -> None:
    verdict = diagnose(tell(leased(), redirected(Connection(edk2_http))))
    assert verdict.outcome == "in-progress"
    assert verdict.severity(ID) == "warning"


def test_a_client_that_follows_is_no_fault() -> None:
    moved = Connection(ipxe, agent="iPXE/1.21.1")
    told = tell(
        chained(), redirected(moved, "GET", "/boot.ipxe"),
        Connection(ipxe, agent="iPXE/1.21.1").fetch("/new/boot.ipxe", b"#!ipxe\nshell\n"), until=60,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_a_uefi_client_that_asks_again_is_no_fault() -> None:
    again = Connection(edk2_http)
    told = tell(leased(), redirected(Connection(edk2_http)), again.fetch("/new.efi", b"MZ" + bytes(500)), until=60)
    assert ID not in diagnose(told).all_ids
