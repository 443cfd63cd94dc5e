"""A client over IPv6 without a router."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.ipv6_scenes import boot6, leased, ordered, router_advertisement, router_solicitation
from tests.diagnose.verdict import Verdict, diagnose, of_capture
from tests.track.conversation import tell
from tests.track.programs import dnsmasq, edk2_http, ipxe
from tests.track.scene import Step

ID = "ipv6-ra-missing"
FAR, NEAR = b"tftp://[2001:db8::5]/x.efi", b"tftp://[fd77::1]/x.efi"
PUBLIC = "tianocore__user-attachments__tianocore__edk2__BZ-767-working_without_vendor_class.pcapng"


def judged(url: bytes, *more: Step, until: float = 60) -> Verdict:
    asked = [router_solicitation(at) for at in (0.9, 4.9, 8.9)]
    return diagnose(tell(ordered(leased(boot6, url), *asked, *more), until=until))


def test_the_server_is_far_and_no_way_leads_there() -> None:
    verdict = judged(FAR, edk2_http.afresh(at=30))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.finding(ID).says == "no router advertises itself, though the client sent 3 router solicitations"
    assert "2001:db8::5 is on another link than the client's address fd77::100" in verdict.finding(ID).explanation
    assert verdict.frames(ID) == [3, 4, 7, 6]


def test_silence_alone_leaves_it_a_warning() -> None:
    verdict = judged(FAR)
    assert (verdict.outcome, verdict.severity(ID)) == ("inconclusive", "warning")


def test_a_router_that_is_none_by_default() -> None:
    verdict = judged(FAR, router_advertisement(at=1, lifetime=0), edk2_http.afresh(at=30))
    assert verdict.primary == ID
    assert verdict.finding(ID).says.startswith("no router offers itself as a default router")


@pytest.mark.parametrize(
    "advertisement",
    [
        router_advertisement(at=1),
        router_advertisement(at=-300),
        router_advertisement(at=7),
        router_advertisement(at=1, managed=False),
    ],
)
def test_a_router_is_there(advertisement: Step) -> None:
    assert ID not in judged(FAR, advertisement, edk2_http.afresh(at=30)).all_ids


def test_the_server_is_on_the_link() -> None:
    assert judged(NEAR).severity(ID) == "info"
    prefix = router_advertisement(at=1, lifetime=0, prefix="2001:db8::/64")
    assert judged(FAR, prefix, edk2_http.afresh(at=30)).severity(ID) == "info"


def test_a_boot_over_ipv4_solicits_routers_too() -> None:
    asked = [router_solicitation(at) for at in (0, 0.25, 0.8, 1.85, 3.9, 7.9)]
    boot = ipxe.discover(at=0), dnsmasq.offer(file="x.ipxe"), ipxe.request(at=2), dnsmasq.ack()
    assert ID not in diagnose(tell(ordered(*asked, *boot), until=12)).all_ids


def test_a_published_capture_that_works_without_a_router(public_captures: Path) -> None:
    (verdict,) = of_capture(public_captures / PUBLIC)
    assert (verdict.outcome, verdict.ids) == ("in-progress", [])
