"""From a captured frame to its neighbour event: one table for what the link announces, one for what IP carries."""

from __future__ import annotations

from collections.abc import Callable

from pxedebug.wire.neighbours import hsrp
from pxedebug.wire.neighbours.arp import Arp, decode_arp
from pxedebug.wire.neighbours.bpdu import Bpdu, decode_bpdu
from pxedebug.wire.neighbours.cdp import Cdp, decode_cdp
from pxedebug.wire.neighbours.eapol import Eapol, decode_eapol
from pxedebug.wire.neighbours.hsrp import Hsrp, decode_hsrp
from pxedebug.wire.neighbours.icmp import IcmpError, decode_icmp
from pxedebug.wire.neighbours.igmp import Igmp, decode_igmp
from pxedebug.wire.neighbours.ip import Datagram, decode_datagram
from pxedebug.wire.neighbours.lacp import Lacp, decode_slow
from pxedebug.wire.neighbours.link import BPDU, CDP, PVST, announced, locate
from pxedebug.wire.neighbours.lldp import Lldp, decode_lldp
from pxedebug.wire.neighbours.ndp import (
    NeighbourAdvertisement,
    NeighbourSolicitation,
    RouterAdvertisement,
    RouterSolicitation,
    decode_discovery,
)
from pxedebug.wire.neighbours.vrrp import Vrrp, decode_vrrp

__all__ = ["NeighbourEvent", "decode"]

NeighbourEvent = (
    Arp
    | IcmpError
    | RouterSolicitation
    | RouterAdvertisement
    | NeighbourSolicitation
    | NeighbourAdvertisement
    | Bpdu
    | Lacp
    | Lldp
    | Cdp
    | Eapol
    | Vrrp
    | Hsrp
    | Igmp
)

_ARP, _IPV4, _IPV6 = 0x0806, 0x0800, 0x86DD
_ICMP, _IGMP, _UDP, _ICMPV6, _VRRP = 1, 2, 17, 58, 112


def decode(frame: bytes, link_type: int, network: int) -> NeighbourEvent | None:
    """The event that the captured `frame` is, or None where it is of no kind that this package knows.

    `link_type` is the LINKTYPE_ value of the interface, `network` the offset of the innermost network header or -1.
    A control frame of the link itself is found from the link header; anything else is read at `network`, which may
    lie inside a tunnel. Raises MalformedFrame for a frame too short for what it announces.
    """
    place = locate(frame, link_type)
    if place is not None and place[0] in _LINK:
        return _LINK[place[0]](frame[place[1] :])
    if place is not None and place[0] == _ARP:
        return decode_arp(frame[place[1] :])
    if 0 <= network < len(frame):
        return _at_network(frame, network)
    if place is not None and place[0] in (_IPV4, _IPV6):
        return _internet(decode_datagram(frame[place[1] :]))
    return None


def _at_network(frame: bytes, network: int) -> NeighbourEvent | None:
    data = frame[network:]
    kind = announced(frame, network)
    if kind in _LINK:
        return _LINK[kind](frame[network + 3 :] if kind == BPDU else data)
    if data[0] >> 4 in (4, 6):
        return _internet(decode_datagram(data))
    return decode_arp(data) if kind == _ARP else None


def _internet(packet: Datagram) -> NeighbourEvent | None:
    if not packet.first:
        return None
    if packet.protocol == _ICMP and packet.version == 4:
        return decode_icmp(packet)
    if packet.protocol == _ICMPV6 and packet.version == 6:
        return decode_icmp(packet) or decode_discovery(packet)
    if packet.protocol == _IGMP:
        return decode_igmp(packet.payload)
    if packet.protocol == _VRRP:
        return decode_vrrp(packet)
    if packet.protocol == _UDP and int.from_bytes(packet.payload[2:4]) in hsrp.PORTS:
        return decode_hsrp(packet.payload[8:])
    return None


def _per_vlan(data: bytes) -> Bpdu | None:
    return decode_bpdu(data, per_vlan=True)


_LINK: dict[int, Callable[[bytes], NeighbourEvent | None]] = {
    BPDU: decode_bpdu,
    PVST: _per_vlan,
    CDP: decode_cdp,
    0x8809: decode_slow,
    0x888E: decode_eapol,
    0x88CC: decode_lldp,
}
