"""The DHCP side of a stage: exchanges, offers and who was chosen, and what the client acted on (catalogue 1.4)."""

from __future__ import annotations

import pytest

from pxedebug.track import Limits
from pxedebug.track.story import BootInformation, Exchange, Stage
from pxedebug.wire.batch import frame_number
from tests.track.conversation import changed, mirrored, numbers, tell, together, types
from tests.track.machines import Machine
from tests.track.programs import (
    dnsmasq,
    edk2,
    edk2_http,
    http6,
    intel,
    ipxe,
    ipxe_rom,
    kea,
    proxy,
    pxe6,
    raspberry,
    u_boot,
)
from tests.track.scene import Options
from tests.track.servers import Server

HTTP: Options = [(60, b"HTTPClient")]


def offers(exchange: Exchange) -> list[tuple[str, bool]]:
    return [(str(offer.server), offer.chosen) for offer in exchange.offers]


def boot(stage: Stage) -> tuple[str, bytes, int]:
    assert isinstance(stage.boot, BootInformation)
    return str(stage.boot.server), stage.boot.file or b"", frame_number(stage.boot.source_frame)


# Exchanges


def test_messages_of_one_xid_and_port_are_one_exchange() -> None:
    told = tell(
        edk2.discover(at=0), proxy.offer(), dnsmasq.offer(), edk2.request(at=4), dnsmasq.ack(),
        edk2.ask_proxy(proxy), proxy.proxy_ack(file="x.efi"),
    )  # fmt: skip
    dhcp, asked = told.stage.exchanges
    assert (dhcp.port, numbers(dhcp.messages), dhcp.complete) == (67, [1, 2, 3, 4, 5], True)
    assert (asked.port, numbers(asked.messages), asked.complete) == (4011, [6, 7], True)
    assert dhcp.xid != asked.xid


def test_the_same_xid_on_port_4011_is_an_exchange_of_its_own() -> None:
    told = tell(
        ipxe.discover(at=0, xid=5), proxy.offer(), dnsmasq.offer(), ipxe.request(at=3, of=dnsmasq), dnsmasq.ack(),
        ipxe.ask_proxy(proxy, xid=5), proxy.proxy_ack(file="x.efi"),
    )  # fmt: skip
    assert [(e.xid, e.port, len(e.messages)) for e in told.stage.exchanges] == [(5, 67, 5), (5, 4011, 2)]


def test_xid_zero_is_a_xid_like_any_other() -> None:
    """iPXE asks boot servers with xid 0 [measured]."""
    told = tell(
        ipxe_rom.discover(at=0), proxy.offer(), dnsmasq.offer(), ipxe_rom.request(at=3, of=dnsmasq), dnsmasq.ack(),
        ipxe_rom.ask_proxy(proxy, item=b"\x80\0\0\0"), proxy.proxy_ack(file="x.efi"),
    )  # fmt: skip
    asked = told.stage.exchanges[1]
    assert (asked.xid, asked.port, asked.complete) == (0, 4011, True)


@pytest.mark.parametrize(("last", "complete"), [("ack", True), ("nak", True), ("offer", False)])
def test_an_ack_or_a_nak_completes(last: str, complete: bool) -> None:
    begun = [edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4)]
    answer = {"ack": dnsmasq.ack(), "nak": dnsmasq.nak(), "offer": dnsmasq.offer(file="x")}[last]
    assert tell(*begun, answer).exchange.complete is complete


def test_dhcpv6_messages_have_a_transaction_each() -> None:
    told = tell(pxe6.solicit(at=0), pxe6.advertise(url=b"tftp://[fd77::1]/x.efi"), pxe6.request(at=5), pxe6.reply())
    solicit, request = told.stage.exchanges
    assert (solicit.port, solicit.complete, types(solicit.messages)) == (547, True, ["SOLICIT", "ADVERTISE"])
    assert (request.complete, types(request.messages)) == (True, ["REQUEST", "REPLY"])
    assert [offer.chosen for offer in solicit.offers] == [True]


# Offers


