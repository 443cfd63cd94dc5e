"""Who says that an IP address is its own: ARP replies and announcements (RFC 826, RFC 5227)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.diagnose.network import Network
from pxedebug.wire.neighbours import Arp
from pxedebug.wire.packet import Address

__all__ = ["Claim", "answers_for_many", "claims", "is_virtual"]

_VIRTUAL = tuple(
    bytes.fromhex(prefix)
    for prefix in ("00005e0001", "00005e0002", "00000c07ac", "00000c9f", "000573a0", "0007b400", "001c7300")
)
"""VRRP and CARP over IPv4 and IPv6, HSRP 1 and 2, HSRP over IPv6, GLBP, Arista's VARP."""
_MANY = 3


class Claim(NamedTuple):
    """One ARP packet in which a machine claims an address."""

    time: int
    frame: int
    mac: bytes
    """The machine's hardware address, by the ARP packet."""
    to: bytes
    """Whom it answers; empty in an announcement, which is for all."""


def claims(network: Network, address: Address, since: int, until: int) -> list[Claim]:
    """All claims to `address` between two times, in order."""
    found = {}
    for seen in (*network.answered(address, since, until), *network.events(Arp, since, until)):
        arp = seen.event
        if isinstance(arp, Arp) and arp.sender_ip == address and arp.sender_mac not in (bytes(6), b"\xff" * 6):
            found[seen.frame] = Claim(seen.time, seen.frame, arp.sender_mac, b"" if arp.gratuitous else arp.target_mac)
    return sorted(found.values())


def is_virtual(mac: bytes) -> bool:
    """The address of a group of routers, any of which may answer."""
    return mac.startswith(_VIRTUAL)


def answers_for_many(network: Network, mac: bytes) -> bool:
    """The machine answers for several addresses: a router that does proxy ARP (RFC 1027)."""
    number = 0
    for _, answered in network.story.neighbours.resolutions.values():
        number += any(isinstance(seen.event, Arp) and seen.event.sender_mac == mac for seen in answered)
        if number >= _MANY:
            return True
    return False
