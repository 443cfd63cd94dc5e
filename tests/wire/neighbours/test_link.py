from __future__ import annotations

import pytest

from pxedebug.wire.neighbours.link import BPDU, CDP, PVST, announced, locate
from tests.wire.neighbours.frames import ETHERNET, ethernet, ipv4, llc

SNAP = b"\xaa\xaa\x03"


@pytest.mark.parametrize(
    ("frame", "link_type", "place"),
    [
        (ethernet(0x0806, b"x"), ETHERNET, (0x0806, 14)),
        (ethernet(0x0806, b"x", vlans=(10, 20)), ETHERNET, (0x0806, 22)),
        (llc(b"\x42\x42\x03", b"x"), ETHERNET, (BPDU, 17)),
        (llc(SNAP + b"\0\0\x0c\x20\x00", b"x"), ETHERNET, (CDP, 22)),
        (llc(SNAP + b"\0\0\x0c\x01\x0b", b"x", vlans=(10,)), ETHERNET, (PVST, 26)),
        (llc(SNAP + b"\0\0\0\x08\x06", b"x"), ETHERNET, (0x0806, 22)),
        (bytes(14) + b"\x08\x06x", 113, (0x0806, 16)),
        (bytes(14) + b"\0\4\x42\x42\x03x", 113, (BPDU, 19)),
        (b"\x88\x8e" + bytes(18), 276, (0x888E, 20)),
        (b"\x45", 101, (0x0800, 0)),
        (b"\x60", 229, (0x86DD, 0)),
        (b"\2\0\0\0\x45", 0, (0x0800, 4)),
    ],
)
def test_what_a_link_header_announces(frame: bytes, link_type: int, place: tuple[int, int]) -> None:
    assert locate(frame, link_type) == place


@pytest.mark.parametrize(
    ("frame", "link_type"),
    [
        (b"", 1),
        (bytes(13), 1),
        (llc(b"\xf0\xf0\x03", b""), 1),
        (b"", 113),
        (b"", 276),
        (b"", 101),
        (b"\x10", 101),
        (b"", 105),
    ],
)
def test_what_it_cannot_tell_is_none(frame: bytes, link_type: int) -> None:
    assert locate(frame, link_type) is None


def test_inside_a_tunnel_the_bytes_around_the_network_header_tell() -> None:
    assert announced(b"tunnel" + b"\x08\x06" + b"\0\1", 8) == 0x0806
    assert announced(b"tunnel" + b"\x42\x42\x03", 6) == BPDU
    assert announced(b"tunnel" + SNAP + b"\0\0\x0c\x20\x00" + b"\2", 14) == CDP
    assert announced(b"tunnel" + b"\x88\xcc" + ipv4(1, b""), 8) == 0
    assert announced(b"\0\1", 0) == 0
