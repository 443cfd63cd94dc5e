"""Several proxies answer one client, with different boot data."""

from __future__ import annotations

from tests.diagnose.proxy_scenes import asks
from tests.diagnose.second_stage_scenes import MASK, UNSIGNED
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2, ipxe, kea, proxy
from tests.track.scene import Step
from tests.track.servers import Server

ID = "rogue-proxydhcp"
other = Server("10.77.0.4", gives="0.0.0.0", siaddr="10.77.0.4", vendor_class=b"PXEClient")
twin = Server("10.77.0.5", gives="0.0.0.0", siaddr="10.77.0.5", vendor_class=b"PXEClient")


def offers(*proxies: Step) -> Step:
    ack = kea.ack(options=(MASK,))
    return together(edk2.discover(at=0), kea.offer(options=(MASK,)), *proxies, edk2.request(at=3.9, of=kea), ack)


FIRST = proxy.offer(file="good.efi", field=True)
SECOND = other.offer(file="old.efi", field=True)


def test_two_proxies_name_different_files() -> None:
    told = tell(offers(FIRST, SECOND), edk2.fetch("good.efi", content=UNSIGNED), ipxe.afresh(at=6))
    verdict = diagnose(told)
    assert verdict.severity(ID) == "warning"
    assert verdict.confidence(ID) == "certain"
    assert verdict.finding(ID).says == (
        "2 proxyDHCP servers answer with different boot data: 10.77.0.3 (`good.efi`) and 10.77.0.4 (`old.efi`)"
    )
    assert verdict.frames(ID) == [3, 4]


def test_the_boot_fails_on_what_one_of_them_said() -> None:
    asked = asks(edk2, other, 4), other.proxy_ack(file="old.efi")
    verdict = diagnose(tell(offers(SECOND, FIRST), *asked, edk2.missing("old.efi", server="10.77.0.4")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.severity(ID) == "error"
    assert verdict.finding("tftp-file-not-found").caused_by == ID


def test_the_same_data_twice() -> None:
    """A redundant pair: each names itself as the server of the same file."""
    same = twin.offer(file="good.efi", field=True)
    told = tell(offers(FIRST, same), edk2.fetch("good.efi", content=UNSIGNED), ipxe.afresh(at=6))
    assert ID not in diagnose(told).all_ids


def test_one_proxy_that_answers_twice() -> None:
    told = tell(offers(FIRST, FIRST), edk2.fetch("good.efi", content=UNSIGNED), ipxe.afresh(at=6))
    assert ID not in diagnose(told).all_ids


def test_an_intruder_by_the_users_list() -> None:
    told = tell(offers(SECOND), edk2.fetch("old.efi", content=UNSIGNED, server="10.77.0.4"), ipxe.afresh(at=6))
    allowed = ("10.77.0.2", "10.77.0.3")
    verdict = diagnose(told, allowed=allowed)
    assert verdict.severity(ID) == "warning"
    assert verdict.finding(ID).says == "10.77.0.4 answers as a proxyDHCP server and is not among the allowed servers"
    assert ID not in diagnose(told, allowed=(*allowed, "10.77.0.4")).all_ids
    assert ID not in diagnose(told).all_ids


def overridden(given: str, *then: Step) -> Step:
    """One proxy, which iPXE follows, beside a DHCP server that names `given`."""
    given_offer, ack = kea.offer(file=given, options=(MASK,)), kea.ack(file=given, options=(MASK,))
    return together(ipxe.discover(at=0), SECOND, given_offer, ipxe.request(at=3, of=kea), ack, *then)


def test_one_proxy_overrides_the_dhcp_servers_file_and_lacks_its_own() -> None:
    missing = ipxe.missing("old.efi", server="10.77.0.4", at=16)
    verdict = diagnose(tell(overridden("good.efi", missing)))
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("failed", ID, "error")
    assert verdict.finding(ID).says == (
        "the proxyDHCP server 10.77.0.4 names `old.efi`, and the DHCP server 10.77.0.2 `good.efi`: the client follows "
        "the proxy"
    )
    assert verdict.frames(ID) == [2, 3]
    assert verdict.finding("tftp-file-not-found").caused_by == ID
    assert ID not in diagnose(tell(overridden("", missing))).all_ids
    assert ID not in diagnose(tell(overridden("old.efi", missing))).all_ids


def test_one_proxy_that_delivers_what_it_names() -> None:
    fetched = ipxe.fetch("old.efi", server="10.77.0.4", at=16, content=UNSIGNED)
    assert ID not in diagnose(tell(overridden("good.efi", fetched))).all_ids
