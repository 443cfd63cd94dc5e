"""ICMP and ICMPv6 errors that tell why a packet did not arrive, with the packet they quote (RFC 792, RFC 4443)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours.ip import Datagram, decode_datagram
from pxedebug.wire.packet import Address

__all__ = ["IcmpError", "QuotedDatagram", "decode_icmp"]

_ERRORS = {4: (3, 11), 6: (1, 2, 3)}
"""IPv4: unreachable (code 4 of it is too big), time exceeded. IPv6: unreachable, too big, time exceeded."""
_PORTS = (6, 17)


class QuotedDatagram(NamedTuple):
    """The packet that an ICMP error is about, as far as it quotes it."""

    source: Address
    destination: Address
    protocol: int
    """IP protocol number: 17 UDP, 6 TCP."""
    source_port: int | None
    """None where the quote is too short, a later fragment or has no ports."""
    destination_port: int | None
    identification: int = 0
    """IPv4 identification of the quoted packet; 0 in IPv6."""
    payload: bytes = b""
    """The beginning of the quoted UDP payload, often empty (RFC 792 asks for eight bytes of the datagram only)."""


class IcmpError(NamedTuple):
    """An ICMP error message."""

    version: int
    """4 or 6."""
    type: int
    code: int
    source: Address
    """Who complains: the host itself or a router on the way."""
    destination: Address
    mtu: int | None
    """Next-hop MTU in bytes of a too-big message (RFC 1191 section 4); None where it is 0 or does not apply."""
    quoted: QuotedDatagram | None

    @property
    def unreachable(self) -> bool:
        """Destination unreachable, too big excluded."""
        return self.type == (3 if self.version == 4 else 1) and not self.too_big

    @property
    def port_unreachable(self) -> bool:
        """Nobody listens on the port."""
        return (self.version, self.type, self.code) in ((4, 3, 3), (6, 1, 4))

    @property
    def too_big(self) -> bool:
        """The packet is larger than the next hop's MTU and may not be fragmented."""
        return (self.type, self.code) == (3, 4) if self.version == 4 else self.type == 2

    @property
    def time_exceeded(self) -> bool:
        """Hop limit (code 0) or reassembly time (code 1) exceeded."""
        return self.type == (11 if self.version == 4 else 3)


def decode_icmp(packet: Datagram) -> IcmpError | None:
    """The ICMP error in an IP packet, None for other ICMP messages. Raises MalformedFrame when too short."""
    body = packet.payload
    if len(body) < 8:
        raise MalformedFrame(f"ICMP message of {len(body)} bytes")
    kind, code = body[0], body[1]
    if kind not in _ERRORS[packet.version]:
        return None
    mtu = 0
    if packet.version == 6 and kind == 2:
        mtu = int.from_bytes(body[4:8])
    elif packet.version == 4 and (kind, code) == (3, 4):
        mtu = int.from_bytes(body[6:8])
    return IcmpError(packet.version, kind, code, packet.source, packet.destination, mtu or None, _quoted(body[8:]))


def _quoted(data: bytes) -> QuotedDatagram | None:
    try:
        packet = decode_datagram(data)
    except MalformedFrame:
        return None
    source = destination = None
    if packet.first and packet.protocol in _PORTS and len(packet.payload) >= 4:
        source, destination = int.from_bytes(packet.payload[:2]), int.from_bytes(packet.payload[2:4])
    payload = packet.payload[8:] if packet.first and packet.protocol == 17 else b""
    return QuotedDatagram(
        packet.source, packet.destination, packet.protocol, source, destination, packet.identification, payload
    )
