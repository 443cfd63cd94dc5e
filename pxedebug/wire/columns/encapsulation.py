"""What may stand between a link header and the network header: VLAN tags, IEEE 802.2 (LLC, SNAP), PPPoE and PPP."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.gather import Bytes, words
from pxedebug.wire.columns.layer import Layer
from pxedebug.wire.columns.protocols import CISCO, IPV4, IPV6, LLC, PPPOE_SESSION, STP, VLAN_TAGS

__all__ = ["ppp", "unwrap"]

_MAX_DEPTH: Final = 6
"""Headers unwrapped at most: more than two tags, a PPPoE header and LLC occurs only in forged frames."""
_MAX_LENGTH: Final = 1500
"""Largest value of the EtherType field that is a length instead (IEEE 802.3 clause 3.2.6)."""
_SNAP: Final = 0xAAAA0300
_OUI_ETHERNET: Final = (0x000000, 0x0000F8)
"""SNAP organisation codes under which the protocol is an EtherType: RFC 1042 and IEEE 802.1H."""
_OUI_CISCO: Final = 0x00000C

Protocols = NDArray[np.int32]


def unwrap(buffer: Bytes, layer: Layer, protocol: Protocols) -> tuple[Layer, Protocols]:
    """Follow `protocol` through the headers that begin at `layer` to the network header: its layer and protocol.

    The protocol is 0 where a header is cut or unknown. The arrays passed in stay as they are.
    """
    layer = Layer(layer.row, layer.start.copy(), layer.captured.copy(), layer.wire.copy())
    protocol = np.where(protocol <= _MAX_LENGTH, LLC, protocol).astype(np.int32)
    for _ in range(_MAX_DEPTH):
        pending = np.isin(protocol, (*VLAN_TAGS, PPPOE_SESSION, LLC))
        if not pending.any():
            return layer, protocol
        rows = np.flatnonzero(pending)
        length, following = _one_header(buffer, layer.take(rows), protocol[rows])
        layer.start[rows] += length
        layer.captured[rows] -= length
        layer.wire[rows] -= length
        protocol[rows] = following
    protocol[np.isin(protocol, (*VLAN_TAGS, PPPOE_SESSION, LLC))] = 0
    return layer, protocol


def _one_header(buffer: Bytes, layer: Layer, protocol: Protocols) -> tuple[Protocols, Protocols]:
    """The length of one header and the protocol after it."""
    head = words(buffer, layer.start, 2)
    first, second = head[0], head[1]
    length = np.full(len(layer), 4, np.int32)
    following = (first & np.uint32(0xFFFF)).astype(np.int32)
    following[following <= _MAX_LENGTH] = LLC
    sessions = protocol == PPPOE_SESSION
    length[sessions] = 8
    # RFC 2516 section 4: version 1, type 1, code 0, session, length; the PPP protocol follows.
    following[sessions] = np.where(first >> np.uint32(16) == 0x1100, ppp(second & np.uint32(0xFFFF)), 0)[sessions]
    lengths, inside = _llc(first, second)
    llc = protocol == LLC
    length[llc], following[llc] = lengths[llc], inside[llc]
    following[layer.captured < length] = 0
    # An unknown header, or a BPDU, is itself the end.
    length[following == 0] = 0
    return length, following


def ppp(protocol: NDArray[np.uint32]) -> Protocols:
    """The EtherType of a PPP protocol number (IANA PPP DLL protocol numbers), 0 where it is neither IPv4 nor IPv6."""
    return np.select([protocol == 0x0021, protocol == 0x0057], [IPV4, IPV6], 0).astype(np.int32)


def _llc(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> tuple[Protocols, Protocols]:
    """Length and following protocol of IEEE 802.2 headers given their first eight bytes (RFC 1042)."""
    oui = (first & np.uint32(0xFF)) << np.uint32(16) | second >> np.uint32(16)
    number = (second & np.uint32(0xFFFF)).astype(np.int32)
    snap = first & np.uint32(0xFFFFFF00) == _SNAP
    bpdu = first >> np.uint32(16) == 0x4242
    following = np.select(
        [bpdu, snap & np.isin(oui, _OUI_ETHERNET), snap & (oui == _OUI_CISCO)], [STP, number, number | CISCO], 0
    )
    return np.where(snap, 8, 0).astype(np.int32), following.astype(np.int32)
