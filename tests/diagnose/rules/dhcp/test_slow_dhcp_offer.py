"""The first OFFER takes long, or comes too late."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.dhcp_scenes import EDK2_TRIES, IPXE_TRIES, asks
from tests.diagnose.verdict import diagnose, of_capture, verdicts
from tests.track.conversation import tell
from tests.track.programs import dnsmasq, edk2, edk2_http, ipxe_rom, kea, u_boot
from tests.track.scene import Step, arp_wire, mac_of

ID = "slow-dhcp-offer"


def looks(at: float) -> Step:
    """The server's ARP for the address that it is about to offer."""
    return lambda scene: scene.say(arp_wire(scene.clock(at), 1, mac_of("10.77.0.1"), "10.77.0.1", "10.77.0.130"))


def test_the_server_takes_two_seconds() -> None:
    told = tell(edk2.discover(at=0), kea.offer(at=2, file="x.efi"), edk2.request(at=3.9), kea.ack(), until=5)
    verdict = diagnose(told)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    assert verdict.frames(ID) == [2, 1]
    assert verdict.finding(ID).says == "the DHCP server 10.77.0.2 takes 2.0 s for its OFFER"


def test_each_discover_is_answered_after_five_seconds() -> None:
    offers = kea.offer(at=5, file="x.efi"), kea.offer(at=8.9, file="x.efi")
    told = tell(edk2.discover(at=0), edk2.discover(at=3.9), *offers,
                edk2.request(at=11.9), kea.ack(), until=13)  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.severity(ID), verdict.frames(ID)) == ("warning", [3, 1])


def test_a_ping_check_explains_three_seconds() -> None:
    told = tell(edk2.discover(at=0), looks(0.01), looks(1), looks(2), dnsmasq.offer(at=3, file="x.efi"),
                edk2.request(at=3.9), dnsmasq.ack(), until=5)  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.ids, verdict.severity(ID)) == ([], "info")


def test_the_server_was_busy_with_another_clients_check_first() -> None:
    told = tell(edk2.discover(at=0), edk2.discover(at=3.9), looks(3.1), dnsmasq.offer(at=6, file="x.efi"),
                dnsmasq.offer(file="x.efi"), edk2.request(at=11.9), dnsmasq.ack(), until=13)  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.ids, verdict.severity(ID)) == ([], "info")


def test_lost_discovers_are_no_slow_server() -> None:
    told = tell(asks(edk2, *EDK2_TRIES), kea.offer(at=28, file="x.efi"), edk2.request(at=59), kea.ack(), until=60)
    assert ID not in diagnose(told).all_ids


def test_a_quick_offer() -> None:
    told = tell(edk2.discover(at=0), kea.offer(at=0.5, file="x.efi"), edk2.request(at=3.9), kea.ack(), until=5)
    assert ID not in diagnose(told).all_ids


def test_the_offer_comes_when_ipxe_has_given_up() -> None:
    told = tell(asks(ipxe_rom, *IPXE_TRIES), dnsmasq.offer(at=20, file="x.0"), until=40)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("failed", ID, "error")


def test_the_offer_comes_when_uefi_has_gone_on() -> None:
    late = dnsmasq.offer(at=61, file="x.efi", xid=0x10000101)
    told = tell(asks(edk2, *EDK2_TRIES), edk2_http.afresh(at=60, xid=77), late,
                asks(edk2_http, 64, 72, 88))  # fmt: skip
    (verdict,) = verdicts(told)
    assert verdict.primary == ID
    assert "after the client had given up" in verdict.finding(ID).says


def test_u_boot_takes_a_new_xid_each_time() -> None:
    told = tell(asks(u_boot, 0, 0.25, 0.75), kea.offer(at=0.8, file="x.img"), u_boot.request(), kea.ack(), until=2)
    assert ID not in diagnose(told).all_ids


def test_recordings(lab_captures: Path) -> None:
    for name in ("fl4_ovmf_drop20s_ok.pcap", "s01a_bios_virtio_pxelinux.pcap"):
        (verdict,) = of_capture(lab_captures / name)
        assert (verdict.ids, verdict.severity(ID)) == ([], "info")
