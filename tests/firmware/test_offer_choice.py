"""Which of several offers each program takes, and who gives it file and server."""

from __future__ import annotations

from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.firmware.offer_choice import choose_boot_source, choose_offer, usable
from pxedebug.firmware.programs import Program
from tests.firmware.messages import ack, client, offer, server

PXE = (60, b"PXEClient")
HTTP = (60, b"HTTPClient")
DISCOVERY = (43, b"\6\1\x08\xff")
MENU_DONE = (43, b"\x47\4\x80\0\0\0\xff")

PLAIN = offer()
WITH_FILE = offer(siaddr="10.0.0.5", file=b"a.efi")
OTHER_FILE = offer(siaddr="10.0.0.6", file=b"b.efi")
BINL = offer(PXE)
PXE10 = offer(PXE, DISCOVERY, siaddr="10.0.0.5", file=b"c.efi")
PROXY_BINL = offer(PXE, yiaddr="0.0.0.0")
PROXY_PXE10 = offer(PXE, DISCOVERY, yiaddr="0.0.0.0", siaddr="10.0.0.8", file=b"p.efi")
ALL = [PLAIN, WITH_FILE, OTHER_FILE, BINL, PXE10, PROXY_BINL, PROXY_PXE10]


def test_edk2_wants_boot_information_from_one_side() -> None:
    assert not usable(PLAIN, Program.EDK2, proxies_present=False)
    assert usable(PLAIN, Program.EDK2, proxies_present=True)
    assert usable(WITH_FILE, Program.EDK2, proxies_present=False)
    assert usable(BINL, Program.EDK2, proxies_present=False)


def test_edk2_discards_multicast_only_offers() -> None:
    multicast = b"\1\4\xe0\0\0\1\2\2\0\x44\3\2\0\x45\4\1\1\5\1\0\xff"
    assert not usable(offer(PXE, (43, multicast), file=b"a.efi"), Program.EDK2, proxies_present=False)


def test_others_take_any_address_but_never_a_proxys() -> None:
    assert usable(PLAIN, Program.IPXE, proxies_present=False)
    assert usable(PLAIN, Program.INTEL_ROM, proxies_present=False)
    assert not usable(PROXY_PXE10, Program.IPXE, proxies_present=True)
    assert not usable(PROXY_PXE10, Program.EDK2, proxies_present=True)


def test_http_boot_wants_its_class_and_a_url_it_can_resolve() -> None:
    assert usable(offer(HTTP, (67, b"http://10.0.0.5/a.efi")), Program.EDK2_HTTP, proxies_present=False)
    assert not usable(offer((67, b"http://10.0.0.5/a.efi")), Program.EDK2_HTTP, proxies_present=False)
    assert not usable(offer(HTTP, (67, b"a.efi")), Program.EDK2_HTTP, proxies_present=False)
    named = (67, b"http://boot.example/a.efi")
    assert not usable(offer(HTTP, named), Program.EDK2_HTTP, proxies_present=False)
    assert usable(offer(HTTP, named, (6, b"\x0a\0\0\2")), Program.EDK2_HTTP, proxies_present=False)


def test_two_servers_edk2_takes_the_first_and_ipxe_the_last() -> None:
    assert choose_offer([WITH_FILE, OTHER_FILE], Program.EDK2) == 0
    assert choose_offer([WITH_FILE, OTHER_FILE], Program.IPXE) == 1
    assert choose_offer([WITH_FILE, OTHER_FILE], Program.U_BOOT) == 0


def test_edk2_passes_over_an_earlier_offer_without_a_file_and_ipxe_does_not() -> None:
    assert choose_offer([PLAIN, WITH_FILE], Program.EDK2) == 1
    assert choose_offer([WITH_FILE, PLAIN], Program.IPXE) == 1


def test_edk2_ranks_classes_before_arrival() -> None:
    assert choose_offer([WITH_FILE, BINL, PXE10], Program.EDK2) == 2
    assert choose_offer([WITH_FILE, BINL], Program.EDK2) == 1
    assert choose_offer([BINL, PLAIN, PROXY_PXE10], Program.EDK2) == 1
    assert choose_offer([PROXY_BINL, PLAIN, BINL], Program.EDK2) == 2
    assert choose_offer([PROXY_BINL, PLAIN], Program.EDK2) == 1


