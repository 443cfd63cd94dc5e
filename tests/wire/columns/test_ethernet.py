from __future__ import annotations

import pytest

from pxedebug.wire.frames import decode_batch
from tests.wire.frame_builders import SERVER_MAC, batch_of, ether, ipv4, ipv6, snap, udp

PACKET = ipv4(udp(b"data"))


@pytest.mark.parametrize("tpid", [0x8100, 0x88A8, 0x9100])
@pytest.mark.parametrize("tags", range(4))
def test_vlan_tags(tpid: int, tags: int) -> None:
    columns = decode_batch(batch_of([ether(PACKET, vlans=range(1, tags + 1), tpid=tpid)]))
    assert columns.datagrams.word.tolist() == [int.from_bytes(b"data", "big")]
    assert (columns.network - columns.batch.offset).tolist() == [14 + 4 * tags]


def test_tagged_and_plain_frames_in_one_batch() -> None:
    frames = [ether(ipv4(udp(bytes([number]) * 4)), vlans=[5] * (number % 3)) for number in range(9)]
    assert decode_batch(batch_of(frames)).datagrams.word.tolist() == [0x01010101 * number for number in range(9)]


def test_a_tag_without_end_gives_no_row() -> None:
    columns = decode_batch(batch_of([ether(PACKET, vlans=range(40)), ether(b"", vlans=[1])[:17]]))
    assert columns.datagrams.row.tolist() == []
    assert columns.network.tolist() == [-1, -1]


def test_ieee_802_3_with_snap() -> None:
    frames = [ether(snap(PACKET, 0x0800), len(PACKET) + 8), ether(snap(ipv6(udp(b"six!")), 0x86DD), 60, vlans=[3])]
    assert decode_batch(batch_of(frames)).datagrams.row.tolist() == [0, 1]


def test_a_pppoe_session() -> None:
    head = bytes.fromhex("11000001")
    frames = [
        ether(head + (len(PACKET) + 2).to_bytes(2, "big") + b"\x00\x21" + PACKET, 0x8864),
        ether(head + b"\x00\x40\x00\x57" + ipv6(udp(b"six!")), 0x8864, vlans=[7]),
        ether(head + b"\x00\x0a\xc0\x21" + bytes(20), 0x8864),
    ]
    columns = decode_batch(batch_of(frames))
    assert columns.datagrams.row.tolist() == [0, 1]
    assert columns.network.tolist()[2] == -1


def test_source_addresses() -> None:
    columns = decode_batch(batch_of([ether(b"", 0x1234), ether(b"")[:13], ether(b"", vlans=[1])]))
    assert columns.mac.tolist() == [int.from_bytes(SERVER_MAC, "big"), 0, int.from_bytes(SERVER_MAC, "big")]
