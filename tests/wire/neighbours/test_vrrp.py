from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import Vrrp
from pxedebug.wire.neighbours.ip import decode_datagram
from pxedebug.wire.neighbours.vrrp import decode_vrrp
from tests.wire.neighbours.frames import ipv4, ipv6


def test_an_advertisement_of_version_2() -> None:
    packet = decode_datagram(ipv4(112, b"\x21\x1a\x78\1\0\1\0\0\x0a\x81\x07\x03" + bytes(8)))
    assert decode_vrrp(packet) == Vrrp(2, 26, 120, (IPv4Address("10.129.7.3"),))


def test_an_advertisement_of_version_3_over_ipv6() -> None:
    packet = decode_datagram(ipv6(112, b"\x31\1\xff\1\0\x64\0\0" + IPv6Address("fe80::9").packed))
    assert decode_vrrp(packet) == Vrrp(3, 1, 255, (IPv6Address("fe80::9"),))


def test_no_more_addresses_than_are_there() -> None:
    found = decode_vrrp(decode_datagram(ipv4(112, b"\x21\1\1\xff\0\1\0\0\x0a\0\0\1\x0a\0")))
    assert found is not None
    assert found.addresses == (IPv4Address("10.0.0.1"),)


def test_other_types_are_none_and_short_ones_malformed() -> None:
    assert decode_vrrp(decode_datagram(ipv4(112, b"\x22" + bytes(11)))) is None
    with pytest.raises(MalformedFrame):
        decode_vrrp(decode_datagram(ipv4(112, b"\x21")))
