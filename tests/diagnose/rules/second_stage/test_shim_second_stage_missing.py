"""shim does not find the loader that it is to start."""

from __future__ import annotations

from tests.diagnose.second_stage_scenes import SIGNED, UNSIGNED, leased, search, uefi
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http, grub
from tests.track.servers import Server

ID = "shim-second-stage-missing"
shim = edk2.saying(probe_options=(), read_options=((b"blksize", b"512"), (b"windowsize", b"4")))
PROBES = search(shim, "revocations_sku.efi", "revocations_sbat.efi", "shim_certificate_0.efi")


def test_the_loader_is_not_there() -> None:
    told = tell(uefi("boot/shimx64.efi", SIGNED), PROBES, shim.missing("boot/grubx64.efi"))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == "the server 10.77.0.1 has no `boot/grubx64.efi`, which shim is to start"
    last = len(told.wires)
    assert verdict.frames(ID)[:2] == [last, last - 1]


def test_another_folder_than_the_shims_own() -> None:
    """The name came in option 67 alone: shim reads the header's file field and asks in the root."""
    verdict = diagnose(tell(uefi("boot/shimx64.efi", SIGNED), PROBES, shim.missing("grubx64.efi")))
    assert verdict.primary == ID
    assert verdict.finding(ID).explanation.endswith(
        "Shim itself lies in `boot/`: it takes the folder from the header's file field, not from option 67."
    )


def test_probes_that_fail_before_the_loader_are_no_fault() -> None:
    rest = [grub.fetch(name) for name in ("/grub/grub.cfg", "/vmlinuz", "/initrd.gz")]
    told = tell(uefi("shimx64.efi", SIGNED), PROBES, shim.fetch("grubx64.efi", content=UNSIGNED), *rest)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_a_second_name_that_is_found() -> None:
    tries = together(shim.missing("grubx64.efi"), shim.fetch("boot/grubx64.efi", content=UNSIGNED))
    told = tell(uefi("shimx64.efi", SIGNED), PROBES, tries, grub.fetch("/grub/grub.cfg"))
    assert ID not in diagnose(told).ids


def test_shim_without_a_server_asks_nobody() -> None:
    """siaddr 0.0.0.0: the firmware falls back on option 54, shim does not (shim netboot.c)."""
    nobody = Server(siaddr="0.0.0.0")
    begun = together(
        edk2.discover(at=0), nobody.offer(file="shimx64.efi"), edk2.request(at=3.9), nobody.ack(),
        edk2.fetch("shimx64.efi", content=SIGNED),
    )  # fmt: skip
    verdict = diagnose(tell(begun, edk2_http.afresh(at=6), dnsmasq.offer(file="x.efi")))
    assert verdict.outcome == "failed"
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert ID not in diagnose(tell(begun)).all_ids
    silent = diagnose(tell(begun, until=60))
    assert (silent.severity(ID), silent.confidence(ID)) == ("warning", "inferred")


def test_a_missing_loader_that_is_the_boot_file_is_not_shims() -> None:
    verdict = diagnose(tell(leased(edk2, "grubx64.efi"), edk2.missing("grubx64.efi")))
    assert verdict.primary == "tftp-file-not-found"
