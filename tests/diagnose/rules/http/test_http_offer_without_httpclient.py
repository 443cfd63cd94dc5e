"""http-offer-without-httpclient: UEFI HTTP boot gets offers that were not made for it."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.http_scenes import BOOT_URL, http_server
from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http, proxy
from tests.track.scene import Step
from tests.track.servers import Server

ID = "http-offer-without-httpclient"


def rounds(server: Server = dnsmasq, file: str = BOOT_URL, at: float = 0, count: int = 4) -> Step:
    """DISCOVERs on EDK2's schedule, each with an offer."""
    times = [at + late for late in (0, 3.9, 11.9, 27.9)][:count]
    first, *again = times
    said = [edk2_http.afresh(at=first), server.offer(at=first + 0.1, file=file)]
    for time in again:
        said += [edk2_http.discover(at=time), server.offer(at=time + 0.1, file=file)]
    return together(*said)


def test_a_url_without_the_class() -> None:
    verdict = diagnose(tell(rounds(), until=70))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    finding = verdict.finding(ID)
    assert finding.says == f"10.77.0.1 offers the URL `{BOOT_URL}` without the class `HTTPClient` in option 60"
    assert verdict.frames(ID) == [2, 3, 5, 7]
    assert finding.causes[0] == "the rule sends the URL but not option 60"


def test_a_file_name_for_tftp() -> None:
    verdict = diagnose(tell(rounds(http_server, "snponly.efi"), until=70))
    assert verdict.primary == ID
    assert verdict.finding(ID).says == "the HTTP boot offer of 10.77.0.1 names `snponly.efi`, which is no URL"


def test_offers_without_anything_for_it() -> None:
    verdict = diagnose(tell(rounds(file=""), until=70))
    assert verdict.primary == ID
    assert verdict.finding(ID).says.startswith("the offer of 10.77.0.1 is not for UEFI HTTP boot")


def test_one_round_proves_nothing() -> None:
    assert ID not in diagnose(tell(rounds(count=1), until=2)).all_ids


def test_an_offer_with_class_and_url_is_taken() -> None:
    told = tell(rounds(count=2), http_server.offer(at=4.5, file=BOOT_URL), until=5)
    assert ID not in diagnose(told).all_ids


def test_edk2_on_its_walk_from_pxe_only_explains() -> None:
    pxe = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack())
    told = tell(pxe, edk2.missing("x.efi"), rounds(file="x.efi", at=4.2), until=90)
    verdict = diagnose(told)
    assert verdict.primary == "tftp-file-not-found"
    assert verdict.severity(ID) == "info"


def test_a_pxe_proxy_beside_it_changes_nothing() -> None:
    told = tell(edk2_http.afresh(at=0), dnsmasq.offer(at=0.1), proxy.offer(at=0.2), edk2_http.discover(at=3.9),
                dnsmasq.offer(at=4), edk2_http.discover(at=11.9), edk2_http.discover(at=27.9), until=70)  # fmt: skip
    assert diagnose(told).primary == ID


def test_the_recording_of_a_server_that_forgot_option_60(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "s05b_ovmf_httpboot_no_opt60.pcap")
    assert verdict.primary == ID
