"""The way of a batch through the layers: link, network, transport, and once more for what tunnels carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.batch import Batch
from pxedebug.wire.columns import neighbours, transport
from pxedebug.wire.columns.ethernet import ethernet
from pxedebug.wire.columns.gather import ALL, Bytes, distinct, pick, select
from pxedebug.wire.columns.ip import ipv4, ipv6
from pxedebug.wire.columns.layer import Layer, Network, Transport
from pxedebug.wire.columns.link import decode_link
from pxedebug.wire.columns.protocols import ETHERNET_INSIDE, IPV4, IPV6, SPECIAL, SPECIAL_PORTS
from pxedebug.wire.columns.transport import Part
from pxedebug.wire.columns.tunnels import Inside, inside
from pxedebug.wire.linktypes import LINKTYPE_ETHERNET, LINKTYPE_RAW, SUPPORTED

__all__ = ["Decoded", "decode", "merge"]

_LARGE_BLOCK: Final = 24 << 20
MAX_TUNNELS: Final = 4
"""Tunnels within tunnels that are followed."""


@dataclass(slots=True)
class Decoded:
    """What the layers of one batch gave; the lists hold a part for each way that frames took."""

    network: NDArray[np.int64]
    mac: NDArray[np.uint64]
    link: NDArray[np.int64]
    """Buffer offset of each frame's innermost link header."""
    link_type: NDArray[np.int32]
    """Link type of that header."""
    datagrams: list[Part] = field(default_factory=list)
    segments: list[Part] = field(default_factory=list)
    fragments: list[Part] = field(default_factory=list)
    neighbours: list[NDArray[np.int64]] = field(default_factory=list)
    unsupported: dict[int, int] = field(default_factory=dict)


def decode(batch: Batch) -> Decoded:
    """Decode all frames of `batch`; never raises on any bytes."""
    _keep_heap()
    rows = np.arange(len(batch), dtype=np.int64)
    frames = Layer(rows, batch.offset, batch.captured, np.maximum(batch.wire_length, batch.captured))
    unsupported: dict[int, int] = {}
    network = _links(batch, frames, unsupported)
    found = Decoded(_offsets(network), network.mac, batch.offset, batch.link_type, unsupported=unsupported)
    for _ in range(MAX_TUNNELS + 1):
        tunnelled = _packets(found, batch.buffer, network)
        if not tunnelled:
            break
        network = _enter(found, batch.buffer, tunnelled)
    return found


@cache
def _keep_heap() -> None:
    """Let glibc keep freed columns instead of handing them back to the system after every batch.

    Freeing one large block raises malloc's thresholds for mapping and trimming (mallopt(3), M_MMAP_THRESHOLD); without
    this, page faults take as long as the decoding. The block is never touched, so it costs no memory.
    """
    np.empty(_LARGE_BLOCK, np.uint8)


def merge(parts: list[Part], frames: int) -> Part | None:
    """One part of several, in frame order; no two parts may hold the same row (of `frames` in the batch)."""
    parts = [part for part in parts if len(part[0])]
    if len(parts) <= 1:
        return parts[0] if parts else None
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    # Rows are distinct, so a scatter sorts them.
    slot = np.full(frames, -1, np.int64)
    slot[columns[0]] = np.arange(len(columns[0]))
    order = slot[slot >= 0]
    return tuple(pick(column, order) for column in columns)


def _links(batch: Batch, frames: Layer, unsupported: dict[int, int]) -> Network:
    """The network headers of all frames, whatever mixture of link types they have."""
    kinds = batch.link_type
    if len(kinds) and bool((kinds == LINKTYPE_ETHERNET).all()):
        return ethernet(batch.buffer, frames)
    whole = Network(
        Layer(frames.row, frames.start.copy(), frames.captured.copy(), frames.wire.copy()),
        np.zeros(len(frames), np.int32),
        np.zeros(len(frames), np.uint64),
    )
    for kind in distinct(kinds):
        rows = np.flatnonzero(kinds == kind)
        if int(kind) not in SUPPORTED:
            unsupported[int(kind)] = len(rows)
            continue
        whole.put(rows, decode_link(batch.buffer, frames.take(rows), int(kind)))
    return whole


def _offsets(network: Network) -> NDArray[np.int64]:
    known = (network.protocol != 0) & (network.layer.captured > 0)
    return network.layer.start if known.all() else np.where(known, network.layer.start, -1)


def _packets(found: Decoded, buffer: Bytes, network: Network) -> list[Inside]:
    """Sort out the packets of one depth; what tunnels carry is returned."""
    tunnelled: list[Inside] = []
    layer = network.layer
    version4 = network.protocol == IPV4
    if version4.any():
        # Frames that are not IPv4 are carried along when they are few: that costs less than to leave them out.
        rows = ALL if 2 * np.count_nonzero(version4) > len(version4) else np.flatnonzero(version4)
        heads = None if network.heads is None else pick(network.heads, rows)
        _transports(found, buffer, ipv4(buffer, layer.take(rows), heads, version4[rows]), tunnelled)
    if version4.all():
        return tunnelled
    found.neighbours += neighbours.links(network)
    version6 = network.protocol == IPV6
    if version6.any():
        _transports(found, buffer, ipv6(buffer, layer.take(select(version6))), tunnelled)
    return tunnelled


def _transports(found: Decoded, buffer: Bytes, packets: Transport, tunnelled: list[Inside]) -> None:
    excluded = None
    if SPECIAL.take(packets.protocol).any() or SPECIAL_PORTS.take(packets.heads[0] & np.uint32(0xFFFF)).any():
        found.neighbours += neighbours.packets(packets)
        tunnels = inside(buffer, packets)
        if tunnels is not None:
            tunnelled.append(tunnels[0])
            excluded = tunnels[1]
    for parts, part in (
        (found.datagrams, transport.udp(packets, excluded)),
        (found.segments, transport.tcp(buffer, packets)),
        (found.fragments, transport.fragments(packets)),
    ):
        if part is not None:
            parts.append(part)


def _enter(found: Decoded, buffer: Bytes, tunnelled: list[Inside]) -> Network:
    """The network headers inside tunnels; link header, MAC address and network offset of their frames move inwards."""
    layers = [part.layer for part in tunnelled]
    layer = Layer(
        np.concatenate([part.row for part in layers]),
        np.concatenate([part.start for part in layers]),
        np.concatenate([part.captured for part in layers]),
        np.concatenate([part.wire for part in layers]),
    )
    protocol = np.concatenate([part.protocol for part in tunnelled])
    framed = np.flatnonzero(protocol == ETHERNET_INSIDE)
    # A packet without an Ethernet header of its own has no MAC address: the tunnel's says nothing of the client.
    network = Network(layer, protocol, np.zeros(len(layer.row), np.uint64))
    found.link, found.link_type, found.mac = found.link.copy(), found.link_type.copy(), found.mac.copy()
    found.link[layer.row], found.link_type[layer.row] = layer.start, LINKTYPE_RAW
    if len(framed):
        found.link_type[layer.row[framed]] = LINKTYPE_ETHERNET
        network.put(framed, ethernet(buffer, layer.take(framed)))
    found.mac[layer.row] = network.mac
    offsets = _offsets(network)
    known = offsets >= 0
    found.network = found.network.copy()
    found.network[layer.row[known]] = offsets[known]
    return network
