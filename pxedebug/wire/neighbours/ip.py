"""Just enough of IP to reach the payload of a control packet (RFC 791 section 3.1, RFC 8200 section 4)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.packet import Address, address

__all__ = ["Datagram", "decode_datagram"]

_EXTENSIONS = (0, 43, 60, 135, 139, 140)
"""Hop-by-hop, routing, destination options, mobility, HIP, shim6: next header, then length in eight bytes less one."""
_FRAGMENT = 44
_AUTHENTICATION = 51


class Datagram(NamedTuple):
    """The headers of an IP packet and what follows them."""

    version: int
    protocol: int
    source: Address
    destination: Address
    identification: int
    """IPv4 identification; 0 in IPv6."""
    first: bool
    """Whole, or the first fragment: the payload begins with the upper-layer header."""
    payload: bytes
    """As far as the capture holds it, without link-layer padding."""


def decode_datagram(data: bytes) -> Datagram:
    """The IP packet at the start of `data`. Raises MalformedFrame where no header can be read."""
    version = data[0] >> 4 if data else 0
    if version == 4 and len(data) >= 20:
        return _decode_v4(data)
    if version == 6 and len(data) >= 40:
        return _decode_v6(data)
    raise MalformedFrame(f"no IP header in {len(data)} bytes")


def _decode_v4(data: bytes) -> Datagram:
    header = (data[0] & 0xF) * 4
    total = int.from_bytes(data[2:4])
    if header < 20:
        raise MalformedFrame(f"IPv4 header of {header} bytes")
    # Quotes in ICMP errors and offloaded frames carry a total length of 0 or in host order: then all there is counts.
    end = total if header <= total else len(data)
    offset = int.from_bytes(data[6:8]) & 0x1FFF
    return Datagram(
        4,
        data[9],
        address(data[12:16]),
        address(data[16:20]),
        int.from_bytes(data[4:6]),
        offset == 0,
        data[header:end],
    )


def _decode_v6(data: bytes) -> Datagram:
    length = int.from_bytes(data[4:6])
    end = 40 + length if length else len(data)
    protocol, at, first = data[6], 40, True
    while at + 8 <= min(end, len(data)):
        if protocol == _FRAGMENT:
            first = first and int.from_bytes(data[at + 2 : at + 4]) & 0xFFF8 == 0
            size = 8
        elif protocol == _AUTHENTICATION:
            size = (data[at + 1] + 2) * 4
        elif protocol in _EXTENSIONS:
            size = (data[at + 1] + 1) * 8
        else:
            break
        protocol, at = data[at], at + size
        if not first:
            break
    return Datagram(6, protocol, address(data[8:24]), address(data[24:40]), 0, first, data[at:end])
