"""A slow decoder, one frame at a time with `struct`, that the columns are compared with."""

from __future__ import annotations

import struct
from typing import NamedTuple


class Row(NamedTuple):
    """A UDP datagram or TCP segment; offsets count from the start of the frame."""

    kind: str
    network: int
    source: bytes
    destination: bytes
    source_port: int
    destination_port: int
    payload: int
    length: int
    captured: int
    word: int
    ip_id: int
    fragment: bool


def decode_ethernet(frame: bytes) -> Row | None:
    """The row of an Ethernet frame with any VLAN tags, IPv4 or IPv6 (without AH), UDP or TCP."""
    position, kind = 12, 0x8100
    while kind in (0x8100, 0x88A8, 0x9100):
        if len(frame) < position + 2:
            return None
        (kind,) = struct.unpack_from("!H", frame, position)
        position += 2 if kind not in (0x8100, 0x88A8, 0x9100) else 4
    if kind == 0x0800:
        return _ipv4(frame, position)
    return _ipv6(frame, position) if kind == 0x86DD else None


def _ipv4(frame: bytes, at: int) -> Row | None:
    if len(frame) < at + 20 or frame[at] >> 4 != 4:
        return None
    header, (total, ident, flags) = (frame[at] & 15) * 4, struct.unpack_from("!HHH", frame, at + 2)
    total = total or len(frame) - at
    if header < 20 or total < header or len(frame) < at + header or flags & 0x1FFF:
        return None
    end, wire = min(len(frame), at + total), min(total, len(frame) - at) - header
    addresses = frame[at + 12 : at + 16], frame[at + 16 : at + 20]
    return _transport(frame[:end], at, at + header, frame[at + 9], wire, addresses, ident, bool(flags & 0x2000))


def _ipv6(frame: bytes, at: int) -> Row | None:
    if len(frame) < at + 40 or frame[at] >> 4 != 6:
        return None
    length, kind = struct.unpack_from("!HB", frame, at + 4)
    end = min(len(frame), at + 40 + (length or len(frame)))
    position, ident, more = at + 40, 0, False
    while kind in (0, 43, 44, 60):
        if end < position + 8:
            return None
        following, units = frame[position], frame[position + 1]
        size = 8
        if kind == 44:
            offset, ident = struct.unpack_from("!HI", frame, position + 2)
            if offset & 0xFFF8:
                return None
            more = bool(offset & 1)
        else:
            size = 8 * (units + 1)
        kind, position = following, position + size
        if position > end:
            return None
    addresses = frame[at + 8 : at + 24], frame[at + 24 : at + 40]
    return _transport(frame[:end], at, position, kind, end - position, addresses, ident, more)


def _transport(
    frame: bytes,
    network: int,
    at: int,
    protocol: int,
    wire: int,
    addresses: tuple[bytes, bytes],
    ident: int,
    more: bool,
) -> Row | None:
    least = {17: 8, 6: 20}.get(protocol)
    if least is None or len(frame) < at + least:
        return None
    ports = struct.unpack_from("!HH", frame, at)
    if protocol == 17:
        (length,) = struct.unpack_from("!H", frame, at + 4)
        payload, length = at + 8, length - 8
    else:
        header = (frame[at + 12] >> 4) * 4
        if header < 20 or header > wire:
            return None
        payload, length = at + header, wire - header
    if length < 0:
        return None
    data = frame[payload : payload + length]
    word = int.from_bytes(data[:4].ljust(4, b"\0"), "big")
    name = "udp" if protocol == 17 else "tcp"
    return Row(name, network, *addresses, *ports, payload, length, len(data), word, ident, more)
