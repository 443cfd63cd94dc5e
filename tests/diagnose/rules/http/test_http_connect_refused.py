"""http-connect-refused: nobody serves HTTP there."""

from __future__ import annotations

from tests.diagnose.http_scenes import Connection, chained, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import port_unreachable, tell
from tests.track.programs import edk2_http, ipxe

ID = "http-connect-refused"


def test_a_reset_answers_the_syn() -> None:
    web = Connection(edk2_http)
    verdict = diagnose(tell(leased(), web.syn(), web.rst()))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [6, 5, 4]
    says = verdict.finding(ID).says
    assert says.startswith(
        "the server 10.77.0.1 does not accept connections on TCP port 80 for `http://10.77.0.1/boot/"
    )
    assert says.endswith("it answered the SYN with a reset")


def test_an_icmp_error_answers_the_syn() -> None:
    web = Connection(ipxe, port=8080)
    verdict = diagnose(tell(chained("http://10.77.0.1:8080/x.ipxe"), web.syn(), port_unreachable()))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says.endswith("an ICMP error came back")
    assert "0f0a6039" in verdict.finding(ID).screen[0]


def test_the_next_connection_is_accepted() -> None:
    first, second = Connection(ipxe), Connection(ipxe, server="10.77.0.2")
    told = tell(chained(), first.syn(), first.rst(), second.fetch("/boot.ipxe", b"#!ipxe\nshell\n"))
    assert ID not in diagnose(told).all_ids


def test_a_client_that_closes_its_connection_is_no_refusal() -> None:
    head, get = Connection(edk2_http), Connection(edk2_http)
    told = tell(
        leased(), head.open(), head.ask("HEAD", "/boot/snponly.efi"), head.answer(200, "OK", length=502),
        head.client_rst(), get.open(), get.ask("GET", "/boot/snponly.efi"),
        get.answer(200, "OK", "Content-Type: application/efi", body=b"MZ" + bytes(500)), get.client_rst(),
    )  # fmt: skip
    assert diagnose(told).ids == []


def test_the_port_of_the_boot_url_counts_whatever_it_is() -> None:
    web = Connection(edk2_http, port=7123)
    verdict = diagnose(tell(leased("http://10.77.0.1:7123/x.efi"), web.syn(), web.rst()))
    assert verdict.primary == ID
    assert "TCP port 7123 for `http://10.77.0.1:7123/x.efi`" in verdict.finding(ID).says
