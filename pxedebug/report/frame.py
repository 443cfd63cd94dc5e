"""One frame, taken out of its batch with everything that was decoded in it."""

from __future__ import annotations

from dataclasses import dataclass

from pxedebug.errors import MalformedFrame
from pxedebug.wire import neighbours
from pxedebug.wire.batch import Batch
from pxedebug.wire.frames import decode_batch
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import SegmentEndpoints, read_packet, segment_endpoints, segment_payload

__all__ = ["Frame", "decode_frame"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame copied out of its capture, with the datagram or segment that was found in it."""

    ref: int
    time: int
    """Nanoseconds since the Unix epoch."""
    link_type: int
    wire_length: int
    data: bytes
    packet: Packet | None = None
    """The UDP datagram, None where the frame holds none."""
    segment: SegmentEndpoints | None = None
    """Who sent the TCP segment to whom, None where the frame holds none."""
    segment_payload: bytes = b""
    neighbour: object | None = None
    """The link or network control message (`wire.neighbours`), None where the frame holds none."""


def decode_frame(batch: Batch) -> Frame:
    """The only frame of `batch`, decoded; never raises, whatever the bytes are."""
    columns = decode_batch(batch)
    data, link_type = batch.frame(0), int(batch.link_type[0])
    network = int(columns.network[0])
    try:
        start = int(batch.offset[0])
        neighbour = neighbours.decode(data, link_type, network - start if network >= 0 else -1)
    except MalformedFrame:
        neighbour = None
    return Frame(
        ref=int(batch.ref[0]),
        time=int(batch.time[0]),
        link_type=link_type,
        wire_length=int(batch.wire_length[0]),
        data=data,
        packet=read_packet(columns, 0) if len(columns.datagrams.row) else None,
        segment=segment_endpoints(columns, 0) if len(columns.segments.row) else None,
        segment_payload=segment_payload(columns, 0) if len(columns.segments.row) else b"",
        neighbour=neighbour,
    )
