"""http-connect-timeout: nobody answers the SYNs."""

from __future__ import annotations

from tests.diagnose.http_scenes import Connection, chained, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import arp_reply, tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "http-connect-timeout"
IPXE_TIMES = (0.0, 0.25, 0.75, 1.75, 3.75, 7.75)


def syns(web: Connection, *times: float) -> Step:
    return together(*(web.syn(at=time) for time in times))


def test_ipxe_sends_all_its_syns() -> None:
    resolved = together(ipxe.arp("10.77.0.1", at=3.5), arp_reply("10.77.0.1", ipxe, at=3.51))
    verdict = diagnose(tell(chained(), resolved, syns(Connection(ipxe), *(4 + time for time in IPXE_TIMES))))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.frames(ID) == [9, 10, 11, 12, 13, 14, 8, 6]
    assert verdict.finding(ID).says.startswith("the server 10.77.0.1 answered none of 6 SYNs to TCP port 80 in 7.8 s")
    assert "specific to TCP" in verdict.finding(ID).explanation


def test_without_a_sign_of_the_server_it_is_inferred() -> None:
    verdict = diagnose(tell(leased(), syns(Connection(edk2_http), 5, 8, 14, 26, 50), until=100))
    assert verdict.primary == ID
    assert verdict.confidence(ID) == "inferred"


def test_a_client_that_still_tries_proves_nothing() -> None:
    assert ID not in diagnose(tell(chained(), syns(Connection(ipxe), 4, 4.25, 4.75), until=6)).all_ids


def test_an_answer_to_the_last_syn_is_no_fault() -> None:
    web = Connection(ipxe)
    told = tell(
        chained(), syns(web, *(4 + time for time in IPXE_TIMES[:5])), web.syn_ack(), web.ack(),
        web.ask("GET", "/boot.ipxe"), web.answer(200, "OK", body=b"#!ipxe\nshell\n"), web.ack(),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids
