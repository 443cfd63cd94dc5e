"""Classes of offers, their effective file and server."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.firmware.offers import (
    boot_file,
    boot_url_address,
    is_proxy,
    next_server,
    offer_class,
    pxe_suboptions,
    server_identity,
)
from pxedebug.firmware.programs import OfferClass, Program
from pxedebug.wire.dhcp import DhcpMessage, build_message, decode_message
from tests.firmware.messages import offer, server

PXE = (60, b"PXEClient")
MULTICAST = b"\1\4\xe0\0\0\1\2\2\0\x44\3\2\0\x45\4\1\1\5\1\0"
BOOT_DIRECTLY = b"\6\1\x08"
BOOT_SERVERS = b"\x08\x07\x80\0\1\x0a\x4d\0\x09"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([PXE, (43, BOOT_DIRECTLY + b"\xff")], OfferClass.PXE10),
        ([PXE, (43, b"\x0a\x04\0Boo\xff")], OfferClass.PXE10),
        ([PXE, (43, MULTICAST + b"\xff")], OfferClass.WFM11A),
        ([PXE, (43, MULTICAST + BOOT_DIRECTLY + b"\xff")], OfferClass.PXE10),
        ([PXE, (43, b"\1\4\0\0\0\0\xff")], OfferClass.BINL),
        ([PXE], OfferClass.BINL),
        ([(60, b"HTTPClient")], OfferClass.DHCP_ONLY),
        ([(43, BOOT_DIRECTLY)], OfferClass.DHCP_ONLY),
        ([], OfferClass.DHCP_ONLY),
    ],
)
def test_edk2s_classes(options: list[tuple[int, bytes]], expected: OfferClass) -> None:
    assert offer_class(offer(*options)) is expected


def test_a_reply_without_message_type_is_bootp() -> None:
    assert offer_class(server([], file=b"boot.img")) is OfferClass.BOOTP


def test_suboptions_stop_where_a_length_runs_past_the_end() -> None:
    assert pxe_suboptions(offer(PXE, (43, b"\0\6\1\x03\x08\x20\1"))) == {6: b"\x03"}
    assert pxe_suboptions(offer(PXE, (43, b"\6"))) == {}
    assert pxe_suboptions(offer(PXE)) == {}


def test_a_proxy_offers_no_address_but_boot_data() -> None:
    assert is_proxy(offer(PXE, yiaddr="0.0.0.0"))
    assert is_proxy(offer(yiaddr="0.0.0.0", file=b"pxelinux.0"))
    assert not is_proxy(offer(yiaddr="0.0.0.0"))
    assert not is_proxy(offer(PXE))
    assert not is_proxy(server([(53, b"\5"), PXE], yiaddr="0.0.0.0"))


def test_option_67_wins_over_the_header() -> None:
    assert boot_file(offer((67, b"a.efi\0"), file=b"b.efi")) == b"a.efi"
    assert boot_file(offer(file=b"b.efi")) == b"b.efi"
    assert boot_file(offer()) is None
    assert boot_file(offer((67, b"\0"), file=b"b.efi")) is None


def test_a_nul_inside_the_name_stays_visible() -> None:
    assert boot_file(offer((67, b"a.efi\0junk\0\0"))) == b"a.efi\0junk"


def test_an_overloaded_header_field_names_no_file() -> None:
    assert boot_file(offer((52, b"\1"), file=b"\x0c\4host\xff")) is None
    assert boot_file(offer((52, b"\2"), file=b"b.efi")) == b"b.efi"
    assert boot_file(offer((52, b"\1"), file=b"\x43\5a.efi\xff")) == b"a.efi"


def test_each_program_looks_for_the_server_in_its_own_places() -> None:
    without = offer((66, b"10.0.0.9"), file=b"a.efi")
    assert next_server(without, Program.EDK2) == IPv4Address("10.77.0.1")
    assert next_server(without, Program.IPXE) is None
    assert next_server(without, Program.U_BOOT) is None
    assert next_server(without, Program.PXELINUX) == IPv4Address("10.77.0.1")
    named = offer(siaddr="10.0.0.5", file=b"a.efi")
    assert {next_server(named, program) for program in Program} == {IPv4Address("10.0.0.5")}


def test_edk2_takes_the_listed_boot_server_when_told_to_boot_directly() -> None:
    listed = offer(PXE, (43, BOOT_DIRECTLY + BOOT_SERVERS + b"\xff"), siaddr="10.0.0.5", file=b"a.efi")
    assert next_server(listed, Program.EDK2) == IPv4Address("10.77.0.9")
    assert next_server(listed, Program.IPXE) == IPv4Address("10.0.0.5")
    discovery = offer(PXE, (43, b"\6\1\x03" + BOOT_SERVERS + b"\xff"), siaddr="10.0.0.5")
    assert next_server(discovery, Program.EDK2) == IPv4Address("10.0.0.5")
    any_server = offer(PXE, (43, BOOT_DIRECTLY + b"\x08\x03\x80\0\0\xff"), siaddr="10.0.0.5")
    assert next_server(any_server, Program.EDK2) == IPv4Address("10.0.0.5")


def test_a_url_names_its_server_to_those_who_read_urls() -> None:
    url = offer((67, b"http://10.0.0.7:8080/boot.ipxe"), siaddr="10.0.0.5")
    assert next_server(url, Program.IPXE) == IPv4Address("10.0.0.7")
    assert next_server(url, Program.EDK2) == IPv4Address("10.0.0.5")
    name = offer((67, b"http://boot.example/boot.ipxe"), siaddr="10.0.0.5")
    assert next_server(name, Program.IPXE) == IPv4Address("10.0.0.5")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b"tftp://10.0.0.7/x", IPv4Address("10.0.0.7")),
        (b"http://user:secret@10.0.0.7:80/x", IPv4Address("10.0.0.7")),
        (b"http://[fd77::1]:80/x", IPv6Address("fd77::1")),
        (b"http://boot.example/x", None),
        (b"http://[fd77::zz]/x", None),
        (b"http://\xff\xfe/x", None),
        (b"pxelinux.0", None),
        (b"://10.0.0.7/x", None),
    ],
)
def test_the_host_of_a_boot_url(file: bytes, expected: IPv4Address | None) -> None:
    assert boot_url_address(file) == expected


def test_a_server_is_option_54_else_where_the_reply_came_from() -> None:
    source = IPv4Address("10.88.0.1")
    assert server_identity(offer(), source) == IPv4Address("10.77.0.1")
    assert server_identity(server([(53, b"\2"), (54, b"\1\2")]), source) == source


def _same_answers(message: DhcpMessage) -> None:
    assert offer_class(message) in OfferClass
    assert boot_file(message) != b""
    for program in Program:
        assert (
            next_server(message, program) != IPv4Address(0) or boot_url_address(boot_file(message) or b"") is not None
        )
    assert is_proxy(message) in (True, False)
    assert server_identity(message, IPv4Address(1)) != IPv4Address(0)


@given(st.binary(min_size=44, max_size=700))
def test_any_bytes_get_answers(payload: bytes) -> None:
    try:
        message = decode_message(b"\2\1\6" + payload)
    except MalformedFrame:
        return
    _same_answers(message)


@given(st.dictionaries(st.sampled_from([43, 52, 53, 54, 60, 66, 67]), st.binary(max_size=60)), st.binary(max_size=128))
def test_any_option_values_get_answers(options: dict[int, bytes], file: bytes) -> None:
    _same_answers(decode_message(build_message(options.items(), op=2, file=file)))
