"""Ethernet frames: the fast path of nearly every capture."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.encapsulation import unwrap
from pxedebug.wire.columns.gather import Bytes, words
from pxedebug.wire.columns.layer import Layer, Network
from pxedebug.wire.columns.protocols import IPV4, TAGGED, WRAPPED

__all__ = ["ethernet"]

_HEADER: Final = 14
_TAG: Final = 4
# Words that begin 12 bytes before the network header hold addresses and ports of IPv4 whole: the end of the link header
# (source address, EtherType), a VLAN tag, IPv4, and the first 16 bytes of what it carries.
_BEFORE: Final = 12
_WORDS: Final = 13


def ethernet(buffer: Bytes, frames: Layer) -> Network:
    """Ethernet II with any VLAN tags, PPPoE sessions and IEEE 802.2 inside (IEEE 802.3 clause 3)."""
    heads = words(buffer, frames.start + (_HEADER - _BEFORE), _WORDS)
    mac = heads[1].astype(np.uint64) << np.uint64(16)
    mac |= heads[2] >> np.uint32(16)
    protocol = (heads[2] & np.uint32(0xFFFF)).astype(np.int32)
    network = Network(frames.after(_HEADER), protocol, mac, heads[_BEFORE // 4 :])
    short = frames.captured < _HEADER
    if short.any():
        protocol[short], mac[short] = 0, 0
    if not (protocol == IPV4).all():
        _untag(network)
        _unwrap(buffer, network, np.flatnonzero(WRAPPED.take(network.protocol) & ~short))
    return network


def _untag(network: Network) -> None:
    """Step over the outermost VLAN tag, which is in the words that have been read already."""
    heads = network.heads
    tagged = TAGGED.take(network.protocol) & (network.layer.captured >= _TAG)
    if heads is None or not tagged.any():
        return
    network.protocol = np.where(tagged, heads[0] & np.uint32(0xFFFF), network.protocol).astype(np.int32)
    network.layer = network.layer.after(tagged.astype(np.int32) * _TAG)
    if tagged.all():
        network.heads = heads[1:]
        return
    for word, following in pairwise(heads):
        np.copyto(word, following, where=tagged)


def _unwrap(buffer: Bytes, network: Network, rows: NDArray[np.intp]) -> None:
    """Move the frames in `rows` from what stands behind their Ethernet header to their network header."""
    if len(rows) == 0 or network.heads is None:
        return
    layer, protocol = unwrap(buffer, network.layer.take(rows), network.protocol[rows])
    network.put(rows, Network(layer, protocol, network.mac[rows]))
    ipv4 = protocol == IPV4
    network.heads[:, rows[ipv4]] = words(buffer, layer.start[ipv4], len(network.heads))
