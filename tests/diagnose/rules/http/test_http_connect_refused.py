"""http-connect-refused: nobody serves HTTP there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pxedebug.diagnose.rule import EXAMPLES, Remedy
from pxedebug.diagnose.rules.http.http_connect_refused import REMEDIES_FOR_A_FILTER
from tests.diagnose.checkers import CHECKERS
from tests.diagnose.http_scenes import Connection, chained, leased
from tests.diagnose.tftp_scenes import icmp
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
    assert verdict.finding(ID).says.endswith("it answers with ICMP port unreachable")
    assert "0f0a6095" in verdict.finding(ID).screen[0]


def test_a_router_cannot_reach_the_server() -> None:
    web = Connection(ipxe)
    verdict = diagnose(tell(chained(), web.syn(), web.syn(), icmp("10.77.0.254", 3, 1), web.syn()))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    finding = verdict.finding(ID)
    assert finding.says == (
        "10.77.0.254 cannot reach 10.77.0.1 (ICMP host unreachable): no connection to TCP port 80 for "
        "`http://10.77.0.1/boot.ipxe`"
    )
    assert finding.title == "A router cannot reach the web server"
    refused = verdict.frames(ID)[0]
    assert verdict.frames(ID)[1] == refused - 1
    assert finding.evidence[0].note == "ICMP type 3 code 1"
    assert any("ip route get 10.77.0.1" in remedy.text for remedy in finding.remedies)


def test_a_firewall_on_the_way_refuses_the_connection() -> None:
    web = Connection(ipxe)
    finding = diagnose(tell(chained(), web.syn(), icmp("10.77.0.254", 3, 13))).finding(ID)
    assert finding.says.endswith(": it forbids the request")
    assert finding.title == "A router or firewall refuses the connection"
    assert any("permit tcp any host 10.77.0.1" in remedy.text for remedy in finding.remedies)


@pytest.mark.parametrize("remedy", [r for r in REMEDIES_FOR_A_FILTER if r.product.checked], ids=str)
def test_the_programs_own_checker_takes_the_remedy_for_a_filter(remedy: Remedy, tmp_path: Path) -> None:
    assert CHECKERS[remedy.product](remedy.filled(EXAMPLES).text, tmp_path) == ""


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
