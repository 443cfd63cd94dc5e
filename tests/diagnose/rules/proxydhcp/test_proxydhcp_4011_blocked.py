"""The proxy made its offer, and its port 4011 is silent."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.proxy_scenes import asks, both_offer
from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import port_unreachable, tell
from tests.track.programs import edk2, ipxe_rom, proxy
from tests.track.scene import Step

ID = "proxydhcp-4011-blocked"
ALL = (4.0, 5.0, 7.0, 10.0)


def test_the_whole_schedule_without_an_answer() -> None:
    told = tell(both_offer(), asks(edk2, proxy, *ALL))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.finding(ID).says == (
        "the proxyDHCP server 10.77.0.3 made an offer, but did not answer on port 4011: 4 REQUESTs in 6.0 s"
    )
    last = len(told.wires)
    assert verdict.frames(ID) == [last - 3, last - 2, last - 1, last, 3, 5]
    assert verdict.finding(ID).screen == ("PXE-E16: No valid offer received",)


def test_two_of_four_sends_are_not_the_end() -> None:
    verdict = diagnose(tell(both_offer(), asks(edk2, proxy, 4, 5)))
    assert verdict.outcome == "stalled"
    assert (verdict.primary, verdict.severity(ID)) == (ID, "error")


def test_one_send_says_nothing() -> None:
    assert diagnose(tell(both_offer(), asks(edk2, proxy, 4))).all_ids == []


def test_one_send_and_a_long_silence() -> None:
    """The client does not even repeat: its silence proves little, but nothing else stands at the end."""
    verdict = diagnose(tell(both_offer(), asks(edk2, proxy, 4), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "inferred")
    assert verdict.finding(ID).says.endswith("on port 4011: 1 REQUEST")


def test_the_port_is_closed() -> None:
    asked = (asks(edk2, proxy, 4), port_unreachable(), *(edk2.ask_proxy(proxy, at=at, again=True) for at in (5, 7, 10)))
    verdict = diagnose(tell(both_offer(), *asked))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID)[:2] == [7, 6]
    early = diagnose(tell(both_offer(), *asked[:2]))
    assert (early.outcome, early.severity(ID)) == ("in-progress", "warning")


def test_an_answer_to_the_second_send() -> None:
    told = tell(both_offer(), asks(edk2, proxy, 4, 5), proxy.proxy_ack(file="snponly.efi"), edk2.fetch("snponly.efi"))
    assert diagnose(told).ids == []


def test_ipxe_goes_on_with_what_dhcp_said() -> None:
    """Not fatal by design: it costs iPXE 3.75 s (B-21)."""
    begun = both_offer(ipxe_rom, "boot.ipxe")
    waiting = asks(ipxe_rom, proxy, 16, 16.25, 16.75, 17.75)
    script = ipxe_rom.fetch("boot.ipxe", at=20, content=b"#!ipxe\n")
    verdict = diagnose(tell(begun, waiting, script, ipxe_rom.fetch("vmlinuz"), ipxe_rom.fetch("initrd.img")))
    assert (verdict.outcome, verdict.ids) == ("booted", [])
    early: Step = ipxe_rom.rrq("boot.ipxe", at=20)
    assert diagnose(tell(begun, waiting, early)).severity(ID) == "warning"


def test_recorded(lab_captures: Path) -> None:
    """iPXE asks for a boot item of the proxy's menu (43.71) and gets no answer: two sends are all."""
    (verdict,) = of_capture(lab_captures / "fm1_bios_4011blocked.pcap")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID)[:2] == [38, 39]


def test_a_client_that_takes_a_new_xid_for_every_try() -> None:
    tries = [edk2.ask_proxy(proxy, at=at) for at in ALL]
    verdict = diagnose(tell(both_offer(), *tries, until=30))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
