"""UDP, TCP and fragments: the last layer, in the order of the fields of `wire.frames`' column classes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.gather import Bytes, pick, select, words
from pxedebug.wire.columns.keys import fold, ipv6_endpoint, mix
from pxedebug.wire.columns.layer import Transport
from pxedebug.wire.columns.protocols import TCP, UDP

__all__ = ["Part", "fragments", "tcp", "udp"]

Part = tuple[NDArray[Any], ...]
"""Columns of some rows, in the order of the fields of their class."""

_UDP_HEADER: Final = 8
_TCP_HEADER: Final = 20
_WORD_MASKS: Final = np.array([0, 0xFF000000, 0xFFFF0000, 0xFFFFFF00, 0xFFFFFFFF], np.uint32)
"""What is left of four bytes when so many of them are captured."""


def udp(packets: Transport, excluded: NDArray[np.bool_] | None = None) -> Part | None:
    """Columns of `Datagrams` (RFC 768): whole datagrams and first fragments whose UDP header is captured.

    A UDP length below 8 gives no row: every receiver drops such a datagram.
    """
    mine = (packets.protocol == UDP) & (packets.layer.captured >= _UDP_HEADER) & (packets.offset == 0)
    if not mine.any():
        return None
    mine &= packets.heads[1] >= np.uint32(_UDP_HEADER << 16)
    if excluded is not None:
        mine &= ~excluded
    packets = packets.take(select(mine))
    layer = packets.layer
    length = (packets.heads[1] >> np.uint32(16)).astype(np.int32) - _UDP_HEADER
    captured = np.minimum(length, layer.captured - _UDP_HEADER)
    return (
        layer.row, packets.network, *_endpoints(packets), layer.start + _UDP_HEADER, length, captured,
        _masked(packets.heads[2], captured), packets.ip_id, packets.more,
    )  # fmt: skip


def tcp(buffer: Bytes, packets: Transport) -> Part | None:
    """Columns of `Segments` (RFC 9293 section 3.1): segments whose fixed header of 20 bytes is captured.

    Options that the snap length cut do not hide the segment; it then has no captured payload.
    """
    mine = (packets.protocol == TCP) & (packets.layer.captured >= _TCP_HEADER) & (packets.offset == 0)
    if not mine.any():
        return None
    header = (packets.heads[3] >> np.uint32(28) << np.uint32(2)).astype(np.int32)
    rows = select(mine & (header >= _TCP_HEADER) & (header <= packets.layer.wire))
    packets, header = packets.take(rows), pick(header, rows)
    payload = packets.layer.after(header)
    captured = np.maximum(payload.captured, 0)
    return (
        payload.row, packets.network, *_endpoints(packets), payload.start, payload.wire, captured,
        _tcp_words(buffer, payload.start, captured), packets.heads[1], packets.heads[2],
        (packets.heads[3] >> np.uint32(16)).astype(np.uint8),
    )  # fmt: skip


def _tcp_words(buffer: Bytes, start: NDArray[np.int64], captured: NDArray[np.int32]) -> NDArray[np.uint32]:
    """The first four payload bytes of the segments that carry any."""
    found = np.zeros(len(start), np.uint32)
    rows = np.flatnonzero(captured)
    found[rows] = words(buffer, start[rows], 1)[0]
    return _masked(found, captured)


def fragments(packets: Transport) -> Part | None:
    """Columns of `Fragments`: every piece of a fragmented UDP datagram of which at least the IP header is captured."""
    pieces = (packets.offset > 0) | packets.more
    if not pieces.any():
        return None
    packets = packets.take(select(pieces & (packets.protocol == UDP) & (packets.layer.wire > 0)))
    layer = packets.layer
    identity = packets.ip_id.astype(np.uint64) << np.uint64(8) | packets.protocol
    key = mix(fold(packets.source, packets.destination) ^ identity)
    return (
        layer.row, packets.network, key, packets.offset, layer.start, layer.wire, np.maximum(layer.captured, 0),
        packets.more,
    )  # fmt: skip


def _endpoints(packets: Transport) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    source, destination = packets.heads[0] >> np.uint32(16), packets.heads[0] & np.uint32(0xFFFF)
    if packets.version == 4:
        return packets.source | source, packets.destination | destination
    return (
        ipv6_endpoint(packets.source, source.astype(np.uint64)),
        ipv6_endpoint(packets.destination, destination.astype(np.uint64)),
    )


def _masked(word: NDArray[np.uint32], captured: NDArray[np.int32]) -> NDArray[np.uint32]:
    """Only captured bytes of the payload's first word; those behind belong to padding or another frame."""
    few = captured < 4
    if not few.any():
        return word
    return word & np.where(few, _WORD_MASKS.take(captured, mode="clip"), _WORD_MASKS[-1])
