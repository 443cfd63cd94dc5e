"""Link layers that are little more than a label: Linux cooked, BSD loopback, raw IP, PPP, Cisco HDLC, Token Ring."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.encapsulation import ppp, unwrap
from pxedebug.wire.columns.gather import Bytes, windows, words
from pxedebug.wire.columns.layer import Layer, Network
from pxedebug.wire.columns.protocols import IPV4, IPV6, LLC

__all__ = [
    "bsd_loopback", "cisco_hdlc", "fixed", "linux_sll", "linux_sll2", "ppp_frames", "raw_ip", "token_ring",
]  # fmt: skip

_LLC_FRAME: Final = 4
"""Protocol of a Linux cooked header before an IEEE 802.2 header (`ETH_P_802_2`)."""
_AF_INET: Final = 2
_AF_INET6: Final = (10, 24, 28, 30)
"""AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, macOS."""


def linux_sll(buffer: Bytes, frames: Layer) -> Network:
    """LINKTYPE_LINUX_SLL: packet type, ARPHRD type, address length, address, protocol; 16 bytes."""
    head = words(buffer, frames.start, 4)
    # The address field begins at byte 6.
    mac = _mac_tail(head[1], head[2])
    return _cooked(buffer, frames, 16, head[3] & np.uint32(0xFFFF), mac, head[1] >> np.uint32(16))


def linux_sll2(buffer: Bytes, frames: Layer) -> Network:
    """LINKTYPE_LINUX_SLL2: protocol, interface index, ARPHRD type, packet type, address length, address; 20 bytes."""
    head = words(buffer, frames.start, 5)
    mac = _mac_head(head[3], head[4])
    return _cooked(buffer, frames, 20, head[0] >> np.uint32(16), mac, head[2] & np.uint32(0xFF))


def _cooked(
    buffer: Bytes,
    frames: Layer,
    header: int,
    label: NDArray[np.uint32],
    mac: NDArray[np.uint64],
    address_length: NDArray[np.uint32],
) -> Network:
    """The frames behind a cooked header of `header` bytes that names their protocol `label`."""
    protocol = label.astype(np.int32)
    protocol[label < 0x0600] = 0
    protocol[label == _LLC_FRAME] = LLC
    whole = frames.captured >= header
    return _announced(buffer, frames.after(header), np.where(whole, protocol, 0), mac * (whole & (address_length == 6)))


def bsd_loopback(buffer: Bytes, frames: Layer) -> Network:
    """LINKTYPE_NULL and LINKTYPE_LOOP: a protocol family in whichever byte order gives a small number."""
    family = words(buffer, frames.start, 1)[0]
    family = np.where(family > 0xFFFF, family.byteswap(), family)
    protocol = np.select([family == _AF_INET, np.isin(family, _AF_INET6)], [IPV4, IPV6], 0)
    return _announced(buffer, frames.after(4), np.where(frames.captured >= 4, protocol, 0))


def raw_ip(buffer: Bytes, frames: Layer) -> Network:
    """LINKTYPE_RAW and its older values: the IP header's version says which IP it is."""
    version = windows(buffer, frames.start, 1)[:, 0] >> 4
    protocol = np.select([version == 4, version == 6], [IPV4, IPV6], 0)
    return _announced(buffer, frames, np.where(frames.captured > 0, protocol, 0))


def fixed(frames: Layer, protocol: int) -> Network:
    """Frames that begin with the header of `protocol`."""
    return Network(frames, np.full(len(frames), protocol, np.int32), np.zeros(len(frames), np.uint64))


def ppp_frames(buffer: Bytes, frames: Layer) -> Network:
    """LINKTYPE_PPP and LINKTYPE_PPP_HDLC: address and control bytes, if present, and the protocol (RFC 1662)."""
    head = words(buffer, frames.start, 1)[0]
    framed = head >> np.uint32(16) == 0xFF03
    number = np.where(framed, head & np.uint32(0xFFFF), head >> np.uint32(16))
    header = np.where(framed, 4, 2).astype(np.int32)
    return _announced(buffer, frames.after(header), np.where(frames.captured >= header, ppp(number), 0))


def cisco_hdlc(buffer: Bytes, frames: Layer) -> Network:
    """LINKTYPE_C_HDLC: address, control, EtherType."""
    label = (words(buffer, frames.start, 1)[0] & np.uint32(0xFFFF)).astype(np.int32)
    return _announced(buffer, frames.after(4), np.where((frames.captured >= 4) & (label >= 0x0600), label, 0))


def token_ring(buffer: Bytes, frames: Layer) -> Network:
    """LINKTYPE_IEEE802_5: access and frame control, addresses, an optional routing field, IEEE 802.2."""
    head = words(buffer, frames.start, 4)
    source = _mac_head(head[2], head[3])
    routed = source >> np.uint64(47) != 0
    routing = (head[3] >> np.uint32(8) & np.uint32(0x1F)).astype(np.int32)
    header = 14 + np.where(routed, routing, 0).astype(np.int32)
    is_llc = head[0] >> np.uint32(22) & np.uint32(3) == 1
    protocol = np.where(is_llc & (frames.captured >= header), LLC, 0)
    # The top bit of the source says that a routing field follows; it is no part of the address.
    mac = (source & np.uint64(0x7FFF_FFFF_FFFF)) * (frames.captured >= 14)
    return _announced(buffer, frames.after(header), protocol, mac)


def _mac_head(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The address in one word and the first two bytes of the next."""
    return first.astype(np.uint64) << np.uint64(16) | second >> np.uint32(16)


def _mac_tail(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The address in the last two bytes of one word and the next."""
    return (first & np.uint32(0xFFFF)).astype(np.uint64) << np.uint64(32) | second


def _announced(
    buffer: Bytes, layer: Layer, protocol: NDArray[np.generic], mac: NDArray[np.uint64] | None = None
) -> Network:
    layer, followed = unwrap(buffer, layer, protocol.astype(np.int32))
    return Network(layer, followed, np.zeros(len(layer), np.uint64) if mac is None else mac)
