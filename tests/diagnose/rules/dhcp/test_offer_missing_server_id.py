"""OFFER or ACK without option 54."""

from __future__ import annotations

from tests.diagnose.dhcp_scenes import EDK2_TRIES
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, ipxe_rom, kea, plain
from tests.track.scene import Options, Step

ID = "offer-missing-server-id"
MASK: Options = ((1, b"\xff\xff\xff\0"),)


def rounds(machine: Machine, *times: float) -> Step:
    nameless = [(machine.discover(at=at), dnsmasq.offer(file="x.efi", options=MASK, name=False)) for at in times]
    return together(*(step for pair in nameless for step in pair))


def test_uefi_drops_such_offers() -> None:
    verdict = diagnose(tell(rounds(edk2, *EDK2_TRIES), until=70))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [2, 4, 6, 8, 3, 5, 7]
    assert verdict.finding(ID).says == "the OFFER of 10.77.0.1 has no server identifier (option 54)"
    assert verdict.ids == [ID]


def test_two_rounds_are_enough() -> None:
    verdict = diagnose(tell(rounds(edk2, 0, 3.9)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_another_offer_is_complete() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi", name=False), edk2.discover(at=3.9), kea.offer(file="x.efi"),
        edk2.request(at=11.9, of=kea), kea.ack(), edk2.missing("x.efi"),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_ipxe_takes_the_source_address() -> None:
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(file="x.0", name=False), ipxe_rom.discover(at=1),
        dnsmasq.offer(file="x.0", name=False), ipxe_rom.request(at=3), dnsmasq.ack(), ipxe_rom.missing("x.0", at=16),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_plain_bootp_has_no_options() -> None:
    told = tell(plain.bootp(at=0, file=b"x"), dnsmasq.bootreply(), plain.bootp(at=5, file=b"x"), until=60)
    assert ID not in diagnose(told).all_ids
