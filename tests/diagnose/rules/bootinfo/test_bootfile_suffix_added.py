"""`.0` behind a name."""

from __future__ import annotations

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose, verdicts
from tests.track.conversation import tell, together
from tests.track.programs import edk2, proxy
from tests.track.scene import Step

ID = "bootfile-suffix-added"
ITEM = ((43, b"\x47\x04\x80\0\0\0\xff"),)


def told_by_proxy(file: str, at: float = 0) -> Step:
    return together(
        edk2.discover(at=at), dnsmasq.offer(), proxy.offer(), edk2.request(at=at + 3.9, of=dnsmasq), dnsmasq.ack(),
        edk2.ask_proxy(proxy), proxy.proxy_ack(file=file, options=ITEM),
    )  # fmt: skip


def refused(file: str) -> Verdict:
    return diagnose(tell(told_by_proxy(file), edk2.missing(file, server="10.77.0.3")))


def test_a_second_suffix() -> None:
    verdict = refused("snponly.efi.0")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert "`snponly.efi.0` instead of `snponly.efi`" in verdict.finding(ID).says
    assert verdict.frames(ID) == [7, 8, 9]


def test_pxelinux_has_its_number_by_right() -> None:
    assert ID not in refused("pxelinux.0").all_ids


def test_the_name_without_the_number_was_served() -> None:
    neighbour = edk2.on("52:54:00:77:00:99")
    served = together(
        neighbour.discover(at=0), dnsmasq.offer(file="loader"), neighbour.request(at=4), dnsmasq.ack(),
        neighbour.fetch("loader", server="10.77.0.3"),
    )  # fmt: skip
    told = tell(served, told_by_proxy("loader.0", at=20), edk2.missing("loader.0", server="10.77.0.3"))
    verdict = next(v for v in verdicts(told) if v.judged.boot.client.mac == edk2.mac)
    assert verdict.primary == ID


def test_a_file_that_is_there() -> None:
    told = tell(told_by_proxy("snponly.efi.0"), edk2.fetch("snponly.efi.0", server="10.77.0.3"))
    assert ID not in diagnose(told).all_ids


def test_a_name_from_ordinary_dhcp_is_meant_so() -> None:
    leased = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi.0"), edk2.request(at=3.9), dnsmasq.ack())
    assert ID not in diagnose(tell(leased, edk2.missing("x.efi.0"))).all_ids
