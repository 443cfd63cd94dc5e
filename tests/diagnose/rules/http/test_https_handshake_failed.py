"""https-handshake-failed: client and server do not agree on TLS."""

from __future__ import annotations

from tests.diagnose.http_scenes import Connection, chained, client_hello, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "https-handshake-failed"
URL = "https://boot.example.org/x.efi"
SERVER_HELLO = b"\x16\x03\x03\x00\x40\x02" + bytes(63)
DNS = ((6, bytes((10, 77, 0, 1))),)


def hello(web: Connection) -> Step:
    return together(web.open(), web.send(client_hello(b"boot.example.org")))


def test_a_server_that_refuses() -> None:
    web = Connection(edk2_http, port=443)
    alert = web.data(bytes.fromhex("15030300020228"))
    verdict = diagnose(tell(leased(URL, options=DNS), hello(web), alert, web.fin()))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    finding = verdict.finding(ID)
    assert finding.says == "the server 10.77.0.1 (TCP port 443) refuses TLS: handshake_failure (40)"
    assert verdict.frames(ID) == [9, 8, 4]
    assert finding.causes[0].startswith("they share no TLS version")
    assert "at most TLS 1.2 and the name `boot.example.org`" in finding.explanation


def test_a_client_that_does_not_trust_the_authority() -> None:
    web = Connection(ipxe, port=443)
    alert = web.send(bytes.fromhex("15030300020230"))
    told = tell(chained("https://10.77.0.1/x"), hello(web), web.data(SERVER_HELLO), alert, web.client_rst())
    verdict = diagnose(told)
    assert verdict.primary == ID
    assert verdict.finding(ID).says == "the client refuses TLS with 10.77.0.1 (TCP port 443): unknown_ca (48)"
    assert verdict.finding(ID).causes[0].startswith("the client does not trust the authority")


def test_a_client_that_leaves_without_a_word() -> None:
    web = Connection(ipxe, port=443)
    told = tell(chained("https://10.77.0.1/x"), hello(web), web.data(SERVER_HELLO), web.client_fin())
    verdict = diagnose(told)
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "strong")
    assert "ended the TLS handshake after the server's part" in verdict.finding(ID).says


def test_a_handshake_that_is_tried_again_and_succeeds_is_no_fault() -> None:
    web, again = Connection(ipxe, port=443), Connection(ipxe, port=443)
    sealed = again.send(b"\x17\x03\x03\x00\x60" + bytes(96))
    told = tell(
        chained("https://10.77.0.1/x"), hello(web), web.fin(), hello(again), again.data(SERVER_HELLO), sealed,
        again.data(b"\x17\x03\x03\x08\x00" + bytes(1400)), again.client_fin(),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_a_server_that_does_not_answer_the_client_hello() -> None:
    web, left = Connection(ipxe, port=443), Connection(ipxe, port=443)
    silent = diagnose(tell(chained("https://10.77.0.1/x"), hello(web), web.ack(), until=40))
    gone = diagnose(tell(chained("https://10.77.0.1/x"), hello(left), left.client_rst(at=20)))
    for verdict in (silent, gone):
        assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "strong")
        assert verdict.finding(ID).says == "the server 10.77.0.1 (TCP port 443) did not answer the ClientHello"
