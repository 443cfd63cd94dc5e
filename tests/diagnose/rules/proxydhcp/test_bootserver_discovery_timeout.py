"""The client looks for a boot server of a menu item, and none answers."""

from __future__ import annotations

import pytest

from tests.diagnose.proxy_scenes import asks, both_offer
from tests.diagnose.second_stage_scenes import MASK
from tests.diagnose.verdict import diagnose
from tests.track.conversation import changed, tell, together
from tests.track.programs import edk2, kea, proxy
from tests.track.scene import BROADCAST, Step
from tests.track.servers import Server

ID = "bootserver-discovery-timeout"
ITEM = b"\x80\x00\x00\x00"
MENU = ((43, b"\x06\x01\x03\x08\x07\x80\x00\x01\x0a\x4d\x00\x09\x09\x07\x80\x00\x04Boot\x0a\x05\x00Boot\xff"),)
"""The list names 10.77.0.9, which made no offer."""
boot_server = Server("10.77.0.9", gives="0.0.0.0", siaddr="10.77.0.9", vendor_class=b"PXEClient")
ALL = (8, 9, 11, 14)


def menu() -> Step:
    offer, ack = kea.offer(options=(MASK,)), kea.ack(options=(MASK,))
    return together(edk2.discover(at=0), offer, proxy.offer(options=MENU), edk2.request(at=3.9, of=kea), ack)


def test_the_listed_server_is_silent() -> None:
    told = tell(menu(), asks(edk2, boot_server, *ALL, item=ITEM))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.finding(ID).says == (
        "no boot server of the type asked for (vendor type 32768) answered 4 requests to 10.77.0.9 in 6.0 s"
    )
    assert verdict.frames(ID) == [6, 7, 8, 9, 3]


@pytest.mark.parametrize(
    ("target", "mac", "port"), [("255.255.255.255", BROADCAST, 67), ("224.0.1.2", b"\x01\0\x5e\0\1\2", 4011)]
)
def test_by_broadcast_and_multicast(target: str, mac: bytes, port: int) -> None:
    sends = asks(edk2, boot_server, *ALL, item=ITEM)
    told = tell(menu(), changed(sends, target=target, target_mac=mac, target_port=port, source_port=68), until=60)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_it_is_found_at_the_second_send() -> None:
    answer = boot_server.proxy_ack(file="x.efi", options=((43, b"\x47\x04" + ITEM + b"\xff"),))
    told = tell(menu(), asks(edk2, boot_server, 8, 9, item=ITEM), answer, edk2.fetch("x.efi", server="10.77.0.9"))
    assert ID not in diagnose(told).all_ids


def test_an_answer_for_another_item() -> None:
    other = boot_server.proxy_ack(file="x.efi", options=((43, b"\x47\x04\x80\x01\x00\x00\xff"),))
    sends = [
        step for n, at in enumerate(ALL) for step in (edk2.ask_proxy(boot_server, at=at, item=ITEM, again=n > 0), other)
    ]
    verdict = diagnose(tell(menu(), *sends, until=60))
    assert verdict.finding(ID).explanation.count("vendor type 32769")


def test_a_server_that_made_its_offer_is_another_matter() -> None:
    verdict = diagnose(tell(both_offer(), asks(edk2, proxy, *ALL, item=ITEM)))
    assert verdict.primary == "proxydhcp-4011-blocked"


def test_two_sends_only() -> None:
    verdict = diagnose(tell(menu(), asks(edk2, boot_server, 8, 9, item=ITEM)))
    assert (verdict.outcome, verdict.severity(ID)) == ("stalled", "error")
