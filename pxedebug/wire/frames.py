"""From a batch of frames to columns of datagrams and segments, with array operations only."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.batch import Batch
from pxedebug.wire.columns import Part, decode, endpoint_key, merge
from pxedebug.wire.columns.gather import distinct

__all__ = ["Columns", "Fragments", "Segments", "Datagrams", "decode_batch", "endpoint_key"]


@dataclass(slots=True)
class Datagrams:
    """UDP datagrams of a batch, whole or the first fragment of one; one row each, in frame order."""

    row: NDArray[np.int64]
    """Row of the frame in the batch."""
    network: NDArray[np.int64]
    """Buffer offset of the (innermost) IP header."""
    source: NDArray[np.uint64]
    """`endpoint_key` of source address and port."""
    destination: NDArray[np.uint64]
    """`endpoint_key` of destination address and port."""
    payload: NDArray[np.int64]
    """Buffer offset of the UDP payload."""
    length: NDArray[np.int32]
    """Payload bytes on the wire by the UDP header's length (offload-sized frames: by the IP length)."""
    captured: NDArray[np.int32]
    """Payload bytes present in this frame (less than `length` in a first fragment or a cut frame)."""
    word: NDArray[np.uint32]
    """First four payload bytes, big-endian, zero-padded when fewer are captured (TFTP: opcode << 16 | block)."""
    ip_id: NDArray[np.uint32]
    """IPv4 identification (IPv6: the fragment header's, else 0)."""
    fragment: NDArray[np.bool_]
    """True for the first fragment of a fragmented datagram."""


@dataclass(slots=True)
class Segments:
    """TCP segments of a batch; one row each, in frame order. Same columns as `Datagrams` where the names agree."""

    row: NDArray[np.int64]
    network: NDArray[np.int64]
    source: NDArray[np.uint64]
    destination: NDArray[np.uint64]
    payload: NDArray[np.int64]
    length: NDArray[np.int32]
    captured: NDArray[np.int32]
    word: NDArray[np.uint32]
    sequence: NDArray[np.uint32]
    acknowledgement: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    """FIN 1, SYN 2, RST 4, PSH 8, ACK 16 (RFC 9293 section 3.1)."""


@dataclass(slots=True)
class Fragments:
    """IP fragments of UDP datagrams, first ones too: what reassembly needs (RFC 791 section 3.2, RFC 8200 section 4.5).

    One row each, in frame order.
    """

    row: NDArray[np.int64]
    network: NDArray[np.int64]
    key: NDArray[np.uint64]
    """Names the datagram: a hash of source, destination, protocol and identification."""
    offset: NDArray[np.int32]
    """Byte offset of this fragment in the datagram's IP payload (the UDP header is at 0)."""
    start: NDArray[np.int64]
    """Buffer offset of the fragment's bytes."""
    length: NDArray[np.int32]
    """Bytes of the fragment on the wire by the IP header."""
    captured: NDArray[np.int32]
    """Bytes of it that the capture holds."""
    more: NDArray[np.bool_]
    """More fragments follow."""


@dataclass(slots=True)
class Columns:
    """What one batch holds, by kind. Rows index the batch."""

    batch: Batch
    datagrams: Datagrams
    segments: Segments
    fragments: Fragments
    neighbours: NDArray[np.int64]
    """Rows of link and network control frames (ARP, ICMP unreachable/too-big, RA, ND, BPDUs, LACP, LLDP, CDP, EAPOL,
    VRRP, HSRP, IGMP), ascending; `wire.neighbours` decodes them one by one. HSRP is UDP and stands here too."""
    mac: NDArray[np.uint64]
    """Source MAC of each frame of the batch as an integer, 0 where the link type has none."""
    network: NDArray[np.int64]
    """Buffer offset of each frame's (innermost) network header, -1 where there is none or it is not understood; that
    of a BPDU is its LLC header."""
    link: NDArray[np.int64]
    """Buffer offset of each frame's innermost link header: the frame's start, unless a tunnel carries Ethernet."""
    link_type: NDArray[np.int32]
    """Link type of that header."""
    unsupported: dict[int, int] = field(default_factory=dict)
    """Link type to number of frames that were not decoded because the link type is not supported."""


Rows = TypeVar("Rows", Datagrams, Segments, Fragments)


def decode_batch(batch: Batch) -> Columns:
    """Decode link, network and transport headers of every frame of `batch`. Never raises on any bytes.

    A header that the capture does not hold wholly gives no row. Tunnels (GRE, ERSPAN, VXLAN, IP in IP) are followed to
    the innermost frame; lengths are those of IP and UDP headers, so link padding never counts as payload.
    """
    found = decode(batch)
    frames = len(batch)
    return Columns(
        batch=batch,
        datagrams=_columns(Datagrams, merge(found.datagrams, frames)),
        segments=_columns(Segments, merge(found.segments, frames)),
        fragments=_columns(Fragments, merge(found.fragments, frames)),
        neighbours=distinct(np.concatenate([np.empty(0, np.int64), *found.neighbours])),
        mac=found.mac,
        network=found.network,
        unsupported=found.unsupported,
        link=found.link,
        link_type=found.link_type,
    )


def _columns(kind: type[Rows], part: Part | None) -> Rows:
    """`part` as a column class; its order is that of the class's fields."""
    if part is None:
        return kind(*(np.empty(0, _dtype(column.type)) for column in fields(kind)))
    return kind(*part)


def _dtype(annotation: object) -> str:
    """The dtype in an annotation such as `NDArray[np.int64]`."""
    return str(annotation).removeprefix("NDArray[np.").removesuffix("]").rstrip("_")
