"""Numbers that the decoder branches on: EtherTypes, IP protocols, ports, and tables that sort them in one look-up."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ARP", "CISCO", "ETHERNET_INSIDE", "GRE", "HSRP_PORTS", "ICMP", "ICMP6", "IGMP", "IPIP", "IPV4", "IPV6",
    "IPV6_EXTENSIONS", "IPV6_IN_IP", "IPV6_SPECIAL", "LINK_CONTROL", "LLC", "NO_PROTOCOL", "PPPOE_SESSION", "SPECIAL",
    "SPECIAL_PORTS", "STP", "TAGGED", "TCP", "UDP", "VLAN_TAGS", "VRRP", "VXLAN_PORTS", "WRAPPED", "table",
]  # fmt: skip

# EtherTypes (IEEE 802 numbers, IANA).
IPV4: Final = 0x0800
ARP: Final = 0x0806
IPV6: Final = 0x86DD
PPPOE_SESSION: Final = 0x8864
VLAN_TAGS: Final = (0x8100, 0x88A8, 0x9100)

# Codes above 16 bits: payloads that are not named by an EtherType.
LLC: Final = 0x1_0000
"""An IEEE 802.2 header follows."""
STP: Final = 0x1_0042
"""A bridge protocol data unit (LLC SAP 0x42, IEEE 802.1D)."""
CISCO: Final = 0x2_0000
"""SNAP with OUI 00-00-0c; the protocol number is added (CDP 0x2000, PVST+ 0x010b)."""
ETHERNET_INSIDE: Final = 0x3_0000
"""A whole Ethernet frame follows (a tunnel's inside)."""

# IP protocol numbers (IANA).
ICMP: Final = 1
IGMP: Final = 2
IPIP: Final = 4
TCP: Final = 6
UDP: Final = 17
IPV6_IN_IP: Final = 41
GRE: Final = 47
ICMP6: Final = 58
VRRP: Final = 112
NO_PROTOCOL: Final = 255
"""Reserved by IANA; stands for a packet that cannot be read."""
VXLAN_PORTS: Final = (4789, 8472)
"""RFC 7348 section 5, and the port that Linux used before and still does by default."""
HSRP_PORTS: Final = (1985, 2029)
"""HSRP over IPv4 (RFC 2281) and IPv6."""
IPV6_EXTENSIONS: Final = (0, 43, 44, 51, 60)
"""Hop-by-hop, routing, fragment, authentication, destination options (RFC 8200 section 4, RFC 4302)."""


def table(size: int, members: tuple[int, ...]) -> NDArray[np.bool_]:
    """A look-up table that is true at `members`."""
    found = np.zeros(size, np.bool_)
    found[list(members)] = True
    return found


TAGGED: Final = table(0x10000, VLAN_TAGS)
WRAPPED: Final = table(0x10000, (*range(0x0600), *VLAN_TAGS, PPPOE_SESSION))
"""EtherTypes behind which another header stands before the network header; lengths (802.3) are among them."""
LINK_CONTROL: Final = table(0x40000, (ARP, 0x8809, 0x88CC, 0x888E, STP, CISCO | 0x010B, CISCO | 0x2000))
"""Protocols of link control frames: ARP, slow protocols (LACP), LLDP, EAPOL, BPDU, PVST+, CDP."""
SPECIAL: Final = table(256, (ICMP, IGMP, IPIP, IPV6_IN_IP, GRE, ICMP6, VRRP))
"""IP protocols that are neither UDP nor TCP and are looked at."""
SPECIAL_PORTS: Final = table(0x10000, (*VXLAN_PORTS, *HSRP_PORTS))
"""Destination ports of UDP datagrams that are more than payload."""
IPV6_SPECIAL: Final = table(256, IPV6_EXTENSIONS)
