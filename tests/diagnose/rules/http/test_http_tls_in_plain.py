"""http-tls-in-plain: one side speaks TLS, the other plain HTTP."""

from __future__ import annotations

from tests.diagnose.http_scenes import Connection, chained, client_hello, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import edk2_http, ipxe

ID = "http-tls-in-plain"
URL = "https://10.77.0.1:8080/x.efi"


def test_tls_to_a_port_of_plain_http() -> None:
    web = Connection(edk2_http, port=8080)
    told = tell(leased(URL), web.open(), web.send(client_hello()), web.answer(400, "Bad Request"), web.fin())
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [9, 8, 4]
    assert verdict.finding(ID).says == (
        "the client speaks TLS (https) to 10.77.0.1, TCP port 8080, which answers in plain HTTP"
    )
    assert verdict.ids == [ID]


def test_plain_http_to_a_port_of_tls() -> None:
    web = Connection(ipxe, port=443)
    alert = web.data(bytes.fromhex("15030300020232"))
    said = chained("http://10.77.0.1:443/x.ipxe"), web.open(), web.ask("GET", "/x.ipxe"), alert, web.fin()
    told = tell(*said, until=30)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID) == [11, 10]


def test_a_server_that_says_so_itself() -> None:
    web = Connection(ipxe, port=443)
    body = b"<html>The plain HTTP request was sent to HTTPS port</html>"
    answer = web.answer(400, "Bad Request", body=body)
    verdict = diagnose(tell(chained("http://10.77.0.1:443/x.ipxe"), web.open(), web.ask("GET", "/x.ipxe"), answer))
    assert verdict.primary == ID
    assert "http-server-error" not in verdict.all_ids


def test_another_bad_request_is_not_it() -> None:
    web = Connection(ipxe)
    answer = web.answer(400, "Bad Request", body=b"no such argument")
    verdict = diagnose(tell(chained(), web.open(), web.ask("GET", "/boot.ipxe"), answer))
    assert verdict.primary == "http-server-error"


def test_tls_on_both_sides_is_no_fault() -> None:
    web = Connection(ipxe, port=443)
    told = tell(
        chained("https://10.77.0.1/x.ipxe"), web.open(), web.send(client_hello()),
        web.data(b"\x16\x03\x03\x00\x40" + bytes(64)), web.send(b"\x17\x03\x03\x00\x60" + bytes(96)),
    )  # fmt: skip
    assert diagnose(told).ids == []