def test_an_offer_says_what_it_offers() -> None:
    told = tell(intel.discover(at=0), Server(siaddr="10.77.0.9").offer(file="boot.0", field=True))
    (offer,) = told.exchange.offers
    assert (str(offer.server), str(offer.address), str(offer.next_server)) == ("10.77.0.1", "10.77.0.130", "10.77.0.9")
    assert (offer.boot_file, offer.lease, offer.offer_class, offer.proxy) == (b"boot.0", 3600, "dhcp-only", False)
    assert offer.server_mac.hex(":") == "02:00:0a:4d:00:01"


def test_the_file_of_option_67_counts_before_the_header() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="header.efi", field=True, options=[(67, b"option.efi\0")]))
    assert told.exchange.offers[0].boot_file == b"option.efi"


def test_without_option_54_the_source_names_the_server() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x", name=False))
    assert offers(told.exchange) == [("10.77.0.1", False)]


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ((), "dhcp-only"),
        (((60, b"PXEClient"),), "binl"),
        (((60, b"PXEClient"), (43, b"\x06\x01\x08\xff")), "pxe10"),
        (((60, b"PXEClient"), (43, b"\x01\x04\0\0\0\0\x02\x02\0\0\x03\x02\0\0\x04\x01\0\x05\x01\0\xff")), "wfm11a"),
        (((60, b"HTTPClient"),), "dhcp-only"),
    ],
)
def test_offers_have_edk2s_classes(options: Options, kind: str) -> None:
    assert tell(edk2.discover(at=0), dnsmasq.offer(options=options)).exchange.offers[0].offer_class == kind


def test_a_bootp_reply_is_an_offer_that_is_taken() -> None:
    told = tell(intel.bootp(at=0, file=b"x"), dnsmasq.bootreply(file="first"), kea.bootreply(file="second"))
    assert [(str(o.offer_class), o.chosen) for o in told.exchange.offers] == [("bootp", True), ("bootp", False)]
    assert boot(told.stage) == ("10.77.0.1", b"first", 2)


# Who was chosen


def test_the_request_names_the_server_that_it_takes() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="a"), kea.offer(file="b"), edk2.request(at=4, of=kea), kea.ack()
    )
    assert offers(told.exchange) == [("10.77.0.1", False), ("10.77.0.2", True)]
    assert boot(told.stage) == ("10.77.0.2", b"b", 5)


def test_nobody_is_chosen_before_a_request() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="a"), kea.offer(file="b"))
    assert offers(told.exchange) == [("10.77.0.1", False), ("10.77.0.2", False)]
    assert told.stage.boot is None


def test_a_changed_offer_is_told_by_its_address() -> None:
    """Kea answers a second DISCOVER with another address; the client takes the last (B-32) [measured]."""
    told = tell(
        ipxe.discover(at=0), kea.offer(gives="10.77.0.100", file="x"), ipxe.discover(at=1),
        kea.offer(gives="10.77.0.101", file="x"), ipxe.request(at=3), kea.ack(),
    )  # fmt: skip
    assert [(str(o.address), o.chosen) for o in told.exchange.offers] == [("10.77.0.100", False), ("10.77.0.101", True)]


@pytest.mark.parametrize(("machine", "chosen"), [(ipxe, [False, True]), (edk2, [True, False])])
def test_of_equal_offers_each_program_takes_its_own(machine: Machine, chosen: list[bool]) -> None:
    told = tell(
        machine.discover(at=0), dnsmasq.offer(file="x"), machine.discover(at=1), dnsmasq.offer(file="x"),
        machine.request(at=4), dnsmasq.ack(),
    )  # fmt: skip
    assert [offer.chosen for offer in told.exchange.offers] == chosen


def test_an_offer_after_the_request_was_not_its_choice() -> None:
    told = tell(
        ipxe.discover(at=0), dnsmasq.offer(file="x"), ipxe.request(at=3), dnsmasq.offer(at=3.1, file="x"),
        ipxe.request(at=3.25), dnsmasq.ack(),
    )  # fmt: skip
    assert [offer.chosen for offer in told.exchange.offers] == [True, False]


