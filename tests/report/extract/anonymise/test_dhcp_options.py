"""DHCP options by code."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.anonymise.dhcp_options import OptionRewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from tests.report.extract.anonymise.parts import identities

MAC = bytes.fromhex("3cecef012345")
HOST = ip_address("10.77.0.1").packed
PXE = b"PXEClient:Arch:00007:UNDI:003016"


def rewriter() -> tuple[OptionRewriter, Identities, Names]:
    who = identities()
    said = Names(who)
    return OptionRewriter(who, said), who, said


def option(code: int, value: bytes, vendor_class: bytes | None = None) -> bytes:
    return rewriter()[0].option(code, value, vendor_class)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (60, PXE), (60, b"HTTPClient:Arch:00016:UNDI:003001"), (60, b"U-Boot.armv8"), (60, b"AAPLBSDPC/i386"),
        (77, b"iPXE"), (77, b"\4iPXE"), (93, b"\0\7"), (94, b"\1\3\x10"), (55, bytes(range(30))), (57, b"\5\xc0"),
        (43, bytes.fromhex("060108ff")), (43, bytes.fromhex("470400000000ff")), (208, bytes.fromhex("f100747e")),
        (175, bytes.fromhex("1601012a01011101011801012301012201011901012101011001010ceb03010000"[:44])),
        (56, b"no address available"), (97, b"\0" + bytes(16)),
    ],
)  # fmt: skip
def test_what_rules_read_stays(code: int, value: bytes) -> None:
    assert option(code, value, PXE) == value


def test_lists_of_addresses_and_routes() -> None:
    options, who, _ = rewriter()
    host = who.ip(HOST)
    assert options.option(6, HOST * 2, None) == host * 2
    route = options.option(121, b"\x18\x0a\x4d\x05" + HOST + b"\0" + HOST, None)
    assert route[:1] + route[4:9] == b"\x18" + host + b"\0"
    assert route[1:4] == who.ip(ip_address("10.77.5.9").packed)[:3]
    assert options.option(150, HOST, None) == host
    assert options.option(150, b"tower", None) != b"tower"


def test_pxe_s_boot_servers_and_menu_keep_their_structure() -> None:
    options, who, said = rewriter()
    menu = b"\0\0\5local\x80\0\6berlin"
    old = bytes((8, 7)) + b"\x80\0\1" + HOST + bytes((9, len(menu))) + menu + bytes((10, 7)) + b"\x0aPress!" + b"\xff"
    new = options.option(43, old, PXE)
    assert new == (
        bytes((8, 7)) + b"\x80\0\1" + who.ip(HOST)
        + bytes((9, len(menu))) + b"\0\0\5local\x80\0\6" + said.text(b"berlin")
        + bytes((10, 7)) + b"\x0a" + said.text(b"Press!") + b"\xff"
    )  # fmt: skip


def test_another_maker_s_option_43_keeps_codes_and_lengths_only() -> None:
    assert option(43, b"\1\4acme\2\1x", b"Acme phone") == b"\1\4" + bytes(4) + b"\2\1\0"


def test_a_relay_s_words_are_replaced_and_addresses_in_them_too() -> None:
    options, who, _ = rewriter()
    port, switch = b"\1\6\0\4\0\x2a\1\7", b"\2\x08\0\6" + MAC
    new = options.option(82, port + switch + b"\5\4" + HOST, None)
    assert new[:4] == port[:4]
    assert new[4:8] != port[4:]
    assert new[8:] == b"\2\x08\0\6" + who.mac(MAC) + b"\5\4" + who.ip(HOST)
    name = options.option(82, b"\1\x0aGi1/0/7.42", None)
    assert name[:2] == b"\1\x0a"
    assert name[2:] != b"Gi1/0/7.42"


def test_credentials_of_ipxe_go_and_its_features_stay() -> None:
    new = option(175, b"\x13\1\1\xbe\5admin\xbf\x06hunter", None)
    assert new[:3] == b"\x13\1\1"
    assert b"admin" not in new
    assert b"hunter" not in new


def test_names_of_hosts_and_domains() -> None:
    options, _, said = rewriter()
    host = said.strict(b"tower9")
    assert options.option(81, b"\1\0\0tower9", None) == b"\1\0\0" + host
    assert options.option(81, b"\5\0\0\6tower9\0", None) == b"\5\0\0\6" + host + b"\0"
    assert options.option(119, b"\6tower9\xc0\0", None) == b"\6" + host + b"\xc0\0"


def test_options_of_no_known_meaning_become_zeros() -> None:
    assert option(230, b"secret") == bytes(6)


@given(st.integers(1, 254), st.binary(max_size=60), st.sampled_from((None, PXE, b"Acme")))
def test_every_option_keeps_its_length(code: int, value: bytes, vendor_class: bytes | None) -> None:
    assert len(option(code, value, vendor_class)) == len(value)
