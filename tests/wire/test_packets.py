from __future__ import annotations

from ipaddress import ip_address

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.frames import decode_batch
from pxedebug.wire.linktypes import SUPPORTED
from pxedebug.wire.packets import read_packet, read_packets, segment_endpoints, segment_payload
from tests.wire.frame_builders import (
    CLIENT,
    CLIENT6,
    CLIENT_MAC,
    SERVER,
    SERVER6,
    SERVER_MAC,
    batch_of,
    ether,
    extension,
    ipv4,
    ipv6,
    tcp,
    udp,
)


def test_a_packet_says_all_about_its_datagram() -> None:
    frame = ether(ipv4(udp(b"offer", 67, 68), ident=11, ttl=63), vlans=[100, 0, 7])
    packet = read_packet(decode_batch(batch_of([b"", frame])), 0)
    assert (packet.frame, packet.time, packet.interface) == (2, 1000, 0)
    assert (str(packet.source), str(packet.destination)) == (SERVER, CLIENT)
    assert (packet.source_port, packet.destination_port, packet.ttl, packet.ip_id) == (67, 68, 63, 11)
    assert (packet.source_mac, packet.destination_mac, packet.vlans) == (SERVER_MAC, CLIENT_MAC, (100, 7))
    assert (packet.payload, packet.length, packet.cut) == (b"offer", 5, False)


def test_a_packet_outlives_its_buffer() -> None:
    batch = batch_of([ether(ipv4(udp(b"kept")))])
    columns = decode_batch(batch)
    packet, segment = read_packet(columns, 0), decode_batch(batch_of([ether(ipv4(tcp(b"kept"), 6))]))
    payload = segment_payload(segment, 0)
    batch.buffer[:] = 0xEE
    segment.batch.buffer[:] = 0xEE
    assert packet.payload == payload == b"kept"
    assert packet.source_mac == SERVER_MAC


def test_an_ipv6_packet() -> None:
    frame = ether(ipv6(extension(17) + udp(b"reply", 547, 546), 60), 0x86DD)
    packet = read_packet(decode_batch(batch_of([frame])), 0)
    assert (packet.source, packet.destination) == (ip_address(SERVER6), ip_address(CLIENT6))
    assert (packet.source_port, packet.destination_port, packet.ttl, packet.payload) == (547, 546, 64, b"reply")


def test_many_packets_are_those_read_one_by_one() -> None:
    frames = [ether(ipv4(udp(bytes([number]) * number, number)), vlans=[number]) for number in range(1, 6)]
    columns = decode_batch(batch_of(frames))
    wanted = np.array([4, 0, 2])
    assert read_packets(columns, wanted) == [read_packet(columns, int(index)) for index in wanted]
    assert read_packets(columns, []) == []


def test_endpoints_of_a_segment() -> None:
    frames = [
        ether(ipv4(tcp(b"GET /", 40000, 80), 6, options=bytes(8))),
        ether(ipv6(extension(6, 1) + tcp(b"HTTP", 80, 40001), 0), 0x86DD, vlans=[9]),
    ]
    columns = decode_batch(batch_of(frames))
    first, second = segment_endpoints(columns, 0), segment_endpoints(columns, 1)
    assert (str(first.source), first.source_port, first.destination_port) == (SERVER, 40000, 80)
    assert (second.source, second.source_port, second.destination_port) == (ip_address(SERVER6), 80, 40001)
    assert (second.source_mac, second.vlans) == (SERVER_MAC, (9,))
    assert [segment_payload(columns, index) for index in (0, 1)] == [b"GET /", b"HTTP"]


@given(st.lists(st.binary(max_size=120), max_size=6), st.sampled_from(sorted(SUPPORTED)))
def test_every_row_of_any_bytes_can_be_read(frames: list[bytes], kind: int) -> None:
    columns = decode_batch(batch_of(frames, kind))
    packets = read_packets(columns, np.arange(len(columns.datagrams.row)))
    assert all(len(packet.payload) <= packet.length for packet in packets)
    for index in range(len(columns.segments.row)):
        assert len(segment_payload(columns, index)) == columns.segments.captured[index]
        segment_endpoints(columns, index)
