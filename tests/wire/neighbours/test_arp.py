from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import Arp
from pxedebug.wire.neighbours.arp import decode_arp

WHO_HAS = bytes.fromhex("0001 0800 0604 0001 525400770020 0a4d0073 000000000000 0a4d0001")


def test_a_request() -> None:
    assert decode_arp(WHO_HAS) == Arp(
        1, bytes.fromhex("525400770020"), IPv4Address("10.77.0.115"), bytes(6), IPv4Address("10.77.0.1")
    )


def test_speaking_of_the_own_address_is_gratuitous() -> None:
    own = decode_arp(WHO_HAS[:24] + WHO_HAS[14:18])
    assert own is not None
    assert own.gratuitous
    asked = decode_arp(WHO_HAS)
    assert asked is not None
    assert not asked.gratuitous


def test_other_protocols_are_none() -> None:
    assert decode_arp(WHO_HAS[:2] + b"\x86\xdd" + WHO_HAS[4:]) is None


@pytest.mark.parametrize("length", [0, 7, 8, 27])
def test_a_cut_packet_is_malformed(length: int) -> None:
    with pytest.raises(MalformedFrame):
        decode_arp(WHO_HAS[:length])
