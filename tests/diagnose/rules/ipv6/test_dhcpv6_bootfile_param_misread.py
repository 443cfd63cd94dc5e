"""A boot file parameter that is no size."""

from __future__ import annotations

import struct

import pytest

from tests.diagnose.ipv6_scenes import boot6, duplicate_check
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell

ID = "dhcpv6-bootfile-param-misread"
URL = b"tftp://[fd77::1]/boot/wdsmgfw.efi"
BCD = rb"\Tmp\x64{E1}.bcd"


def parameters(*texts: bytes) -> bytes:
    return b"".join(struct.pack("!H", len(text)) + text for text in texts)


def judged(data: bytes, until: float = 60) -> Verdict:
    reply = boot6.told(url=URL, extra=((60, data),))
    said = boot6.solicit(at=0), boot6.advertise(url=URL), boot6.request(at=5), reply
    return diagnose(tell(*said, duplicate_check(6, boot6.given), until=until))


@pytest.mark.parametrize("data", [parameters(BCD), parameters(BCD, b"12"), parameters(b"123456"), BCD])
def test_no_size(data: bytes) -> None:
    verdict = judged(data)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.frames(ID) == [4]


def test_the_parameter_is_named() -> None:
    says = (
        "the server fe80::1 sends the boot file parameter `\\Tmp\\x64{E1}.bcd` (option 60), which EDK2 takes for the "
    )
    assert judged(parameters(BCD)).finding(ID).says == f"{says}file's size"


def test_the_remedy_keeps_the_url() -> None:
    remedy = judged(parameters(BCD)).finding(ID).remedies[0]
    assert remedy.text == "dhcp-option=option6:bootfile-url,tftp://[fd77::1]/boot/wdsmgfw.efi"


@pytest.mark.parametrize("data", [parameters(b"340"), parameters(b"340", BCD), b""])
def test_a_size_is_what_it_wants(data: bytes) -> None:
    assert ID not in judged(data).all_ids


def test_while_the_client_may_still_ask_for_the_file() -> None:
    verdict = judged(parameters(BCD), until=8)
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")
