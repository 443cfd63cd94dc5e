"""The client takes none of the offers."""

from __future__ import annotations

from tests.diagnose.dhcp_scenes import EDK2_TRIES, U_BOOT_TRIES
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, ipxe_rom, u_boot
from tests.track.scene import Step
from tests.track.servers import Server

ID = "offer-ignored-by-client"
MASK = (1, b"\xff\xff\xff\0")
shouting = intel.saying(flags=0x8000)


def rounds(machine: Machine, *times: float, file: str = "x.efi", server: Server = dnsmasq) -> Step:
    pairs = [(machine.discover(at=at), server.offer(file=file, options=(MASK,))) for at in times]
    return together(*(step for pair in pairs for step in pair))


def test_good_offers_all_through_the_schedule() -> None:
    verdict = diagnose(tell(rounds(edk2, *EDK2_TRIES), until=70))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.frames(ID) == [2, 4, 6, 8, 1, 3, 5, 7]
    assert verdict.finding(ID).says == "the client takes none of the offers that answer 4 DISCOVERs in 28 s"
    assert verdict.finding(ID).screen[0].startswith("PXE-E16")


def test_a_rom_that_never_answers_an_offer() -> None:
    verdict = diagnose(tell(rounds(shouting, *EDK2_TRIES, file="pxelinux.0"), until=70))
    assert verdict.primary == ID


def test_offers_without_a_boot_file_have_a_name_of_their_own() -> None:
    verdict = diagnose(tell(rounds(edk2, *EDK2_TRIES, file=""), until=70))
    assert ID not in verdict.ids
    assert verdict.primary == "offer-without-boot-info"


def test_ipxe_asks_twice_by_design() -> None:
    told = tell(rounds(ipxe_rom, 0, 1), ipxe_rom.request(at=3), dnsmasq.ack(), until=5)
    assert ID not in diagnose(told).all_ids


def test_u_boot_asks_four_times_and_then_takes_one() -> None:
    told = tell(rounds(u_boot, *U_BOOT_TRIES[:4]), u_boot.request(), dnsmasq.ack(), u_boot.missing("x.img"))
    assert ID not in diagnose(told).all_ids


def test_uefi_collects_offers_until_its_window_ends() -> None:
    assert ID not in diagnose(tell(rounds(edk2, 0), until=3)).all_ids
