"""IPv6 router and neighbour discovery (RFC 4861 section 4)."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network
from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours.ip import Datagram
from pxedebug.wire.packet import Address

__all__ = [
    "NeighbourAdvertisement",
    "NeighbourSolicitation",
    "Prefix",
    "RouterAdvertisement",
    "RouterSolicitation",
    "decode_discovery",
]

_SOURCE_LINK, _TARGET_LINK, _PREFIX, _MTU = 1, 2, 3, 5
_SIZES = {133: 8, 134: 16, 135: 24, 136: 24}


class Prefix(NamedTuple):
    """A prefix information option (RFC 4861 section 4.6.2)."""

    network: IPv6Network
    on_link: bool
    autonomous: bool
    """Hosts may make addresses in it by themselves (SLAAC)."""
    valid_lifetime: int
    """Seconds; 0xffffffff is forever."""
    preferred_lifetime: int


class RouterSolicitation(NamedTuple):
    """Who asks for a router."""

    source: Address
    source_link: bytes | None


class RouterAdvertisement(NamedTuple):
    """What a router offers; without one, a DHCPv6 client has no default route."""

    source: Address
    managed: bool
    """Addresses by DHCPv6 (the M flag)."""
    other: bool
    """Other configuration by DHCPv6 (the O flag)."""
    lifetime: int
    """Seconds for which it is a default router; 0 when it is none."""
    prefixes: tuple[Prefix, ...]
    mtu: int | None
    source_link: bytes | None = None
    preference: int = 0
    """Default router preference, -1 low, 0 medium, 1 high (RFC 4191 section 2.2)."""


class NeighbourSolicitation(NamedTuple):
    """Who asks for the link address of `target`; the source :: checks for a duplicate (RFC 4862 section 5.4)."""

    target: Address
    source: Address
    source_link: bytes | None

    @property
    def duplicate_check(self) -> bool:
        """The sender checks whether `target` is free to take."""
        return self.source == IPv6Address(0)


class NeighbourAdvertisement(NamedTuple):
    """The answer: `target` is at `link`."""

    target: Address
    link: bytes | None
    source: Address
    router: bool
    solicited: bool
    override: bool


Discovery = RouterSolicitation | RouterAdvertisement | NeighbourSolicitation | NeighbourAdvertisement


def decode_discovery(packet: Datagram) -> Discovery | None:
    """The discovery message in an ICMPv6 packet, None for other types. Raises MalformedFrame when too short."""
    body = packet.payload
    kind = body[0] if body else 0
    if kind not in _SIZES:
        return None
    if len(body) < _SIZES[kind]:
        raise MalformedFrame(f"ICMPv6 type {kind} of {len(body)} bytes")
    options = _options(body[_SIZES[kind] :])
    source_link, target_link = _link(options, _SOURCE_LINK), _link(options, _TARGET_LINK)
    if kind == 133:
        return RouterSolicitation(packet.source, source_link)
    if kind == 134:
        return _advertisement(packet.source, body, options, source_link)
    target = IPv6Address(body[8:24])
    if kind == 135:
        return NeighbourSolicitation(target, packet.source, source_link)
    flags = body[4]
    return NeighbourAdvertisement(
        target, target_link, packet.source, bool(flags & 0x80), bool(flags & 0x40), bool(flags & 0x20)
    )


def _options(data: bytes) -> list[tuple[int, bytes]]:
    """Type and data of each whole option; lengths count eight bytes with the two of type and length."""
    options = []
    at = 0
    while at + 2 <= len(data):
        size = data[at + 1] * 8
        if size == 0 or at + size > len(data):
            break
        options.append((data[at], data[at + 2 : at + size]))
        at += size
    return options


def _link(options: list[tuple[int, bytes]], kind: int) -> bytes | None:
    return next((data[:6] for code, data in options if code == kind), None)


def _advertisement(
    source: Address, body: bytes, options: list[tuple[int, bytes]], source_link: bytes | None
) -> RouterAdvertisement:
    flags = body[5]
    mtu = next((int.from_bytes(data[2:6]) for code, data in options if code == _MTU), None)
    return RouterAdvertisement(
        source,
        bool(flags & 0x80),
        bool(flags & 0x40),
        int.from_bytes(body[6:8]),
        tuple(_prefix(data) for code, data in options if code == _PREFIX and len(data) == 30 and data[0] <= 128),
        mtu,
        source_link,
        {0b01: 1, 0b11: -1}.get(flags >> 3 & 0b11, 0),
    )


def _prefix(data: bytes) -> Prefix:
    network = IPv6Network((data[14:30], data[0]), strict=False)
    valid, preferred = int.from_bytes(data[2:6]), int.from_bytes(data[6:10])
    return Prefix(network, bool(data[1] & 0x80), bool(data[1] & 0x40), valid, preferred)
