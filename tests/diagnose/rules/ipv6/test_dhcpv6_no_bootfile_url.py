"""An address without a boot file URL."""

from __future__ import annotations

from tests.diagnose.ipv6_scenes import boot6, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http

ID = "dhcpv6-no-bootfile-url"
URL = b"tftp://[fd77::1]/x.efi"


def test_neither_advertise_nor_reply_names_one() -> None:
    verdict = diagnose(tell(leased(boot6, b""), until=40))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == "the server fe80::1 gave an address but no boot file URL (option 59)"
    assert "The client is x64 UEFI" in verdict.finding(ID).explanation
    assert verdict.frames(ID) == [4, 3]


def test_the_reply_lacks_what_the_advertise_names() -> None:
    verdict = diagnose(tell(leased(boot6, b"", advertised=URL), edk2_http.afresh(at=8)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says.endswith("though its ADVERTISE names `tftp://[fd77::1]/x.efi`")
    assert verdict.frames(ID) == [4, 2, 3]


def test_advertised_again_and_again_and_never_taken() -> None:
    rounds = [step for at in (0, 4.5, 13.5, 30.5) for step in (boot6.solicit(at=at), boot6.advertise())]
    verdict = diagnose(tell(*rounds))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID) == [2, 4, 6, 8, 1]


def test_advertised_once_and_the_next_boot_option_follows() -> None:
    verdict = diagnose(tell(boot6.solicit(at=0), boot6.advertise(), edk2_http.afresh(at=5)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_while_the_client_may_still_go_on() -> None:
    assert diagnose(tell(boot6.solicit(at=0), boot6.advertise())).all_ids == []
    verdict = diagnose(tell(leased(boot6, b"")))
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


def test_a_url_is_a_url() -> None:
    assert diagnose(tell(leased(boot6, URL), until=6)).all_ids == []
    assert ID not in diagnose(tell(leased(boot6, URL), until=90)).all_ids


def test_a_server_without_addresses_names_it() -> None:
    told = tell(
        boot6.solicit(at=0), boot6.advertise(), boot6.named(url=URL), boot6.request(at=5), boot6.reply(), until=90
    )
    assert ID not in diagnose(told).all_ids


def test_the_exchange_that_only_configures_an_address_needs_none() -> None:
    first = together(
        boot6.solicit_address(at=0), boot6.advertise(xid=0xC1E115), boot6.request_address(), boot6.reply(xid=0xC2E115)
    )
    verdict = diagnose(
        tell(first, boot6.solicit(at=3), boot6.advertise(url=URL), boot6.request(at=8), boot6.reply(url=URL))
    )
    assert verdict.all_ids == []


def test_a_refusal_is_another_fault() -> None:
    verdict = diagnose(
        tell(boot6.solicit(at=0), boot6.advertise(url=URL), boot6.request(at=5), boot6.refuse(), until=60)
    )
    assert ID not in verdict.all_ids
