from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import IcmpError, QuotedDatagram
from pxedebug.wire.neighbours.icmp import decode_icmp
from pxedebug.wire.neighbours.ip import decode_datagram
from tests.wire.neighbours.frames import ipv4, ipv6, udp

REQUEST = ipv4(17, udp(1024, 69, b"\0\1f\0octet\0"), "10.77.0.115", "10.77.0.1")


def error4(kind: int, code: int, quoted: bytes, rest: bytes = bytes(4)) -> IcmpError:
    found = decode_icmp(decode_datagram(ipv4(1, bytes((kind, code, 0, 0)) + rest + quoted, "10.77.0.1", "10.77.0.115")))
    assert found is not None
    return found


def error6(kind: int, code: int, quoted: bytes, rest: bytes = bytes(4)) -> IcmpError:
    found = decode_icmp(decode_datagram(ipv6(58, bytes((kind, code, 0, 0)) + rest + quoted)))
    assert found is not None
    return found


def test_a_closed_port_quotes_the_request() -> None:
    error = error4(3, 3, REQUEST)
    assert error.port_unreachable
    assert error.unreachable
    assert not error.too_big
    assert (error.source, error.destination) == (IPv4Address("10.77.0.1"), IPv4Address("10.77.0.115"))
    assert error.quoted == QuotedDatagram(
        IPv4Address("10.77.0.115"), IPv4Address("10.77.0.1"), 17, 1024, 69, 0x1234, b"\0\1f\0octet\0"
    )


def test_eight_bytes_of_the_quoted_datagram_are_enough_for_its_ports() -> None:
    quoted = error4(3, 1, REQUEST[:28]).quoted
    assert quoted is not None
    assert (quoted.source_port, quoted.destination_port, quoted.payload) == (1024, 69, b"")


def test_a_quote_that_is_too_short_for_ports_or_for_a_header() -> None:
    quoted = error4(3, 1, REQUEST[:22]).quoted
    assert quoted is not None
    assert quoted.source_port is None
    assert error4(3, 1, REQUEST[:10]).quoted is None
    assert error4(3, 1, b"").quoted is None


def test_a_quoted_later_fragment_has_no_ports() -> None:
    quoted = error4(11, 1, REQUEST[:6] + b"\x00\x10" + REQUEST[8:]).quoted
    assert quoted is not None
    assert (quoted.source_port, quoted.destination_port, quoted.payload) == (None, None, b"")


def test_too_big_tells_the_mtu() -> None:
    assert error4(3, 4, REQUEST, b"\0\0\x05\x78").mtu == 1400
    assert error4(3, 4, REQUEST).mtu is None
    six = error6(2, 0, ipv6(17, udp(547, 546, b"")), b"\0\0\x05\x00")
    assert (six.mtu, six.too_big, six.unreachable) == (1280, True, False)


def test_ipv6_errors() -> None:
    error = error6(1, 4, ipv6(17, udp(2070, 69, b"x"), "fd77::2", "fd77::1"))
    assert error.port_unreachable
    assert error.quoted is not None
    assert (error.quoted.source, error.quoted.destination_port) == (IPv6Address("fd77::2"), 69)
    assert error6(3, 0, b"").time_exceeded


def test_time_exceeded() -> None:
    error = error4(11, 0, REQUEST)
    assert error.time_exceeded
    assert not error.unreachable


def test_other_messages_are_none_and_short_ones_malformed() -> None:
    assert decode_icmp(decode_datagram(ipv4(1, b"\x08\0" + bytes(10)))) is None
    with pytest.raises(MalformedFrame):
        decode_icmp(decode_datagram(ipv4(1, b"\3\3\0\0")))
