"""A URL for firmware that speaks TFTP."""

from __future__ import annotations

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, edk2_http, intel, ipxe_rom
from tests.track.scene import Step

ID = "url-given-to-pxe-client"
URL = "http://10.77.0.1/boot.ipxe"


def leased(client: Machine, file: str = URL) -> Step:
    return together(client.discover(at=0), dnsmasq.offer(file=file), client.request(at=3.9), dnsmasq.ack())


def judged(*steps: Step, until: float = 30) -> Verdict:
    return diagnose(tell(*steps, until=until))


def test_uefi_asks_for_the_url_as_a_name() -> None:
    verdict = judged(leased(edk2), edk2.missing(URL))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says.startswith(f"the boot file is the URL `{URL}`")
    assert verdict.frames(ID) == [4, 5, 1]
    assert "tftp-file-not-found" not in verdict.all_ids


def test_a_rom_that_asks_for_nothing() -> None:
    verdict = judged(leased(intel))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_the_ack_just_came() -> None:
    verdict = judged(leased(edk2), until=6)
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


@pytest.mark.parametrize(
    ("client", "file"),
    [(ipxe_rom, URL), (edk2_http, URL), (edk2, "tftp://10.77.0.1/boot.efi"), (edk2, "httpd/boot.efi")],
    ids=["iPXE", "HTTP boot", "TFTP URL", "a name"],
)
def test_no_such_fault(client: Machine, file: str) -> None:
    assert ID not in judged(leased(client, file)).all_ids
