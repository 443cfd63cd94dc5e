"""Frames inside packets: GRE, ERSPAN, VXLAN and IP in IP, each step giving the network headers of what is inside."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.gather import Bytes, words
from pxedebug.wire.columns.layer import Layer, Transport
from pxedebug.wire.columns.protocols import (
    ETHERNET_INSIDE,
    GRE,
    IPIP,
    IPV4,
    IPV6,
    IPV6_IN_IP,
    UDP,
    VXLAN_PORTS,
    table,
)

__all__ = ["Inside", "inside"]

_TUNNELS: Final = table(256, (GRE, IPIP, IPV6_IN_IP))
_TRANSPARENT_ETHERNET: Final = 0x6558
_ERSPAN_12: Final = 0x88BE
_ERSPAN_3: Final = 0x22EB
_CHECKSUM, _ROUTING, _KEY, _SEQUENCE = 0x8000, 0x4000, 0x2000, 0x1000


class Inside(NamedTuple):
    """Packets that hold another frame."""

    layer: Layer
    """The first header of the inner frame."""
    protocol: NDArray[np.int32]
    """EtherType of the inner packet, or `ETHERNET_INSIDE`."""


def inside(buffer: Bytes, packets: Transport) -> tuple[Inside, NDArray[np.bool_]] | None:
    """What tunnels among `packets` carry, and which of the packets those are; None when there is no tunnel."""
    first = packets.offset == 0
    tunnels = _TUNNELS.take(packets.protocol) & first
    vxlan = _vxlan(packets, first)
    carriers = np.flatnonzero(tunnels | vxlan)
    if len(carriers) == 0:
        return None
    chosen = packets.take(carriers)
    header = np.zeros(len(carriers), np.int32)
    protocol = np.select([chosen.protocol == IPIP, chosen.protocol == IPV6_IN_IP], [IPV4, IPV6], 0).astype(np.int32)
    header[vxlan[carriers]], protocol[vxlan[carriers]] = 16, ETHERNET_INSIDE
    gre = np.flatnonzero(chosen.protocol == GRE)
    header[gre], protocol[gre] = _gre(buffer, chosen.layer.take(gre))
    whole = (protocol != 0) & (chosen.layer.captured >= header)
    excluded = np.zeros(len(packets.network), np.bool_)
    excluded[carriers[whole]] = True
    return Inside(chosen.layer.after(header).take(np.flatnonzero(whole)), protocol[whole]), excluded


def _vxlan(packets: Transport, first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """UDP datagrams to the VXLAN port whose header says that a network identifier is present (RFC 7348 section 5)."""
    port = packets.heads[0] & np.uint32(0xFFFF)
    found: NDArray[np.bool_] = (packets.protocol == UDP) & np.isin(port, VXLAN_PORTS)
    if not found.any():
        return found
    found &= first & (packets.layer.captured >= 16) & (packets.heads[2] >> np.uint32(24) == 8)
    return found


def _gre(buffer: Bytes, layer: Layer) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Header length and protocol of GRE version 0 (RFC 2784, RFC 2890), ERSPAN included; protocol 0 if unknown."""
    first = words(buffer, layer.start, 1)[0]
    flags, kind = first >> np.uint32(16), (first & np.uint32(0xFFFF)).astype(np.int32)
    optional = np.sum([(flags & bit != 0).astype(np.int32) for bit in (_CHECKSUM, _KEY, _SEQUENCE)], axis=0)
    length = (4 + 4 * optional).astype(np.int32)
    protocol = np.where(np.isin(kind, (IPV4, IPV6)), kind, 0).astype(np.int32)
    protocol[np.isin(kind, (_TRANSPARENT_ETHERNET, _ERSPAN_12, _ERSPAN_3))] = ETHERNET_INSIDE
    # ERSPAN type II has a sequence number and a header of 8 bytes, type I has neither.
    length[(kind == _ERSPAN_12) & (flags & _SEQUENCE != 0)] += 8
    third = np.flatnonzero(kind == _ERSPAN_3)
    if len(third):
        length[third], protocol[third] = _erspan_3(buffer, layer.take(third), length[third])
    protocol[(flags & (_ROUTING | 7) != 0) | (layer.captured < 4)] = 0
    return length, protocol


def _erspan_3(buffer: Bytes, layer: Layer, gre: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """ERSPAN type III (draft-foschiano-erspan-03 section 4.3): 12 bytes, 8 more with the O bit; the frame type is
    in the last word."""
    last = words(buffer, layer.start + gre + 8, 1)[0]
    platform = (last & np.uint32(1)).astype(np.int32)
    frame_type = last >> np.uint32(10) & np.uint32(0x1F)
    return gre + 12 + 8 * platform, np.where(frame_type == 0, ETHERNET_INSIDE, 0).astype(np.int32)
