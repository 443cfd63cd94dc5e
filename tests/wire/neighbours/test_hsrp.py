from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import Hsrp
from pxedebug.wire.neighbours.hsrp import decode_hsrp

VERSION_1 = b"\0\0\x10\3\x0a\x6e\7\0cisco\0\0\0\x0a\0\0\1"


def version_2(ip_version: int, shared: bytes, state: int = 6) -> bytes:
    times = (3000).to_bytes(4) + (10000).to_bytes(4)
    head = bytes((1, 40, 2, 0, state, ip_version)) + (300).to_bytes(2) + bytes(6) + (110).to_bytes(4)
    return head + times + shared.ljust(16, b"\0")


def test_version_1() -> None:
    assert decode_hsrp(VERSION_1) == Hsrp(1, "active", 7, 110, IPv4Address("10.0.0.1"))


def test_version_2_over_both_ip_versions() -> None:
    assert decode_hsrp(version_2(4, b"\x0a\0\0\1")) == Hsrp(2, "active", 300, 110, IPv4Address("10.0.0.1"))
    six = IPv6Address("fe80::5:73ff:fea0:1")
    assert decode_hsrp(version_2(6, six.packed, 5)) == Hsrp(2, "standby", 300, 110, six)


def test_states_that_nobody_defined_are_numbered() -> None:
    found = decode_hsrp(VERSION_1[:2] + b"\x03" + VERSION_1[3:])
    assert found is not None
    assert found.state == "state-3"


def test_advertisements_are_none_and_short_messages_malformed() -> None:
    assert decode_hsrp(b"\0\3" + VERSION_1[2:]) is None
    assert decode_hsrp(b"\x09" + VERSION_1[1:]) is None
    for data in (b"", VERSION_1[:19], version_2(4, b"")[:41]):
        with pytest.raises(MalformedFrame):
            decode_hsrp(data)
