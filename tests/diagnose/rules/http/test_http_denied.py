"""http-denied: the web server refuses access."""

from __future__ import annotations

import pytest

from tests.diagnose.http_scenes import BOOT_URL, Connection, chained, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "http-denied"


def refused(web: Connection, status: int, *headers: str, method: str = "GET", path: str = "/boot.ipxe") -> Step:
    return together(web.open(), web.ask(method, path), web.answer(status, "Denied", *headers))


@pytest.mark.parametrize("status", [401, 403, 407, 451])
def test_the_boot_file_is_refused(status: int) -> None:
    told = tell(leased(), refused(Connection(edk2_http), status, method="HEAD", path="/boot/snponly.efi"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [9, 8, 4]
    assert f"`{BOOT_URL}` (HTTP {status})" in verdict.finding(ID).says


def test_what_the_server_asks_for_is_told() -> None:
    told = tell(chained(), refused(Connection(ipxe), 401, 'WWW-Authenticate: Basic realm="boot"'))
    finding = diagnose(told).finding(ID)
    assert finding.says.startswith("the web server 10.77.0.1 wants a user name and password for")
    assert 'Basic realm="boot"' in finding.explanation


def test_a_retry_with_credentials_that_succeeds_is_no_fault() -> None:
    again = Connection(ipxe).fetch("/boot.ipxe", b"#!ipxe\nshell\n")
    assert ID not in diagnose(tell(chained(), refused(Connection(ipxe), 401), again)).all_ids
