"""Two DHCP servers answer, or one that is not allowed."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import mirrored, tell, together
from tests.track.programs import dnsmasq, edk2, grub, intel, kea, proxy, relay
from tests.track.scene import Options, Step
from tests.track.servers import Relay, Server

ID = "competing-dhcp-servers"
MASK = (1, b"\xff\xff\xff\0")
HERE: Options = (MASK, (3, bytes((10, 77, 0, 254))))
rogue = Server("192.168.1.1", gives="192.168.1.77", siaddr="0.0.0.0")
partner = Server("10.77.0.2", gives="10.77.0.131")


def both(good: str, bad: str, *, first: Server = rogue) -> Step:
    """UEFI gets two offers and takes the first with a file."""
    options: Options = (MASK, (3, bytes((192, 168, 1, 1))))
    bad_offer, good_offer = rogue.offer(file=bad, options=options), dnsmasq.offer(file=good, options=HERE)
    order = (bad_offer, good_offer) if first is rogue else (good_offer, bad_offer)
    return together(edk2.discover(at=0), *order)


def test_the_client_fails_on_the_file_of_the_server_it_took() -> None:
    told = tell(both("grubx64.efi", "pxelinux.0"), edk2.request(at=3.9, of=rogue), rogue.ack(),
                edk2.missing("pxelinux.0", server="192.168.1.1"))  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.frames(ID) == [2, 3]
    finding = verdict.finding(ID)
    assert (
        finding.says == "2 DHCP servers answer this client: 192.168.1.1 and 10.77.0.1; it took the offer of 192.168.1.1"
    )
    assert "They differ in the subnet, the boot file, the router." in finding.explanation
    assert verdict.finding("tftp-file-not-found").caused_by == ID


def test_the_client_fails_on_the_good_servers_data() -> None:
    told = tell(both("grubx64.efi", ""), edk2.request(at=3.9, of=dnsmasq), dnsmasq.ack(), edk2.missing("grubx64.efi"))
    verdict = diagnose(told)
    assert verdict.primary == "tftp-file-not-found"
    assert verdict.severity(ID) == "warning"


def test_a_boot_that_works_keeps_the_warning() -> None:
    told = tell(both("grubx64.efi", ""), edk2.request(at=3.9, of=dnsmasq), dnsmasq.ack(), edk2.fetch("grubx64.efi"),
                grub.fetch("/vmlinuz"), grub.fetch("/initrd.img"))  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids) == ("booted", [ID])


def test_a_failover_pair_offers_the_same() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi", options=HERE), partner.offer(file="x.efi", options=HERE),
        edk2.request(at=3.9), dnsmasq.ack(), edk2.missing("x.efi"),
    )  # fmt: skip
    verdict = diagnose(told)
    assert verdict.ids == ["tftp-file-not-found"]
    assert verdict.severity(ID) == "info"


def test_a_pair_whose_members_name_themselves_as_boot_servers() -> None:
    other = Server("10.77.0.2", gives="10.77.0.131", siaddr="10.77.0.2")
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi", options=HERE), other.offer(file="x.efi", options=HERE),
        edk2.request(at=3.9), dnsmasq.ack(), edk2.missing("x.efi"),
    )  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.primary, verdict.severity(ID)) == ("tftp-file-not-found", "info")


def test_a_proxy_is_no_second_server() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(), proxy.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack())
    assert ID not in diagnose(told).all_ids


def test_one_server_seen_twice() -> None:
    told = tell(intel.discover(at=0), mirrored(dnsmasq.offer(file="x.0")), intel.request(at=4), dnsmasq.ack())
    assert ID not in diagnose(told).all_ids


def test_two_relays_bring_one_servers_offer() -> None:
    other = Relay("10.77.0.253")
    told = tell(
        edk2.discover(at=0), relay.forward(dnsmasq), dnsmasq.offer(file="x.efi"), relay.back(),
        other.forward(dnsmasq, of=0), dnsmasq.offer(file="x.efi"), other.back(), edk2.request(at=3.9),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_two_relays_put_themselves_into_option_54() -> None:
    one, other = Server("10.77.0.254"), Server("10.77.0.253")
    told = tell(edk2.discover(at=0), one.offer(file="x.efi"), other.offer(file="x.efi"), edk2.request(at=3.9, of=one))
    assert ID not in diagnose(told).all_ids


def test_a_server_that_is_not_allowed_is_an_intruder() -> None:
    told = tell(edk2.discover(at=0), rogue.offer(file="x.efi"), edk2.request(at=3.9), rogue.ack(),
                edk2.missing("x.efi", server="192.168.1.1"))  # fmt: skip
    verdict = diagnose(told, allowed=("10.77.0.1",))
    assert (verdict.primary, verdict.severity(ID), verdict.confidence(ID)) == (ID, "error", "certain")
    assert verdict.finding(ID).says.startswith("the DHCP server 192.168.1.1 is not among the allowed ones")
    assert ID not in diagnose(told).all_ids


def test_an_allowed_server_alone() -> None:
    told = tell(edk2.discover(at=0), kea.offer(file="x.efi"), edk2.request(at=3.9), kea.ack(), edk2.missing("x.efi"))
    assert ID not in diagnose(told, allowed=("10.77.0.2",)).all_ids


def test_recordings(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fi3_bios_rogue_last.pcap")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID) == [24, 11]
    (verdict,) = of_capture(lab_captures / "fi2_ovmf_rogue.pcap")
    assert verdict.ids == [ID]
