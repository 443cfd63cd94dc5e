"""A host name where an address is wanted."""

from __future__ import annotations

from dataclasses import replace

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, ipxe_rom
from tests.track.scene import Step
from tests.track.servers import Server

ID = "next-server-name-unusable"
unset = replace(dnsmasq, siaddr="0.0.0.0")
NAMED = ((66, b"boot.example.net\0"),)


def leased(client: Machine, server: Server = unset) -> Step:
    return together(
        client.discover(at=0), server.offer(file="boot.efi", options=NAMED), client.request(at=3.9),
        server.ack(options=NAMED), edk2.on("52:54:00:77:00:77").arp("10.77.0.1", sender="10.77.0.77"),
    )  # fmt: skip


def test_ipxe_asks_for_nothing() -> None:
    verdict = diagnose(tell(leased(ipxe_rom), until=60))
    assert (verdict.outcome, verdict.primary) == ("stalled", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert "`boot.example.net`" in verdict.finding(ID).says
    assert verdict.frames(ID) == [4]
    assert "next-server-missing" not in verdict.all_ids


def test_uefi_asks_the_dhcp_server_which_has_no_such_file() -> None:
    verdict = diagnose(tell(leased(edk2), edk2.missing("boot.efi")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID) == [4, 6]


def test_with_an_address_in_siaddr_nobody_reads_the_name() -> None:
    told = tell(leased(ipxe_rom, dnsmasq), until=60)
    assert ID not in diagnose(told).all_ids


def test_the_dhcp_server_may_be_the_boot_server() -> None:
    assert ID not in diagnose(tell(leased(edk2), edk2.fetch("boot.efi"), until=60)).all_ids
