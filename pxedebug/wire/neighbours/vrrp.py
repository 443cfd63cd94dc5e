"""VRRP advertisements: two routers share a gateway address (RFC 3768 section 5, RFC 9568 section 5)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours.ip import Datagram
from pxedebug.wire.packet import Address, address

__all__ = ["Vrrp", "decode_vrrp"]


class Vrrp(NamedTuple):
    """One advertisement of the router that is active now."""

    version: int
    """2 or 3."""
    router_id: int
    priority: int
    """255 owns the address, 0 gives it up."""
    addresses: tuple[Address, ...]
    """The shared addresses."""


def decode_vrrp(packet: Datagram) -> Vrrp | None:
    """The advertisement in an IP packet, None for other types. Raises MalformedFrame when too short."""
    body = packet.payload
    if len(body) < 8:
        raise MalformedFrame(f"VRRP packet of {len(body)} bytes")
    version, kind = body[0] >> 4, body[0] & 0xF
    if version not in (2, 3) or kind != 1:
        return None
    size = 16 if packet.version == 6 else 4
    held = min(body[3], (len(body) - 8) // size)
    return Vrrp(
        version, body[1], body[2], tuple(address(body[8 + n * size : 8 + n * size + size]) for n in range(held))
    )