def test_the_last_choice_of_an_exchange_counts() -> None:
    """The first server refuses, the client asks the second with the same xid."""
    told = tell(
        edk2.discover(at=0, xid=9), dnsmasq.offer(file="a"), kea.offer(file="b"), edk2.request(at=4, of=dnsmasq),
        dnsmasq.nak(), edk2.discover(at=4.1, xid=9), kea.offer(file="b"), edk2.request(at=8, of=kea), kea.ack(),
    )  # fmt: skip
    assert [server for server, chosen in offers(told.exchange) if chosen] == ["10.77.0.2"]


def test_u_boot_takes_one_of_its_many_exchanges() -> None:
    told = tell(
        *(u_boot.discover(at=at, xid=n) for n, at in enumerate((0, 0.25, 0.75), 1)),
        *(dnsmasq.offer(xid=n, file="pxelinux.0", field=True) for n in (1, 2, 3)),
        u_boot.request(), dnsmasq.ack(),
    )  # fmt: skip
    assert [[offer.chosen for offer in e.offers] for e in told.stage.exchanges] == [[True], [False], [False]]
    assert [e.complete for e in told.stage.exchanges] == [True, False, False]
    assert boot(told.stage) == ("10.77.0.1", b"pxelinux.0", 8)


# Proxies


def test_a_proxy_offers_no_address_and_loses_nothing() -> None:
    told = tell(edk2.discover(at=0), proxy.offer(), dnsmasq.offer(), edk2.request(at=4), dnsmasq.ack())
    proxied, plain = told.exchange.offers
    assert (proxied.proxy, proxied.address, plain.proxy) == (True, None, False)
    assert plain.chosen


def test_a_proxy_that_is_asked_is_chosen_too() -> None:
    told = tell(
        edk2.discover(at=0), proxy.offer(), dnsmasq.offer(), edk2.request(at=4), dnsmasq.ack(),
        edk2.ask_proxy(proxy), proxy.proxy_ack(file="snponly.efi"),
    )  # fmt: skip
    assert offers(told.stage.exchanges[0]) == [("10.77.0.3", True), ("10.77.0.1", True)]
    assert boot(told.stage) == ("10.77.0.3", b"snponly.efi", 7)


def test_a_proxy_whose_file_was_used_is_chosen_without_being_asked() -> None:
    told = tell(
        intel.discover(at=0), proxy.offer(file="proxy.0"), dnsmasq.offer(file="dhcp.0"), intel.request(), dnsmasq.ack()
    )
    assert offers(told.exchange) == [("10.77.0.3", True), ("10.77.0.1", True)]
    assert boot(told.stage) == ("10.77.0.3", b"proxy.0", 2)


def test_a_proxy_without_use_is_not_chosen() -> None:
    told = tell(edk2.discover(at=0), proxy.offer(), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(file="x"))
    assert offers(told.exchange) == [("10.77.0.3", False), ("10.77.0.1", True)]
    assert boot(told.stage) == ("10.77.0.1", b"x", 5)


def test_an_unanswered_4011_leaves_ipxe_with_the_file_of_its_lease() -> None:
    """Non-fatal (B-21)."""
    told = tell(
        ipxe.discover(at=0), proxy.offer(), dnsmasq.offer(file="lease.0"), ipxe.request(at=3, of=dnsmasq),
        dnsmasq.ack(), *(ipxe.ask_proxy(proxy, at=4 + at, again=at > 0) for at in (0, 0.25, 0.75, 1.75)),
    )  # fmt: skip
    assert boot(told.stage) == ("10.77.0.1", b"lease.0", 5)


# What each program acts on


def test_edk2_knows_no_server_but_siaddr_and_option_54() -> None:
    anonymous = Server(siaddr="0.0.0.0")
    told = tell(
        edk2.discover(at=0), anonymous.offer(file="x", options=[(66, b"10.9.9.9")]), edk2.request(at=4),
        anonymous.ack(options=[(66, b"10.9.9.9")]),
    )  # fmt: skip
    assert boot(told.stage) == ("10.77.0.1", b"x", 4)


