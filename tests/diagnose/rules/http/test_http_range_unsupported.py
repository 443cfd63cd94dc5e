"""http-range-unsupported: the server delivers no parts of files."""

from __future__ import annotations

import pytest

from tests.diagnose.http_scenes import Connection, chained
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import ipxe
from tests.track.scene import Step

ID = "http-range-unsupported"


def part(status: int, reason: str, asked: str = "bytes=1024-1535", size: int = 512) -> Step:
    web = Connection(ipxe)
    answer = web.answer(status, reason, body=bytes(size))
    return together(web.open(), web.ask("GET", "/disk.img", f"Range: {asked}"), answer, web.ack(), web.client_fin())


@pytest.mark.parametrize("status", [200, 416])
def test_a_part_that_is_not_given(status: int) -> None:
    verdict = diagnose(tell(chained("http://10.77.0.1/disk.img"), part(status, "No"), until=60))
    assert verdict.confidence(ID) == "certain"
    assert "asked 10.77.0.1 for a part (`bytes=1024-1535`) of `http://10.77.0.1/disk.img`" in verdict.finding(ID).says
    assert verdict.frames(ID) == [11, 10, 6]
    assert "http-server-error" not in verdict.all_ids


def test_416_ends_the_boot() -> None:
    verdict = diagnose(tell(chained("http://10.77.0.1/disk.img"), part(416, "Range Not Satisfiable"), until=60))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("failed", ID, "error")


def test_parts_that_are_given_are_no_fault() -> None:
    told = tell(chained(), part(206, "Partial Content"), part(206, "Partial Content", "bytes=1536-2047"))
    assert ID not in diagnose(told).all_ids


def test_all_bytes_from_the_first_may_come_whole() -> None:
    assert ID not in diagnose(tell(chained(), part(200, "OK", "bytes=0-"))).all_ids
