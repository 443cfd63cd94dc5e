"""http-content-not-bootable: the web server delivers what cannot run."""

from __future__ import annotations

import gzip

import pytest

from tests.diagnose.http_scenes import Connection, chained, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "http-content-not-bootable"
PAGE = b"<!DOCTYPE html>\n<html><title>Welcome</title></html>"


def head(path: str, *headers: str) -> Step:
    web = Connection(edk2_http)
    return together(web.open(), web.ask("HEAD", path), web.answer(200, "OK", *headers, length=500), web.client_rst())


def test_a_type_that_uefi_does_not_take() -> None:
    told = tell(leased("http://10.77.0.1/boot"), head("/boot", "Content-Type: text/html; charset=utf-8"), until=60)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert "the type `text/html`" in verdict.finding(ID).says
    assert verdict.frames(ID) == [9, 8, 4]


def test_a_web_page_instead_of_a_program() -> None:
    page = Connection(edk2_http).fetch("/boot/snponly.efi", PAGE)
    verdict = diagnose(tell(leased(), head("/boot/snponly.efi"), page, until=60))
    assert verdict.primary == ID
    assert verdict.finding(ID).says.endswith("with a web page (HTML)")


@pytest.mark.parametrize("begin", [b"\xef\xbb\xbf#!ipxe\n", b"\n#!ipxe\n", b"chain x\n"])
def test_a_script_that_does_not_begin_as_one(begin: bytes) -> None:
    script = Connection(ipxe).fetch("/boot.ipxe", begin + b"shell\n")
    verdict = diagnose(tell(chained(), script, until=60))
    assert verdict.primary == ID
    assert "2e008081" in verdict.finding(ID).screen[0]


def test_a_program_that_the_server_compressed() -> None:
    packed = Connection(edk2_http).fetch("/boot/snponly.efi", gzip.compress(bytes(900)), "Content-Encoding: gzip")
    verdict = diagnose(tell(leased(), packed, until=60))
    assert verdict.finding(ID).says.endswith("a compressed body (Content-Encoding `gzip`)")


def test_a_good_program_and_a_good_script_are_no_fault() -> None:
    good = Connection(edk2_http).fetch("/boot/snponly.efi", b"MZ" + bytes(900))
    assert ID not in diagnose(tell(leased(), head("/boot/snponly.efi"), good, until=60)).all_ids
    script = Connection(ipxe).fetch("/boot.ipxe", b"#!ipxe\r\nshell\r\n")
    assert ID not in diagnose(tell(chained(), script, until=60)).all_ids


def test_a_type_says_it_where_the_name_does_not() -> None:
    told = tell(leased("http://10.77.0.1/boot"), head("/boot", "Content-Type: application/efi"), until=60)
    assert ID not in diagnose(told).all_ids


def test_a_client_that_goes_on_after_the_head_is_no_fault() -> None:
    got = Connection(edk2_http).fetch("/boot", b"MZ" + bytes(900))
    assert ID not in diagnose(tell(leased("http://10.77.0.1/boot"), head("/boot"), got, until=60)).all_ids
