"""http-dns-failure: the boot URL's host is a name without an address."""

from __future__ import annotations

import pytest

from tests.diagnose.http_scenes import Connection, chained, http_server, leased, query, resolved
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "http-dns-failure"
HOST = b"boot.example.org"
URL = "http://boot.example.org/x.efi"
DNS = ((6, bytes((10, 77, 0, 1))),)


@pytest.mark.parametrize(
    ("rcode", "word"), [(3, "no such name"), (2, "server failure"), (5, "refused"), (0, "no address")]
)
def test_the_name_server_says_no(rcode: int, word: str) -> None:
    asked = together(query(edk2_http, HOST, at=4.1), resolved(edk2_http, HOST, rcode=rcode))
    verdict = diagnose(tell(leased(URL, options=DNS), asked, until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == f"the name server 10.77.0.1 answers `boot.example.org` with: {word}"
    assert verdict.frames(ID) == [6, 5, 4]


def test_the_name_server_is_silent() -> None:
    asked = together(*(query(ipxe, HOST, at=4 + late) for late in (0, 0.25, 0.75, 1.75)))
    verdict = diagnose(tell(chained(URL), asked, until=60))
    assert verdict.primary == ID
    assert verdict.finding(ID).says.startswith(
        "no name server (10.77.0.1) answered 4 queries for `boot.example.org` in"
    )
    assert verdict.frames(ID)[:4] == [7, 8, 9, 10]
    assert verdict.confidence(ID) != "certain"


def test_uefi_passes_over_an_offer_without_a_name_server() -> None:
    offers = together(*(
        together(edk2_http.discover(at=at), http_server.offer(at=at + 0.1, file=URL)) for at in (0, 3.9, 11.9, 27.9)
    ))  # fmt: skip
    verdict = diagnose(tell(offers, until=70))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.confidence(ID) == "certain"
    assert (
        verdict.finding(ID).says
        == f"the host in the URL `{URL}` is a name, and 10.77.0.1 names no DNS server (option 6)"
    )
    assert "offer-ignored-by-client" not in verdict.all_ids


def test_ipxe_without_a_name_server() -> None:
    verdict = diagnose(tell(chained(URL), until=60))
    assert verdict.primary == ID
    assert (verdict.confidence(ID), verdict.severity(ID)) == ("strong", "fatal")


def test_a_second_server_that_answers_is_no_fault() -> None:
    def answered(server: str, *addresses: str, rcode: int = 0) -> Step:
        asked = query(ipxe, HOST, server=server)
        return together(asked, resolved(ipxe, HOST, *addresses, server=server, rcode=rcode))

    told = tell(
        chained(URL), answered("10.77.0.8", rcode=2), answered("10.77.0.9", "10.77.0.1"),
        Connection(ipxe).fetch("/x.efi", b"MZ" + bytes(900)), until=60,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_no_ipv6_address_beside_an_ipv4_one_is_no_fault() -> None:
    four, six = resolved(ipxe, HOST, "10.77.0.1"), resolved(ipxe, HOST, ident=8)
    told = tell(
        chained(URL), query(ipxe, HOST), query(ipxe, HOST, ident=8), four, six, Connection(ipxe).syn(), until=60
    )
    assert ID not in diagnose(told).all_ids


def test_a_url_with_an_address_needs_no_name_server() -> None:
    assert ID not in diagnose(tell(chained(), until=60)).all_ids


def test_one_open_query_proves_nothing() -> None:
    assert ID not in diagnose(tell(chained(URL), query(ipxe, HOST, at=4), until=5)).all_ids


def test_no_ipv6_address_after_an_ipv4_one_is_no_fault() -> None:
    first = together(query(ipxe, HOST), resolved(ipxe, HOST, "10.77.0.1"))
    second = together(query(ipxe, HOST, ident=8), resolved(ipxe, HOST, ident=8))
    assert ID not in diagnose(tell(chained(URL), first, second, until=60)).all_ids


def test_a_name_without_a_server_is_told_once() -> None:
    assert diagnose(tell(leased(URL), until=60)).ids == [ID]