def test_a_higher_priority_wins_with_ipxe() -> None:
    preferred = offer((175, b"\xb0\1\1\1\1\5"))
    assert choose_offer([preferred, WITH_FILE], Program.IPXE) == 0
    assert choose_offer([offer((175, b"\1\1\xff")), WITH_FILE, offer((175, b"\1\1\xfe"))], Program.IPXE) == 1


def test_no_usable_offer_is_no_choice() -> None:
    assert choose_offer([], Program.IPXE) is None
    assert choose_offer([PLAIN, PROXY_PXE10], Program.EDK2_HTTP) is None
    assert choose_offer([PROXY_BINL], Program.EDK2) is None


def test_without_proxies_the_ack_tells() -> None:
    accepted = ack(siaddr="10.0.0.5", file=b"a.efi")
    found = choose_boot_source(Program.EDK2, accepted)
    assert (found.file, found.server) == (b"a.efi", IPv4Address("10.0.0.5"))
    assert found.file_from is found.server_from is accepted


def test_a_proxy_with_discovery_data_beats_the_ack() -> None:
    found = choose_boot_source(Program.EDK2, ack(siaddr="10.0.0.5", file=b"a.efi"), [PROXY_PXE10])
    assert (found.file, found.server, found.file_from) == (b"p.efi", IPv4Address("10.0.0.8"), PROXY_PXE10)


def test_the_answer_from_port_4011_beats_the_proxy_offer_and_the_menus_choice_comes_last() -> None:
    asked = server([(53, b"\5"), PXE], yiaddr="0.0.0.0", siaddr="10.0.0.8", file=b"q.efi")
    chosen = server([(53, b"\5"), PXE, MENU_DONE], yiaddr="0.0.0.0", siaddr="10.0.0.9", file=b"item.efi")
    assert choose_boot_source(Program.EDK2, ack(), [PROXY_BINL], [asked]).file == b"q.efi"
    found = choose_boot_source(Program.EDK2, ack(), [PROXY_BINL], [asked, chosen])
    assert (found.file, found.server) == (b"item.efi", IPv4Address("10.0.0.9"))


def test_an_ack_with_discovery_data_makes_edk2_pass_over_proxies() -> None:
    accepted = ack(PXE, DISCOVERY, siaddr="10.0.0.5", file=b"c.efi")
    assert choose_boot_source(Program.EDK2, accepted, [PROXY_PXE10]).file == b"c.efi"
    assert choose_boot_source(Program.IPXE, accepted, [PROXY_PXE10]).file == b"p.efi"


def test_ipxe_takes_a_missing_server_from_another_reply() -> None:
    accepted = ack(siaddr="10.0.0.5")
    proxy = offer(PXE, yiaddr="0.0.0.0", file=b"undionly.kpxe")
    found = choose_boot_source(Program.IPXE, accepted, [proxy])
    assert (found.file, found.file_from) == (b"undionly.kpxe", proxy)
    assert (found.server, found.server_from) == (IPv4Address("10.0.0.5"), accepted)


def test_u_boot_asks_for_its_own_name_when_the_reply_has_none() -> None:
    request = client([(53, b"\3"), (60, b"U-Boot.armv7")], file=b"uImage")
    found = choose_boot_source(Program.U_BOOT, ack(siaddr="10.0.0.5"), request=request)
    assert (found.file, found.server, found.file_from) == (b"uImage", IPv4Address("10.0.0.5"), request)
    assert choose_boot_source(Program.U_BOOT, ack(file=b"other"), request=request).file == b"other"


def test_http_boot_hears_only_http_replies() -> None:
    accepted = ack(HTTP, (67, b"http://10.0.0.5/a.efi"))
    assert choose_boot_source(Program.EDK2_HTTP, accepted, [PROXY_PXE10]).file == b"http://10.0.0.5/a.efi"
    assert choose_boot_source(Program.EDK2_HTTP, ack(file=b"a.efi")).file is None


def test_nothing_accepted_gives_nothing() -> None:
    found = choose_boot_source(Program.EDK2, None)
    assert (found.file, found.server, found.file_from, found.server_from) == (None, None, None, None)


@given(st.lists(st.sampled_from(ALL), max_size=8), st.sampled_from(list(Program)))
def test_a_choice_is_always_a_usable_offer_with_an_address(offers: list[object], program: Program) -> None:
    index = choose_offer(offers, program)  # type: ignore[arg-type]
    if index is not None:
        assert offers[index].yiaddr != IPv4Address(0)  # type: ignore[attr-defined]
