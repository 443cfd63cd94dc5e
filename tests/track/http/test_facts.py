"""What a connection shows beside the file: its opening and end, its heads, TLS in clear, a closed window."""

from __future__ import annotations

import pytest

from pxedebug.track import Limits
from pxedebug.track.story import HttpFacts, Transfer
from pxedebug.wire.batch import frame_number
from tests.diagnose.http_scenes import Connection, chained, client_hello, leased
from tests.track.conversation import Told, tell
from tests.track.network import Wire, only, reply, transfers
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step


def facts(told: Told | Transfer) -> HttpFacts:
    """Of the last transfer."""
    transfer = told if isinstance(told, Transfer) else told.transfers[-1]
    assert transfer.http is not None
    return transfer.http


def test_how_a_connection_opens() -> None:
    web = Connection(ipxe)
    http = facts(tell(chained(), web.syn(at=4), web.syn(at=4.25), web.syn_ack(at=4.252), web.ack(at=4.253)))
    assert [frame_number(frame) for frame in http.syns] == [7, 8]
    assert http.syn_times[1] - http.syn_times[0] == 250_000_000
    assert http.accepted is not None
    assert (frame_number(http.accepted), http.round_trip, http.method) == (9, 3_000_000, None)


@pytest.mark.parametrize(
    ("end", "expected"),
    [("fin", (False, False)), ("rst", (False, True)), ("client_fin", (True, False)), ("client_rst", (True, True))],
)
def test_who_closes_it_and_how(end: str, expected: tuple[bool, bool]) -> None:
    web = Connection(ipxe)
    http = facts(tell(chained(), web.open(), web.ask("GET", "/x"), getattr(web, end)(), web.client_rst()))
    assert http.closed is not None
    assert (frame_number(http.closed), http.closed_by_client, http.reset) == (11, *expected)


def test_a_connection_closes_for_its_last_transfer_only() -> None:
    wire = Wire()
    boot = wire.http("/one").connect().get().send(reply(200, "OK", 3)).send(b"one")
    boot.get("/two").send(reply(200, "OK", 3)).send(b"two").fin()
    one, two = transfers(wire)
    assert facts(one).closed is None
    assert facts(two).closed is not None


def test_heads() -> None:
    web = Connection(edk2_http)
    answer = web.answer(
        401, "Unauthorized", "Server: nginx", "Content-Type: text/html", "WWW-Authenticate: Basic", "Location: /y",
        "Retry-After: 9", "Content-Encoding: gzip", "Content-Range: bytes 5-9/10",
    )  # fmt: skip
    http = facts(tell(leased(), web.open(), web.ask("GET", "/x", "Range: bytes=5-"), answer))
    assert (http.method, http.range, http.status, http.reason) == ("GET", b"bytes=5-", 401, b"Unauthorized")
    assert (http.server_software, http.content_type, http.authenticate) == (b"nginx", b"text/html", b"Basic")
    assert (http.location, http.retry_after, http.content_encoding) == (b"/y", b"9", b"gzip")
    assert http.content_range == b"bytes 5-9/10"
    assert http.status_frame is not None
    assert (frame_number(http.status_frame), http.first_down[:8], http.tls) == (9, b"HTTP/1.1", None)


def test_a_request_without_an_answer() -> None:
    wire = Wire()
    wire.http("/x").connect().get()
    http = facts(only(wire))
    assert (http.status, http.status_frame, http.location, http.first_down_frame) == (None, None, None, None)


def secured(*steps: Step, web: Connection) -> HttpFacts:
    return facts(tell(chained("https://10.77.0.1/x"), web.open(), web.send(client_hello(b"a.b")), *steps))


def test_a_tls_handshake() -> None:
    web = Connection(ipxe, port=443)
    hello = web.data(b"\x16\x03\x03\x00\x40\x02" + bytes(63))
    tls = secured(hello, web.send(b"\x17\x03\x03\x00\x60" + bytes(96)), web=web).tls
    assert tls is not None
    assert (tls.server_name, tls.version, tls.alert, tls.established) == (b"a.b", 0x0303, None, True)
    assert tls.hello is not None
    assert tls.answer is not None
    assert (frame_number(tls.hello), frame_number(tls.answer)) == (10, 11)


@pytest.mark.parametrize("by_client", [True, False])
def test_a_fatal_alert(by_client: bool) -> None:
    web = Connection(ipxe, port=443)
    say = web.send if by_client else web.data
    hello = web.data(b"\x16\x03\x03\x00\x40\x02" + bytes(63))
    tls = secured(hello, say(bytes.fromhex("15030300020100")), say(bytes.fromhex("15030300020230")), web=web).tls
    assert tls is not None
    assert (tls.alert_code, tls.alert_by_client, tls.established) == (48, by_client, False)
    assert tls.alert is not None
    assert frame_number(tls.alert) == 13


def test_an_encrypted_alert_is_none_and_no_application_data_either() -> None:
    web = Connection(ipxe, port=443)
    sealed = web.send(b"\x17\x03\x03\x00\x13" + bytes(19))
    tls = secured(web.data(b"\x16\x03\x03\x00\x40\x02" + bytes(63)), sealed, web=web).tls
    assert tls is not None
    assert (tls.alert, tls.established) == (None, False)


@pytest.mark.parametrize(("limit", "seen"), [(64, [7100, 7200]), (1, [7100])])
def test_connections_to_ports_that_boot_urls_name_are_followed(limit: int, seen: list[int]) -> None:
    tries = [Connection(ipxe, port=port).syn() for port in (7100, 7200, 7300)]
    urls = chained("http://10.77.0.1:7100/x"), chained("http://10.77.0.1:7200/x", at=10)
    told = tell(*urls, *tries, limits=Limits(url_ports=limit))
    assert [transfer.server_port for transfer in told.transfers] == seen
