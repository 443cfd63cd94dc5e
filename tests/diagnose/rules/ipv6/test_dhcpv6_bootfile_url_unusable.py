"""URLs that the firmware cannot use, and those that it can."""

from __future__ import annotations

import pytest

from tests.diagnose.ipv6_scenes import Boot6, boot6, boot6_http, duplicate_check, leased
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http

ID = "dhcpv6-bootfile-url-unusable"
NAME_SERVER = ((23, bytes(15) + b"\1"),)


def judged(url: bytes, who: Boot6 = boot6, until: float = 60) -> Verdict:
    return diagnose(tell(leased(who, url), duplicate_check(6, who.given), until=until))


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (b"http://[fd77::1]/x.efi", "does not begin with tftp://"),
        (b"snponly.efi", "does not begin with tftp://"),
        (b"tftp://fd77::1/x.efi", "has an IPv6 address without brackets around it"),
        (b"tftp://[fd77::1/x.efi", "has no IPv6 address between its brackets"),
        (b"tftp://[boot.example]/x.efi", "has no IPv6 address between its brackets"),
        (b"tftp://[fd77::1]:69/x.efi", "names a port, which EDK2 does not take"),
        (b"tftp://10.77.0.1/x.efi", "has an IPv4 address, which a boot over IPv6 cannot use"),
        (b"tftp:///x.efi", "names no server"),
        (b"tftp://[fd77::1]", "names no file"),
        (b"tftp://[fd77::1]/", "names no file"),
        (b"tftp://[fd77::1]/x.efi;mode=netascii", "asks for the transfer mode `netascii`; only octet is possible"),
        (b"tftp://boot.example/x.efi", "has a host name, but the server names no name server (option 23)"),
    ],
)
def test_what_pxe_cannot_use(url: bytes, fault: str) -> None:
    verdict = judged(url)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == f"the boot file URL `{url.decode()}` of the server fe80::1 {fault}"
    assert verdict.frames(ID) == [4]


@pytest.mark.parametrize(
    "url",
    [
        b"tftp://[fd77::1]/x.efi",
        b"tftp://[fd77::1]/x.efi\0",
        b"tftp://[fd77::1]/x.efi;mode=octet",
        b"TFTP://[fd77::1]/a/b",
    ],
)
def test_what_pxe_can_use(url: bytes) -> None:
    assert ID not in judged(url).all_ids


@pytest.mark.parametrize(
    ("url", "known"),
    [
        (b"http://[fd77::1]:8080/x.efi", True), (b"https://[fd77::1]/x.efi", True),
        (b"tftp://[fd77::1]/x.efi", False), (b"http://10.77.0.1:80/x.efi", False),
    ],
)  # fmt: skip
def test_http_boot(url: bytes, known: bool) -> None:
    assert (ID in judged(url, boot6_http).all_ids) is not known


def test_a_host_name_with_a_name_server() -> None:
    told = boot6.told(url=b"tftp://boot.example/x.efi", extra=NAME_SERVER)
    verdict = diagnose(tell(boot6.solicit(at=0), boot6.advertise(), boot6.request(at=5), told, until=60))
    assert ID not in verdict.all_ids


def test_while_the_client_may_still_ask_for_it() -> None:
    verdict = judged(b"tftp://fd77::1/x.efi", until=8)
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


def test_a_filter_that_may_hide_the_request() -> None:
    said = leased(boot6, b"tftp://fd77::1/x.efi")
    assert diagnose(tell(said, until=60)).severity(ID) == "warning"
    verdict = diagnose(tell(together(said, edk2_http.afresh(at=9)), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
