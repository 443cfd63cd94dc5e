from __future__ import annotations

import struct

import numpy as np
import pytest

from pxedebug.wire.columns.wlan import header_80211
from pxedebug.wire.frames import decode_batch
from pxedebug.wire.linktypes import LINKTYPE_IEEE802_11, LINKTYPE_IEEE802_11_RADIOTAP, LINKTYPE_PPI
from pxedebug.wire.packets import read_packet
from tests.wire.frame_builders import CLIENT_MAC, SERVER_MAC, batch_of, ether, ipv4, snap, udp

STATION, BASE = CLIENT_MAC, bytes.fromhex("0a0000000001")
BODY = snap(ipv4(udp(b"data", 67, 68)), 0x0800)
TO_BASE = b"\x08\x01\0\0" + BASE + STATION + SERVER_MAC + b"\x10\0"
FROM_BASE = b"\x08\x02\0\0" + STATION + BASE + SERVER_MAC + b"\x10\0"
BETWEEN = b"\x08\x03\0\0" + BASE + BASE + STATION + b"\x10\0" + SERVER_MAC
QOS = b"\x88\x02\0\0" + STATION + BASE + SERVER_MAC + b"\x10\0" + b"\0\0"
HT = b"\x88\x82\0\0" + STATION + BASE + SERVER_MAC + b"\x10\0" + bytes(6)


@pytest.mark.parametrize(
    ("header", "source", "destination"),
    [
        (TO_BASE, STATION, SERVER_MAC),
        (FROM_BASE, SERVER_MAC, STATION),
        (BETWEEN, SERVER_MAC, STATION),
        (QOS, SERVER_MAC, STATION),
        (HT, SERVER_MAC, STATION),
    ],
)
def test_data_frames(header: bytes, source: bytes, destination: bytes) -> None:
    columns = decode_batch(batch_of([header + BODY], LINKTYPE_IEEE802_11))
    packet = read_packet(columns, 0)
    assert (packet.source_mac, packet.destination_mac, packet.payload) == (source, destination, b"data")
    assert columns.mac.tolist() == [int.from_bytes(source, "big")]


@pytest.mark.parametrize(
    "header",
    [
        b"\x08\x42" + FROM_BASE[2:],  # protected
        b"\x08\x06" + FROM_BASE[2:],  # more fragments follow
        b"\x48\x02" + FROM_BASE[2:],  # null function
        b"\x80\x00" + FROM_BASE[2:],  # beacon
        FROM_BASE[:22] + b"\x11\0",  # second fragment
        b"\xd4\x00",  # acknowledgement
    ],
)
def test_other_frames_give_no_row(header: bytes) -> None:
    assert decode_batch(batch_of([header + BODY], LINKTYPE_IEEE802_11)).datagrams.row.tolist() == []


def radiotap(fields: bytes, *present: int) -> bytes:
    words = struct.pack(f"<{len(present)}I", *present)
    return struct.pack("<BBH", 0, 0, 4 + len(words) + len(fields)) + words + fields


@pytest.mark.parametrize(
    ("header", "padding"),
    [
        (radiotap(b"", 0), b""),
        (radiotap(b"\x10\x02", 0x06), b""),
        (radiotap(b"\x20", 0x02), b"\0\0"),
        (radiotap(bytes(8) + b"\x20", 0x03), b"\0\0"),
        (radiotap(bytes(4) + bytes(8) + b"\x20", 0x8000_0003, 0), b"\0\0"),
    ],
)
def test_radiotap(header: bytes, padding: bytes) -> None:
    columns = decode_batch(batch_of([header + QOS + padding + BODY], LINKTYPE_IEEE802_11_RADIOTAP))
    packet = read_packet(columns, 0)
    assert (packet.payload, packet.source_mac, packet.destination_mac) == (b"data", SERVER_MAC, STATION)


def test_ppi_before_80211_and_ethernet() -> None:
    frames = [
        struct.pack("<BBHI", 0, 0, 8, 105) + FROM_BASE + BODY,
        struct.pack("<BBHI", 0, 0, 12, 1) + bytes(4) + ether(ipv4(udp(b"data")), vlans=[6]),
        struct.pack("<BBHI", 0, 0, 8, 192) + bytes(60),
        struct.pack("<BBHI", 0, 0, 4, 105) + FROM_BASE + BODY,
    ]
    columns = decode_batch(batch_of(frames, LINKTYPE_PPI))
    assert columns.datagrams.row.tolist() == [0, 1]
    first, second = read_packet(columns, 0), read_packet(columns, 1)
    assert (first.source_mac, second.source_mac, second.vlans) == (SERVER_MAC, SERVER_MAC, (6,))


def test_header_lengths() -> None:
    control = np.array([0x08, 0x08, 0x88, 0x88], np.uint8)
    flags = np.array([0x01, 0x03, 0x03, 0x80], np.uint8)
    assert header_80211(control, flags).tolist() == [24, 30, 32, 30]
