"""Neighbour frames: what switches, routers and hosts around a booting client say that explains its silence or delay.

One captured frame comes in, one frozen event goes out: ARP, ICMP errors, IPv6 router and neighbour discovery, spanning
tree, LACP, LLDP, CDP, 802.1X, VRRP, HSRP and IGMP, one small module each. Frames of other kinds give None.
"""

from __future__ import annotations

from pxedebug.wire.neighbours.arp import Arp
from pxedebug.wire.neighbours.bpdu import Bpdu
from pxedebug.wire.neighbours.cdp import Cdp
from pxedebug.wire.neighbours.dispatch import NeighbourEvent, decode
from pxedebug.wire.neighbours.eapol import Eapol
from pxedebug.wire.neighbours.hsrp import Hsrp
from pxedebug.wire.neighbours.icmp import IcmpError, QuotedDatagram
from pxedebug.wire.neighbours.igmp import Igmp
from pxedebug.wire.neighbours.lacp import Lacp, LacpState
from pxedebug.wire.neighbours.lldp import Lldp
from pxedebug.wire.neighbours.ndp import (
    NeighbourAdvertisement,
    NeighbourSolicitation,
    Prefix,
    RouterAdvertisement,
    RouterSolicitation,
)
from pxedebug.wire.neighbours.vrrp import Vrrp

__all__ = [
    "Arp",
    "Bpdu",
    "Cdp",
    "Eapol",
    "Hsrp",
    "IcmpError",
    "Igmp",
    "Lacp",
    "LacpState",
    "Lldp",
    "NeighbourAdvertisement",
    "NeighbourEvent",
    "NeighbourSolicitation",
    "Prefix",
    "QuotedDatagram",
    "RouterAdvertisement",
    "RouterSolicitation",
    "Vrrp",
    "decode",
]
