"""Which frames are link and network control: the few that say how the network around a boot behaves."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.layer import Network, Transport
from pxedebug.wire.columns.protocols import HSRP_PORTS, ICMP, ICMP6, IGMP, LINK_CONTROL, UDP, VRRP, table

__all__ = ["links", "packets"]

_ICMP_TYPES: Final = table(256, (3, 4, 5, 11))
"""Unreachable, source quench, redirect, time exceeded (RFC 792)."""
_ICMP6_TYPES: Final = table(256, (1, 2, 3, 133, 134, 135, 136))
"""Unreachable, too big, time exceeded (RFC 4443), router and neighbour discovery (RFC 4861)."""
_ALWAYS: Final = table(256, (IGMP, VRRP))


def links(network: Network) -> list[NDArray[np.int64]]:
    """Rows of the control frames that the link layer tells apart."""
    known = LINK_CONTROL.take(network.protocol) & (network.layer.captured > 0)
    return [network.layer.row[known]] if known.any() else []


def packets(found: Transport) -> list[NDArray[np.int64]]:
    """Rows of the control packets among IP packets: ICMP of the kinds that matter, IGMP, VRRP, HSRP."""
    protocol, kind = found.protocol, found.heads[0] >> np.uint32(24)
    wanted = _ALWAYS.take(protocol)
    wanted |= (protocol == ICMP) & _ICMP_TYPES.take(kind)
    wanted |= (protocol == ICMP6) & _ICMP6_TYPES.take(kind)
    wanted |= (protocol == UDP) & np.isin(found.heads[0] & np.uint32(0xFFFF), HSRP_PORTS)
    wanted &= (found.offset == 0) & (found.layer.captured >= 4)
    return [found.layer.row[wanted]] if wanted.any() else []
