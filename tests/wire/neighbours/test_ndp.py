from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import (
    NeighbourAdvertisement,
    NeighbourSolicitation,
    Prefix,
    RouterAdvertisement,
    RouterSolicitation,
)
from pxedebug.wire.neighbours.ip import decode_datagram
from pxedebug.wire.neighbours.ndp import Discovery, decode_discovery
from tests.wire.neighbours.frames import CLIENT, ipv6

ROUTER = IPv6Address("fe80::1")
TARGET = IPv6Address("fd77::115")
SOURCE_LINK, TARGET_LINK = b"\1\1" + CLIENT, b"\2\1" + CLIENT
MTU = b"\5\1\0\0\0\0\x05\xdc"
PREFIX = b"\3\4\x40\xc0\0\0\x0e\x10\0\0\x07\x08\0\0\0\0" + IPv6Address("fd77::").packed


def discovery(body: bytes, source: str = "fe80::1") -> Discovery | None:
    return decode_discovery(decode_datagram(ipv6(58, body, source)))


def test_a_router_advertisement_with_its_options() -> None:
    body = bytes((134, 0, 0, 0, 64, 0xC8, 0x07, 0x08)) + bytes(8) + PREFIX + MTU + SOURCE_LINK
    prefix = Prefix(IPv6Network("fd77::/64"), True, True, 3600, 1800)
    assert discovery(body) == RouterAdvertisement(ROUTER, True, True, 1800, (prefix,), 1500, CLIENT, 1)


def test_a_bare_router_advertisement() -> None:
    bare = discovery(bytes((134, 0, 0, 0, 64, 0x18, 0, 0)) + bytes(8))
    assert bare == RouterAdvertisement(ROUTER, False, False, 0, (), None, None, -1)


def test_a_prefix_longer_than_an_address_is_left_out() -> None:
    body = bytes((134,)) + bytes(15) + PREFIX[:2] + b"\xff" + PREFIX[3:]
    found = discovery(body)
    assert isinstance(found, RouterAdvertisement)
    assert found.prefixes == ()


def test_solicitations() -> None:
    assert discovery(b"\x85" + bytes(7) + SOURCE_LINK) == RouterSolicitation(ROUTER, CLIENT)
    asked = discovery(b"\x87" + bytes(7) + TARGET.packed + SOURCE_LINK)
    assert asked == NeighbourSolicitation(TARGET, ROUTER, CLIENT)


def test_a_solicitation_from_nowhere_checks_for_a_duplicate() -> None:
    found = discovery(b"\x87" + bytes(7) + TARGET.packed, "::")
    assert isinstance(found, NeighbourSolicitation)
    assert found.duplicate_check


def test_a_neighbour_advertisement() -> None:
    found = discovery(b"\x88\0\0\0\x60\0\0\0" + TARGET.packed + TARGET_LINK)
    assert found == NeighbourAdvertisement(TARGET, CLIENT, ROUTER, False, True, True)


@pytest.mark.parametrize("options", [b"\1\0" + CLIENT, b"\1\2" + CLIENT, b"\1"])
def test_options_of_forged_length_end_the_list(options: bytes) -> None:
    assert discovery(b"\x85" + bytes(7) + options) == RouterSolicitation(ROUTER, None)


def test_other_types_are_none_and_short_ones_malformed() -> None:
    assert discovery(b"\x80" + bytes(7)) is None
    assert discovery(b"") is None
    with pytest.raises(MalformedFrame):
        discovery(b"\x86" + bytes(8))
