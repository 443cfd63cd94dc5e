"""A boot file without a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import port_unreachable, tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, ipxe_rom, u_boot
from tests.track.scene import Options, Step

ID = "next-server-missing"
unset = replace(dnsmasq, siaddr="0.0.0.0")
somebody = edk2.on("52:54:00:77:00:77")
"""A neighbour whose ARP request shows that no filter keeps other frames out."""
IN_66 = (66, b"10.77.0.5")


def leased(client: Machine, options: Options = (), file: str = "boot.efi") -> Step:
    return together(
        client.discover(at=0), unset.offer(file=file, options=options), client.request(at=3.9),
        unset.ack(options=options), somebody.arp("10.77.0.1", sender="10.77.0.77"),
    )  # fmt: skip


def judged(*steps: Step, until: float = 60) -> Verdict:
    return diagnose(tell(*steps, until=until))


def test_ipxe_knows_no_other_place_and_asks_for_nothing() -> None:
    verdict = judged(leased(ipxe_rom, file="pxelinux.0"))
    assert (verdict.outcome, verdict.primary) == ("stalled", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    says = "the boot file `pxelinux.0` is named without a boot server (next-server is 0.0.0.0)"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [4]


def test_the_server_stands_where_uefi_does_not_look() -> None:
    verdict = judged(leased(edk2, (IN_66,)), edk2.missing("boot.efi"))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says.endswith("10.77.0.5 stands only in an option that the client does not read")
    assert "10.77.0.1" in verdict.finding(ID).explanation
    assert any("dhcp-boot=boot.efi,,10.77.0.5" in remedy.text for remedy in verdict.finding(ID).remedies)


def test_option_150_is_not_read_either() -> None:
    verdict = judged(leased(edk2, ((150, bytes((10, 77, 0, 9))),)), edk2.missing("boot.efi"))
    assert verdict.primary == ID


def test_the_dhcp_server_has_no_tftp_service() -> None:
    verdict = judged(leased(edk2), edk2.rrq("boot.efi"), port_unreachable())
    assert verdict.primary == ID


@pytest.mark.parametrize(
    "steps",
    [
        (leased(edk2), edk2.missing("boot.efi")), (leased(edk2, (IN_66,)), edk2.fetch("boot.efi")),
        (leased(ipxe_rom, file="http://10.77.0.1/boot.ipxe"),), (leased(edk2), edk2.rrq("boot.efi")),
    ],
    ids=["the DHCP server answers for files", "it works", "a URL", "still asking"],
)  # fmt: skip
def test_no_fault(steps: tuple[Step, ...]) -> None:
    assert ID not in judged(*steps, until=8).all_ids


def test_u_boot_says_that_its_serverip_is_not_set() -> None:
    verdict = judged(leased(u_boot))
    assert verdict.primary == ID
    assert any("serverip" in screen for screen in verdict.finding(ID).screen)


def test_right_after_the_ack_nothing_is_known_yet() -> None:
    assert judged(leased(ipxe_rom, file="pxelinux.0"), until=6).all_ids == []
