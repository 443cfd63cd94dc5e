"""How long a client kept its receive window closed."""

from __future__ import annotations

from pxedebug.track.story import HttpFacts
from pxedebug.wire.batch import frame_number
from tests.diagnose.http_scenes import Connection, chained
from tests.track.conversation import Told, tell
from tests.track.programs import ipxe


def facts(told: Told) -> HttpFacts:
    """Of the last transfer."""
    http = told.transfers[-1].http
    assert http is not None
    return http


def test_a_window_that_stays_closed() -> None:
    web = Connection(ipxe)
    begun = (web.open(at=4), web.ask("GET", "/x"), web.answer(200, "OK", length=9000, body=bytes(1000)))
    told = tell(chained(), *begun, web.ack(at=5, window=0), web.ack(at=9, window=0), web.ack(at=12), web.ack(at=20))
    http = facts(told)
    assert http.shut == 7_000_000_000
    assert http.shut_frame is not None
    assert frame_number(http.shut_frame) == 12


def test_a_reset_says_nothing_of_the_window() -> None:
    web = Connection(ipxe)
    told = tell(chained(), web.open(at=4), web.ask("GET", "/x"), web.ack(at=5), web.client_rst(), web.ack(at=20))
    assert facts(told).shut == 0
