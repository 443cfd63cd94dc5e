"""Which decoder a link type has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from pxedebug.wire import linktypes
from pxedebug.wire.columns import cooked, wlan
from pxedebug.wire.columns.ethernet import ethernet
from pxedebug.wire.columns.gather import Bytes, distinct
from pxedebug.wire.columns.layer import Layer, Network
from pxedebug.wire.columns.protocols import IPV4, IPV6

__all__ = ["decode_link", "has_decoder"]

Decoder = Callable[[Bytes, Layer], Network]

_DECODERS: Final[dict[int, Decoder]] = {
    linktypes.LINKTYPE_ETHERNET: ethernet,
    linktypes.LINKTYPE_NULL: cooked.bsd_loopback,
    linktypes.LINKTYPE_LOOP: cooked.bsd_loopback,
    linktypes.LINKTYPE_IEEE802_5: cooked.token_ring,
    linktypes.LINKTYPE_PPP: cooked.ppp_frames,
    linktypes.LINKTYPE_PPP_HDLC: cooked.ppp_frames,
    linktypes.LINKTYPE_C_HDLC: cooked.cisco_hdlc,
    linktypes.LINKTYPE_RAW: cooked.raw_ip,
    linktypes.LINKTYPE_RAW_BSD: cooked.raw_ip,
    linktypes.LINKTYPE_RAW_OPENBSD: cooked.raw_ip,
    linktypes.LINKTYPE_IPV4: lambda _, frames: cooked.fixed(frames, IPV4),
    linktypes.LINKTYPE_IPV6: lambda _, frames: cooked.fixed(frames, IPV6),
    linktypes.LINKTYPE_LINUX_SLL: cooked.linux_sll,
    linktypes.LINKTYPE_LINUX_SLL2: cooked.linux_sll2,
    linktypes.LINKTYPE_IEEE802_11: wlan.ieee80211,
    linktypes.LINKTYPE_IEEE802_11_RADIOTAP: lambda buffer, frames: wlan.ieee80211(
        buffer, *wlan.radiotap(buffer, frames)
    ),
}


def has_decoder(link_type: int) -> bool:
    """True for the link types of `linktypes.SUPPORTED`."""
    return link_type in _DECODERS or link_type == linktypes.LINKTYPE_PPI


def decode_link(buffer: Bytes, frames: Layer, link_type: int) -> Network:
    """The network headers of frames of one link type; protocol 0 where the type is unknown.

    PPI is stepped over once: a PPI header inside another is not decoded.
    """
    if link_type == linktypes.LINKTYPE_PPI:
        return _inside_ppi(buffer, frames)
    decoder = _DECODERS.get(link_type)
    return cooked.fixed(frames, 0) if decoder is None else decoder(buffer, frames)


def _inside_ppi(buffer: Bytes, frames: Layer) -> Network:
    inner, kinds = wlan.ppi(buffer, frames)
    found = cooked.fixed(inner, 0)
    for kind in distinct(kinds):
        decoder = _DECODERS.get(int(kind))
        if decoder is None:
            continue
        rows = np.flatnonzero(kinds == kind)
        found.put(rows, decoder(buffer, inner.take(rows)))
    return found
