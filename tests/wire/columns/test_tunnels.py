from __future__ import annotations

import struct

import pytest

from pxedebug.wire.frames import decode_batch
from pxedebug.wire.packets import read_packet
from tests.wire.frame_builders import CLIENT_MAC, SERVER_MAC, batch_of, ether, ipv4, ipv6, udp

OUTER = bytes.fromhex("0e0000000001")
INNER = ipv4(udp(b"data", 67, 68), source="192.0.2.1", destination="192.0.2.2")
FRAME = ether(INNER, vlans=[42])


def gre(payload: bytes, kind: int, *optional: int) -> bytes:
    """GRE with the flag bits `optional`, each of which brings four bytes."""
    return struct.pack("!HH", sum(optional), kind) + bytes(4 * len(optional)) + payload


def vxlan(frame: bytes) -> bytes:
    return udp(b"\x08\0\0\0\0\0\x2a\0" + frame, 50000, 4789)


def outer(payload: bytes, protocol: int) -> bytes:
    frame = ether(ipv4(payload, protocol, source="10.9.9.1", destination="10.9.9.2"), vlans=[7])
    return frame[:6] + OUTER + frame[12:]


ERSPAN_3 = b"\x20\x2a" + bytes(10)
WITH_ETHERNET = [
    outer(gre(FRAME, 0x6558), 47),
    outer(gre(FRAME, 0x6558, 0x2000), 47),
    outer(gre(FRAME, 0x6558, 0x8000, 0x2000), 47),
    outer(gre(FRAME, 0x88BE), 47),
    outer(gre(bytes(8) + FRAME, 0x88BE, 0x1000), 47),
    outer(gre(ERSPAN_3 + FRAME, 0x22EB, 0x1000), 47),
    outer(gre(ERSPAN_3[:-1] + b"\x01" + bytes(8) + FRAME, 0x22EB, 0x1000), 47),
    outer(vxlan(FRAME), 17),
    outer(vxlan(ether(ipv4(gre(FRAME, 0x6558), 47))), 17),
]


@pytest.mark.parametrize("frame", WITH_ETHERNET)
def test_the_innermost_frame_counts(frame: bytes) -> None:
    columns = decode_batch(batch_of([frame, ether(INNER)]))
    packet = read_packet(columns, 0)
    assert (str(packet.source), packet.source_port, packet.payload) == ("192.0.2.1", 67, b"data")
    assert (packet.source_mac, packet.destination_mac, packet.vlans) == (SERVER_MAC, CLIENT_MAC, (42,))
    assert columns.mac.tolist() == [int.from_bytes(SERVER_MAC, "big")] * 2
    assert columns.datagrams.row.tolist() == [0, 1]
    assert columns.network.tolist() == columns.datagrams.network.tolist()


@pytest.mark.parametrize(
    "frame",
    [
        outer(gre(INNER, 0x0800), 47),
        outer(gre(INNER, 0x0800, 0x8000), 47),
        outer(INNER, 4),
        outer(ipv6(INNER, 4), 41),
    ],
)
def test_ip_in_ip_has_no_link_header_of_its_own(frame: bytes) -> None:
    packet = read_packet(decode_batch(batch_of([frame])), 0)
    assert (str(packet.source), packet.payload) == ("192.0.2.1", b"data")
    assert (packet.source_mac, packet.vlans) == (b"", ()), "the tunnel's own end is not the client"


@pytest.mark.parametrize(
    "frame",
    [
        outer(gre(INNER, 0x0800)[:3], 47),
        outer(b"\x40\0\x08\0" + bytes(4) + INNER, 47),  # with source routes
        outer(b"\x30\x01\x88\x0b" + bytes(8) + INNER, 47),  # version 1, PPTP
        outer(gre(INNER, 0x1234), 47),
        outer(gre(b"\x20\x2a" + bytes(8) + b"\x08\x00" + INNER, 0x22EB, 0x1000), 47),
    ],
)
def test_what_is_not_understood_gives_no_row(frame: bytes) -> None:
    assert decode_batch(batch_of([frame])).datagrams.row.tolist() == []


def test_the_vxlan_port_without_a_vxlan_header_is_ordinary_udp() -> None:
    columns = decode_batch(batch_of([outer(udp(bytes(40), 4789, 4789), 17), outer(vxlan(FRAME)[:12], 17)]))
    assert columns.datagrams.row.tolist() == [0, 1]


def test_tunnels_within_tunnels_come_to_an_end() -> None:
    packet = INNER
    for _ in range(4):
        packet = ipv4(packet, 4)
    columns = decode_batch(batch_of([ether(packet), ether(ipv4(packet, 4))]))
    assert columns.datagrams.row.tolist() == [0]


def test_control_frames_inside_a_tunnel_are_neighbours() -> None:
    columns = decode_batch(batch_of([outer(gre(ether(bytes(28), 0x0806), 0x6558), 47)]))
    assert columns.neighbours.tolist() == [0]
