"""A BOOTP server answers a DHCP client."""

from __future__ import annotations

from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.programs import dnsmasq, edk2, kea, plain, u_boot

ID = "bootp-only-reply"


def test_the_client_goes_on_asking() -> None:
    steps = [step for at in (0, 3.9, 11.9, 27.9) for step in (edk2.discover(at=at), dnsmasq.bootreply())]
    verdict = diagnose(tell(*steps, until=90))
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.primary == ID
    assert verdict.frames(ID) == [2, 4, 6, 8, 1]
    assert "UEFI takes such a reply only with one" in verdict.finding(ID).explanation


def test_the_client_takes_it() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.bootreply(file="x.efi"), edk2.missing("x.efi", at=4))
    verdict = diagnose(told)
    assert verdict.primary == "tftp-file-not-found"
    assert verdict.severity(ID) == "warning"


def test_a_dhcp_server_answers_as_well() -> None:
    told = tell(
        u_boot.discover(at=0), kea.bootreply(), dnsmasq.offer(file="x.img"), u_boot.request(), dnsmasq.ack(),
        u_boot.missing("x.img"),
    )  # fmt: skip
    verdict = diagnose(told)
    assert (verdict.primary, verdict.severity(ID)) == ("tftp-file-not-found", "warning")


def test_a_bootp_client_gets_what_it_asks_for() -> None:
    told = tell(plain.bootp(at=0, file=b"boot.bin"), dnsmasq.bootreply(file="boot.bin"), plain.missing("boot.bin"))
    assert ID not in diagnose(told).all_ids
