from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours.ip import decode_datagram
from tests.wire.neighbours.frames import ipv4, ipv6


def test_options_and_padding_are_no_payload() -> None:
    plain = ipv4(17, b"payload!")
    packet = decode_datagram(b"\x46" + plain[1:3] + bytes((32,)) + plain[4:20] + bytes(4) + b"payload!" + b"padding")
    assert (packet.payload, packet.protocol, packet.identification) == (b"payload!", 17, 0x1234)


def test_a_later_fragment_has_no_upper_header() -> None:
    packet = ipv4(17, b"data")
    assert decode_datagram(packet).first
    assert not decode_datagram(packet[:6] + b"\x00\x05" + packet[8:]).first


def test_a_total_length_of_zero_takes_all_there_is() -> None:
    packet = ipv4(17, b"data")
    assert decode_datagram(packet[:2] + b"\0\0" + packet[4:]).payload == b"data"


def test_extension_headers_are_stepped_over() -> None:
    hop_by_hop = bytes((60, 0)) + bytes(6)
    destination = bytes((51, 1)) + bytes(14)
    authentication = bytes((44, 1)) + bytes(10)
    fragment = bytes((58, 0, 0, 1)) + bytes(4)
    packet = decode_datagram(ipv6(0, hop_by_hop + destination + authentication + fragment + b"\x85body..."))
    assert (packet.protocol, packet.payload, packet.first) == (58, b"\x85body...", True)


def test_a_later_ipv6_fragment_is_known_as_such() -> None:
    packet = decode_datagram(ipv6(44, bytes((17, 0, 0x05, 0xA9)) + bytes(4) + b"data"))
    assert (packet.protocol, packet.payload, packet.first) == (17, b"data", False)


@pytest.mark.parametrize("data", [b"", b"\x45", b"\x44" + bytes(30), b"\x60" + bytes(38), b"\x50" + bytes(60)])
def test_what_is_no_header_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_datagram(data)


@given(st.binary(max_size=80), st.sampled_from((b"", b"\x45", b"\x60")))
def test_any_bytes_give_a_packet_or_malformed(data: bytes, start: bytes) -> None:
    with contextlib.suppress(MalformedFrame):
        assert len(decode_datagram(start + data).payload) <= len(data)
