"""Rows of columns as objects: the few packets of a batch that are looked at one by one.

Everything here copies out of the batch's buffer, so what it returns outlives the batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.ip import ipv6_extension_length
from pxedebug.wire.columns.protocols import IPV6_EXTENSIONS
from pxedebug.wire.frames import Columns
from pxedebug.wire.linkheader import read_link
from pxedebug.wire.packet import Address, Packet, address

__all__ = ["SegmentEndpoints", "read_packet", "read_packets", "segment_endpoints", "segment_payload"]


_PORT = 0xFFFF
"""The port in an `endpoint_key`."""


class SegmentEndpoints(NamedTuple):
    """Who sent a TCP segment to whom."""

    source: Address
    destination: Address
    source_port: int
    destination_port: int
    source_mac: bytes
    """Six bytes, or empty where the link type has none."""
    destination_mac: bytes
    vlans: tuple[int, ...]
    ttl: int
    """IPv4 time to live or IPv6 hop limit."""


def read_packet(columns: Columns, index: int) -> Packet:
    """The datagram in row `index` of `columns.datagrams`; of a first fragment, what that fragment holds."""
    rows, batch = columns.datagrams, columns.batch
    row = int(rows.row[index])
    return _packet(
        batch.buffer.data, int(batch.ref[row]), int(batch.time[row]), int(batch.interface[row]), int(columns.link[row]),
        int(columns.link_type[row]), int(rows.network[index]), int(rows.source[index]) & _PORT,
        int(rows.destination[index]) & _PORT, int(rows.payload[index]), int(rows.length[index]),
        int(rows.captured[index]), int(rows.ip_id[index]),
    )  # fmt: skip


def read_packets(columns: Columns, indices: NDArray[np.integer] | Iterable[int]) -> list[Packet]:
    """The datagrams in rows `indices` of `columns.datagrams`, in that order: many at once cost less than one by one."""
    chosen = np.asarray(indices if isinstance(indices, np.ndarray) else list(indices), np.intp)
    rows, batch = columns.datagrams, columns.batch
    row, port = rows.row[chosen], np.uint64(_PORT)
    view = batch.buffer.data
    fields = (
        batch.ref[row], batch.time[row], batch.interface[row], columns.link[row], columns.link_type[row],
        rows.network[chosen], rows.source[chosen] & port, rows.destination[chosen] & port, rows.payload[chosen],
        rows.length[chosen], rows.captured[chosen], rows.ip_id[chosen],
    )  # fmt: skip
    return [_packet(view, *values) for values in zip(*(field.tolist() for field in fields), strict=True)]


def segment_payload(columns: Columns, index: int) -> bytes:
    """The captured payload of the segment in row `index` of `columns.segments`."""
    start = int(columns.segments.payload[index])
    return columns.batch.buffer[start : start + int(columns.segments.captured[index])].tobytes()


def segment_endpoints(columns: Columns, index: int) -> SegmentEndpoints:
    """Addresses, ports and MAC addresses of the segment in row `index` of `columns.segments`."""
    rows, view = columns.segments, columns.batch.buffer.data
    row, network = int(rows.row[index]), int(rows.network[index])
    start = _transport_offset(view, network)
    ports = bytes(view[start : start + 4])
    link = read_link(view, int(columns.link[row]), int(columns.link_type[row]), network)
    source, destination = _addresses(view, network)
    return SegmentEndpoints(
        source, destination, ports[0] << 8 | ports[1], ports[2] << 8 | ports[3], *link, _ttl(view, network)
    )


def _addresses(view: memoryview, network: int) -> tuple[Address, Address]:
    """Source and destination of the IP header at `network`."""
    if view[network] >> 4 == 4:
        return address(bytes(view[network + 12 : network + 16])), address(bytes(view[network + 16 : network + 20]))
    return address(bytes(view[network + 8 : network + 24])), address(bytes(view[network + 24 : network + 40]))


def _ttl(view: memoryview, network: int) -> int:
    """Time to live or hop limit of the IP header at `network`."""
    return view[network + 8] if view[network] >> 4 == 4 else view[network + 7]


def _transport_offset(view: memoryview, network: int) -> int:
    """Where the transport header starts behind the IP header at `network`, which the engine has found sound."""
    if view[network] >> 4 == 4:
        return network + (view[network] & 15) * 4
    kind, start = view[network + 6], network + 40
    while kind in IPV6_EXTENSIONS:
        length = ipv6_extension_length(kind, view[start + 1])
        kind, start = view[start], start + length
    return start


def _packet(
    view: memoryview, ref: int, time: int, interface: int, link: int, link_type: int, network: int, source_port: int,
    destination_port: int, payload: int, length: int, captured: int, ip_id: int,
) -> Packet:  # fmt: skip
    frame, ip = bytes(view[link : payload + captured]), network - link
    if frame[ip] >> 4 == 4:
        source, destination, ttl = address(frame[ip + 12 : ip + 16]), address(frame[ip + 16 : ip + 20]), frame[ip + 8]
    else:
        source, destination, ttl = address(frame[ip + 8 : ip + 24]), address(frame[ip + 24 : ip + 40]), frame[ip + 7]
    source_mac, destination_mac, vlans = read_link(frame, 0, link_type, ip)
    return Packet(
        ref, time, source, destination, source_port, destination_port, source_mac, destination_mac, vlans, interface,
        ttl, ip_id, frame[payload - link :], length,
    )  # fmt: skip
