from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.frame import decode_frame
from pxedebug.wire.linktypes import SUPPORTED
from pxedebug.wire.neighbours import Arp
from tests.wire.frame_builders import batch_of, ether, ipv4, tcp, udp


def test_a_datagram_a_segment_and_a_neighbour() -> None:
    frames = [
        ether(ipv4(udp(b"offer", 67, 68))),
        ether(ipv4(tcp(b"GET /", 40000, 80), 6)),
        ether(b"\0\1\x08\0\6\4\0\1" + bytes(20), 0x0806),
    ]
    batch = batch_of(frames)
    datagram, segment, neighbour = (decode_frame(batch.rows(row, row + 1)) for row in range(3))
    assert [one.data for one in (datagram, segment, neighbour)] == frames
    assert datagram.packet is not None
    assert (datagram.packet.payload, datagram.segment, datagram.neighbour) == (b"offer", None, None)
    assert segment.segment is not None
    assert (segment.segment.destination_port, segment.segment_payload, segment.packet) == (80, b"GET /", None)
    assert isinstance(neighbour.neighbour, Arp)


@given(st.binary(max_size=120), st.sampled_from([*sorted(SUPPORTED), 147, 999]))
def test_any_bytes_of_any_link_type_are_a_frame(data: bytes, link_type: int) -> None:
    frame = decode_frame(batch_of([data], link_type))
    assert (frame.data, frame.link_type) == (data, link_type)
