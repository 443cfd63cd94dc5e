"""http-server-error: the web server answers with an error of its own."""

from __future__ import annotations

import pytest

from tests.diagnose.http_scenes import Connection, chained, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http, ipxe

ID = "http-server-error"
SCRIPT = "/boot.ipxe"


@pytest.mark.parametrize("status", [500, 503, 429, 400])
def test_the_back_end_fails(status: int) -> None:
    web = Connection(ipxe)
    answer = web.answer(status, "Broken", "Retry-After: 120", body=b"<html>template error")
    verdict = diagnose(tell(chained(), web.open(), web.ask("GET", SCRIPT), answer))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.frames(ID) == [11, 10, 6]
    assert f"(HTTP {status} `Broken`)" in verdict.finding(ID).says
    assert "try again after `120`" in verdict.finding(ID).explanation


def test_a_retry_that_succeeds_is_no_fault() -> None:
    web, again = Connection(ipxe), Connection(ipxe)
    told = tell(
        chained(), web.open(), web.ask("GET", SCRIPT), web.answer(503, "Unavailable"),
        again.fetch(SCRIPT, b"#!ipxe\nshell\n"),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_a_head_that_is_not_supported_and_a_get_that_works() -> None:
    head, get = Connection(edk2_http), Connection(edk2_http)
    path = "/boot/snponly.efi"
    refused = together(head.open(), head.ask("HEAD", path), head.answer(405, "Method Not Allowed"), head.client_rst())
    verdict = diagnose(tell(leased(), refused, get.fetch(path, b"MZ" + bytes(500), "Content-Type: application/efi")))
    assert ID not in verdict.all_ids
