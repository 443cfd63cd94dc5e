from __future__ import annotations

import pytest

from pxedebug.wire import linktypes
from pxedebug.wire.frames import decode_batch
from pxedebug.wire.packets import read_packet
from tests.wire.frame_builders import CLIENT_MAC, SERVER_MAC, batch_of, ipv4, ipv6, snap, udp

FOUR, SIX = ipv4(udp(b"data")), ipv6(udp(b"data"))
SLL = b"\0\x04\0\x01\0\x06" + SERVER_MAC + b"\0\0"
RING, ROUTED = (
    b"\x10\x40" + CLIENT_MAC + SERVER_MAC,
    b"\x10\x40" + CLIENT_MAC + b"\x82" + SERVER_MAC[1:] + bytes.fromhex("063000110020"),
)
SLL2_TAIL = b"\0\0\0\0\0\x02\0\x01\x04\x06" + SERVER_MAC + b"\0\0"

CASES = [
    ("sll", linktypes.LINKTYPE_LINUX_SLL, SLL + b"\x08\0" + FOUR, SERVER_MAC, ()),
    ("sll6", linktypes.LINKTYPE_LINUX_SLL, SLL + b"\x86\xdd" + SIX, SERVER_MAC, ()),
    ("sll tagged", linktypes.LINKTYPE_LINUX_SLL, SLL + b"\x81\0\0\x05\x08\0" + FOUR, SERVER_MAC, (5,)),
    ("sll llc", linktypes.LINKTYPE_LINUX_SLL, SLL + b"\0\x04" + snap(FOUR, 0x0800), SERVER_MAC, ()),
    ("sll, no address", linktypes.LINKTYPE_LINUX_SLL, b"\0\0\x03\x04\0\0" + bytes(8) + b"\x08\0" + FOUR, b"", ()),
    ("sll2", linktypes.LINKTYPE_LINUX_SLL2, b"\x08\0" + SLL2_TAIL + FOUR, SERVER_MAC, ()),
    ("sll2 tagged", linktypes.LINKTYPE_LINUX_SLL2, b"\x81\0" + SLL2_TAIL + b"\0\x09\x08\0" + FOUR, SERVER_MAC, (9,)),
    ("null", linktypes.LINKTYPE_NULL, b"\x02\0\0\0" + FOUR, b"", ()),
    ("null, other byte order", linktypes.LINKTYPE_NULL, b"\0\0\0\x1e" + SIX, b"", ()),
    ("loop", linktypes.LINKTYPE_LOOP, b"\0\0\0\x02" + FOUR, b"", ()),
    ("raw", linktypes.LINKTYPE_RAW, FOUR, b"", ()),
    ("raw 6", linktypes.LINKTYPE_RAW_BSD, SIX, b"", ()),
    ("raw openbsd", linktypes.LINKTYPE_RAW_OPENBSD, FOUR, b"", ()),
    ("ipv4", linktypes.LINKTYPE_IPV4, FOUR, b"", ()),
    ("ipv6", linktypes.LINKTYPE_IPV6, SIX, b"", ()),
    ("ppp", linktypes.LINKTYPE_PPP, b"\xff\x03\x00\x21" + FOUR, b"", ()),
    ("ppp, compressed", linktypes.LINKTYPE_PPP, b"\x00\x57" + SIX, b"", ()),
    ("hdlc", linktypes.LINKTYPE_C_HDLC, b"\x0f\0\x08\0" + FOUR, b"", ()),
    ("token ring", linktypes.LINKTYPE_IEEE802_5, RING + snap(FOUR, 0x0800), SERVER_MAC, ()),
    ("token ring, routed", linktypes.LINKTYPE_IEEE802_5, ROUTED + snap(FOUR, 0x0800), SERVER_MAC, ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "frame", "mac", "vlans"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_link_headers(kind: int, frame: bytes, mac: bytes, vlans: tuple[int, ...]) -> None:
    columns = decode_batch(batch_of([frame], kind))
    packet = read_packet(columns, 0)
    assert packet.payload == b"data"
    assert (packet.source_mac, packet.vlans) == (mac, vlans)
    assert columns.mac.tolist() == [int.from_bytes(mac, "big")]


@pytest.mark.parametrize(("kind", "frame"), [case[1:3] for case in CASES], ids=[case[0] for case in CASES])
def test_a_cut_link_header_gives_no_row(kind: int, frame: bytes) -> None:
    # The frame that follows in the buffer must not complete this one's headers.
    header = frame.index(b"data")
    cut = [frame[:length] for length in range(header)]
    assert decode_batch(batch_of([*cut, frame], kind)).datagrams.row.tolist() == [header]
