"""http-uri-rejected: UEFI HTTP boot does nothing with its URL."""

from __future__ import annotations

from tests.diagnose.http_scenes import BOOT_URL, Connection, leased, query
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http
from tests.track.scene import Step

ID = "http-uri-rejected"


def pxe_before() -> Step:
    """A failed PXE attempt, which shows that this capture sees unicast frames and high ports."""
    return together(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack(), edk2.missing("x.efi")
    )


def test_plain_http_on_firmware_that_wants_https() -> None:
    verdict = diagnose(tell(pxe_before(), leased(at=10), until=60))
    finding = verdict.finding(ID)
    assert finding.says == f"the firmware took its address and did nothing with the URL `{BOOT_URL}`"
    assert str(finding.confidence) == "strong"
    assert verdict.frames(ID) == [10]


def test_a_scheme_that_is_none_of_http() -> None:
    verdict = diagnose(tell(leased("tftp://10.77.0.1/x.efi"), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says.endswith("is none that UEFI HTTP boot accepts: its scheme is `tftp`")


def test_spaces_in_the_path() -> None:
    verdict = diagnose(tell(leased("http://10.77.0.1/my boot.efi"), until=60))
    assert verdict.finding(ID).says.endswith("it holds a space or a control character")


def test_a_firmware_that_looks_for_the_server_is_not_it() -> None:
    told = tell(pxe_before(), leased(at=10), edk2_http.arp("10.77.0.1", at=14.1), until=60)
    assert ID not in diagnose(told).all_ids


def test_a_connection_is_no_rejection() -> None:
    assert ID not in diagnose(tell(leased(), Connection(edk2_http).syn(), until=60)).all_ids


def test_a_capture_that_ends_with_the_ack_proves_nothing() -> None:
    assert ID not in diagnose(tell(pxe_before(), leased(at=10), until=15)).all_ids


def test_a_firmware_that_asks_for_the_name_is_not_it() -> None:
    dns = ((6, bytes((10, 77, 0, 1))),)
    boot = leased("http://boot.example.org/x.efi", at=10, options=dns)
    told = tell(pxe_before(), boot, query(edk2_http, b"boot.example.org"), until=60)
    assert ID not in diagnose(told).all_ids
