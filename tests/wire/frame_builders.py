"""Frames for tests, built from the inside out: `ether(ipv4(udp(b"payload")))`."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import ip_address

import numpy as np

from pxedebug.wire.batch import Batch

CLIENT_MAC = bytes.fromhex("525400123456")
SERVER_MAC = bytes.fromhex("020000000001")
CLIENT, SERVER = "10.0.0.130", "10.0.0.1"
CLIENT6, SERVER6 = "fd00::130", "fd00::1"


def ether(payload: bytes, kind: int = 0x0800, vlans: Sequence[int] = (), tpid: int = 0x8100, pad: int = 0) -> bytes:
    """A frame from server to client with the tags `vlans` (outermost first), padded to `pad` bytes with 0xAA."""
    tags = b"".join(struct.pack("!HH", tpid, tag) for tag in vlans)
    frame = CLIENT_MAC + SERVER_MAC + tags + struct.pack("!H", kind) + payload
    return frame.ljust(pad, b"\xaa")


def snap(payload: bytes, kind: int, oui: int = 0) -> bytes:
    """LLC and SNAP before `payload`."""
    return b"\xaa\xaa\x03" + oui.to_bytes(3, "big") + kind.to_bytes(2, "big") + payload


def ipv4(
    payload: bytes, protocol: int = 17, source: str = SERVER, destination: str = CLIENT, ident: int = 7,
    offset: int = 0, more: bool = False, options: bytes = b"", total: int | None = None, ttl: int = 64,
) -> bytes:  # fmt: skip
    """An IPv4 packet; `offset` counts bytes, `total` forges the length field."""
    header = 20 + len(options)
    length = header + len(payload) if total is None else total
    fragment = offset // 8 | (0x2000 if more else 0)
    fixed = struct.pack("!BBHHHBBH", 0x40 | header // 4, 0, length, ident, fragment, ttl, protocol, 0)
    return fixed + ip_address(source).packed + ip_address(destination).packed + options + payload


def ipv6(
    payload: bytes, next_header: int = 17, source: str = SERVER6, destination: str = CLIENT6, length: int | None = None
) -> bytes:
    """An IPv6 packet; extension headers belong to `payload`."""
    size = len(payload) if length is None else length
    fixed = struct.pack("!IHBB", 0x6000_0000, size, next_header, 64)
    return fixed + ip_address(source).packed + ip_address(destination).packed + payload


def extension(next_header: int, units: int = 0) -> bytes:
    """A hop-by-hop, routing or destination options header of 8 * (units + 1) bytes."""
    return bytes([next_header, units]) + bytes(6 + 8 * units)


def fragment_header(next_header: int, offset: int, more: bool, ident: int) -> bytes:
    """An IPv6 fragment header; `offset` counts bytes."""
    return struct.pack("!BBHI", next_header, 0, offset | more, ident)


def udp(payload: bytes, source: int = 69, destination: int = 2070, length: int | None = None) -> bytes:
    """A UDP datagram; `length` forges the length field."""
    return struct.pack("!HHHH", source, destination, 8 + len(payload) if length is None else length, 0) + payload


def tcp(
    payload: bytes, source: int = 80, destination: int = 40000, sequence: int = 1000, acknowledgement: int = 2000,
    flags: int = 0x18, options: bytes = b"",
) -> bytes:  # fmt: skip
    """A TCP segment."""
    offset = (20 + len(options)) // 4 << 4
    fixed = struct.pack("!HHIIBBHHH", source, destination, sequence, acknowledgement, offset, flags, 4096, 0, 0)
    return fixed + options + payload


def batch_of(
    frames: Sequence[bytes],
    link_type: int | Sequence[int] = 1,
    wire: Sequence[int] | None = None,
    times: Sequence[int] | None = None,
) -> Batch:
    """A batch whose frames lie apart in the buffer with 0xEE between them, and no byte behind the last one."""
    gap = b"\xee" * 16
    buffer = np.frombuffer(b"".join(gap + frame for frame in frames), np.uint8).copy()
    captured = np.array([len(frame) for frame in frames], np.int32)
    count = len(frames)
    return Batch(
        buffer=buffer,
        ref=np.arange(1, count + 1, dtype=np.int64),
        time=np.arange(count, dtype=np.int64) * 1000 if times is None else np.array(times, np.int64),
        offset=np.cumsum(captured.astype(np.int64) + 16) - captured,
        captured=captured,
        wire_length=captured.copy() if wire is None else np.array(wire, np.int32),
        link_type=np.broadcast_to(np.array(link_type, np.int32), (count,)).copy(),
        interface=np.zeros(count, np.int32),
    )