def test_ipxe_goes_to_siaddr_only() -> None:
    anonymous = Server(siaddr="0.0.0.0")
    told = tell(ipxe.discover(at=0), anonymous.offer(file="x"), ipxe.request(at=4), anonymous.ack())
    assert told.stage.boot is not None
    assert (told.stage.boot.server, told.stage.boot.file) == (None, b"x")


def test_edk2_takes_the_listed_server_where_no_discovery_is_wanted() -> None:
    listed: Options = [(60, b"PXEClient"), (43, b"\x06\x01\x08\x08\x07\x80\0\x01\x0a\x4d\0\x63\xff")]
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x", options=listed), edk2.request(), dnsmasq.ack(options=listed)
    )
    assert boot(told.stage) == ("10.77.0.99", b"x", 4)


def test_http_boot_takes_the_server_from_its_url() -> None:
    told = tell(
        edk2_http.discover(at=0), dnsmasq.offer(file="http://10.77.0.77/x.efi", options=HTTP), edk2_http.request(at=4),
        dnsmasq.ack(options=HTTP),
    )  # fmt: skip
    assert boot(told.stage) == ("10.77.0.77", b"http://10.77.0.77/x.efi", 4)


def test_u_boot_asks_for_its_own_file_where_none_is_named() -> None:
    named = u_boot.saying(file=b"own.img")
    told = tell(named.discover(at=0), dnsmasq.offer(), named.request(), dnsmasq.ack())
    assert boot(told.stage) == ("10.77.0.1", b"own.img", 3)
    better = tell(named.discover(at=0), dnsmasq.offer(file="theirs"), named.request(), dnsmasq.ack())
    assert boot(better.stage) == ("10.77.0.1", b"theirs", 4)


def test_a_pi_takes_the_file_of_its_lease() -> None:
    told = tell(raspberry.discover(at=0), dnsmasq.offer(file="bootcode.bin"), raspberry.request(at=1), dnsmasq.ack())
    assert boot(told.stage) == ("10.77.0.1", b"bootcode.bin", 4)


@pytest.mark.parametrize(("machine", "scheme"), [(pxe6, b"tftp"), (http6, b"http")])
def test_dhcpv6_names_a_url(machine: object, scheme: bytes) -> None:
    assert machine in (pxe6, http6)
    six = pxe6 if machine is pxe6 else http6
    url = scheme + b"://[fd77::1]/x.efi"
    told = tell(six.solicit(at=0), six.advertise(url=url), six.request(at=5), six.reply(url=url))
    assert boot(told.stage) == ("fd77::1", url, 4)


def test_the_advertise_tells_until_the_reply_does() -> None:
    told = tell(pxe6.solicit(at=0), pxe6.advertise(url=b"tftp://[fd77::1]/x.efi"))
    assert boot(told.stage) == ("fd77::1", b"tftp://[fd77::1]/x.efi", 2)


def test_a_copy_tells_nothing_new() -> None:
    told = tell(
        mirrored(edk2.discover(at=0)), mirrored(dnsmasq.offer(file="x")), mirrored(edk2.request(at=4)),
        mirrored(dnsmasq.ack()),
    )  # fmt: skip
    assert offers(told.exchange) == [("10.77.0.1", True)]
    assert boot(told.stage) == ("10.77.0.1", b"x", 7)


# Limits


def test_offers_beyond_the_cap_stay_as_messages() -> None:
    servers = [Server(f"10.77.1.{number}") for number in range(1, 9)]
    told = tell(
        edk2.discover(at=0), *(server.offer(file="x") for server in servers), limits=Limits(offers_per_exchange=3)
    )
    assert len(told.exchange.offers) == 3
    assert types(told.exchange.messages) == ["DISCOVER"] + ["OFFER"] * 8


def test_names_that_are_cut_off_harm_nothing() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x", options=[(51, b"\1")]),
        changed(together(edk2.request(at=4)), ttl=1), dnsmasq.ack(options=[(54, b"\1\2")]),
    )  # fmt: skip
    assert len(told.exchange.offers) == 1
