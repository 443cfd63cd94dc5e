"""The ACK forgets what the offer said."""

from __future__ import annotations

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, intel, ipxe, proxy
from tests.track.scene import Step

ID = "ack-lacks-boot-info"


def forgetful(client: Machine = edk2, second: Machine | None = None) -> Step:
    return together(
        client.discover(at=0), dnsmasq.offer(file="boot.efi"), (second or client).request(at=3.9),
        dnsmasq.ack(file=""),
    )  # fmt: skip


def test_uefi_stops_at_once() -> None:
    verdict = diagnose(tell(forgetful(), until=12))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == "the ACK of 10.77.0.1 names no boot file, though the offer named `boot.efi`"
    assert verdict.frames(ID) == [4, 2]
    assert any("PXE-E99" in screen for screen in verdict.finding(ID).screen)


def test_it_just_came() -> None:
    verdict = diagnose(tell(forgetful(intel), until=5))
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


def test_a_request_without_the_class() -> None:
    bare = tuple(option for option in edk2.options if option[0] != 93)
    verdict = diagnose(tell(forgetful(second=edk2.saying(options=bare)), until=30))
    assert verdict.finding(ID).causes[0].startswith("the REQUEST lacks the class")
    assert verdict.frames(ID) == [4, 2, 3]


def test_a_loaded_ipxe_has_time_to_act_by_its_own_script() -> None:
    firmware = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack())
    again = together(ipxe.afresh(at=6), dnsmasq.offer(file="y.ipxe"), ipxe.request(at=8), dnsmasq.ack(file=""))
    assert diagnose(tell(firmware, edk2.fetch("x.efi"), again, until=20)).outcome == "in-progress"


def test_the_file_is_repeated() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="boot.efi"), edk2.request(at=3.9), dnsmasq.ack(), until=12)
    assert ID not in diagnose(told).all_ids


def test_a_proxy_names_the_file() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="boot.efi"), proxy.offer(file="snponly.efi"),
        edk2.request(at=3.9, of=dnsmasq), dnsmasq.ack(file=""), until=12,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids
