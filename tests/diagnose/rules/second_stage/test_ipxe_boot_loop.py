"""iPXE is handed the program that it is itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.second_stage_scenes import MASK, UNSIGNED, leased, uefi
from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, ipxe, ipxe_rom
from tests.track.scene import Step

ID = "ipxe-boot-loop"
KPXE = b"\xea\x05\x00\xc0\x07iPXE".ljust(3000, b"\x90")


def offered(file: str, at: float, client: Machine = ipxe) -> Step:
    offer, ack = dnsmasq.offer(file=file, options=(MASK,)), dnsmasq.ack(file=file, options=(MASK,))
    return together(client.afresh(at=at), offer, client.request(at=at + 3), ack)


def round_trip(at: float, file: str = "snponly.efi", content: bytes = UNSIGNED, client: Machine = ipxe) -> Step:
    return together(offered(file, at, client), client.fetch(file, at=at + 15, content=content))


def test_it_loads_itself_again_and_again() -> None:
    told = tell(uefi(), round_trip(6), round_trip(24), offered("snponly.efi", 42))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == (
        "`snponly.efi` is handed to iPXE, which is that program itself and loaded it 2 times"
    )
    discovers = [n for n, wire in enumerate(told.wires, 1) if wire.target_port == 67 and b"iPXE" in wire.payload]
    assert set(verdict.frames(ID)) & set(discovers)


def test_an_ipxe_rom_that_loads_ipxe_that_loads_itself() -> None:
    rom = together(leased(ipxe_rom, "undionly.kpxe"), ipxe_rom.fetch("undionly.kpxe", at=16, content=KPXE))
    again = [round_trip(at, "undionly.kpxe", KPXE, ipxe_rom) for at in (18.5, 37)]
    verdict = diagnose(tell(rom, *again))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_once_is_an_error_only_where_the_boot_ends_there() -> None:
    """The third program may be told otherwise; it is too early to call the boot failed."""
    verdict = diagnose(tell(uefi(), round_trip(6)))
    assert (verdict.outcome, verdict.primary) == ("in-progress", None)
    assert verdict.severity(ID) == "warning"


def test_a_newer_ipxe_that_gets_a_script_is_no_loop() -> None:
    """ROM, a newer iPXE, then its script (MAAS, Smee)."""
    script = b"#!ipxe\nkernel vmlinuz\ninitrd initrd.img\nboot\n"
    steps = (
        offered("boot.ipxe", 6),
        ipxe.fetch("boot.ipxe", at=22, content=script),
        ipxe.fetch("vmlinuz"),
        ipxe.fetch("initrd.img"),
    )
    verdict = diagnose(tell(uefi(), *steps))
    assert (verdict.outcome, verdict.all_ids) == ("booted", [])


def test_a_script_of_the_same_name_is_no_loop() -> None:
    content = b"#!ipxe\nchain menu.ipxe\n"
    verdict = diagnose(tell(uefi(), round_trip(6, content=content), ipxe.fetch("vmlinuz"), ipxe.fetch("initrd.img")))
    assert (verdict.outcome, verdict.all_ids) == ("booted", [])


def test_the_offer_alone_is_only_told() -> None:
    """The capture ends before iPXE fetches: an embedded script may still act."""
    verdict = diagnose(tell(uefi(), offered("snponly.efi", 6)))
    assert (verdict.outcome, verdict.ids) == ("in-progress", [])
    assert verdict.severity(ID) == "info"


def test_a_rom_whose_program_resets_the_machine_is_no_loop() -> None:
    """PXELINUX is not iPXE: the machine loads it twice because it was reset."""
    banner = b"\xea\x05PXELINUX 6.04 PXE 20200816\0".ljust(600, b"\x90")
    rounds = [round_trip(at, "pxelinux.0", banner, ipxe_rom) for at in (0, 19, 38)]
    verdict = diagnose(tell(*rounds))
    assert ID not in verdict.all_ids
    assert (verdict.outcome, verdict.primary) == ("failed", "nbp-loaded-then-silent")


@pytest.mark.parametrize(
    ("file", "client"), [("fq1_bios_ipxe_loop.pcap", None), ("s11b_bios_and_uefi.pcap", "52:54:00:77:00:21")]
)
def test_recorded_loops(lab_captures: Path, file: str, client: str | None) -> None:
    (verdict,) = of_capture(lab_captures / file, client)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
