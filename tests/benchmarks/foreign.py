"""Other people's traffic on a mirror port: web and file-server streams, QUIC, DNS, ARP, over IPv4 and IPv6."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from tests.benchmarks.pcapfile import checksum, udp_header

__all__ = ["Frames", "foreign_frames"]

Frames = Iterator[tuple[bytes | memoryview, ...]]
_POOL = random.Random(3).randbytes(1 << 20)
_SEGMENT = 1460
_RECORD = 11 * _SEGMENT


def foreign_frames(noise: random.Random) -> Frames:
    """Endless frames of three hundred concurrent conversations, in a mix as office networks have it."""
    makers = [(_tls, 50), (_smb, 25), (_quic, 10), (_dns, 8), (_arp, 2), (_tls6, 15)]
    kinds = [maker for maker, weight in makers for _ in range(weight)]
    flows = [noise.choice(kinds)(noise) for _ in range(300)]
    while True:
        index = int(noise.random() * len(flows))
        frame = next(flows[index], None)
        if frame is None:
            flows[index] = noise.choice(kinds)(noise)
        else:
            yield frame


def _hosts(noise: random.Random) -> tuple[bytes, bytes, bytes, bytes]:
    """MACs (client, server side) and IPv4 addresses of a conversation."""
    client = b"\x00\x25\x90" + noise.randbytes(3)
    return client, b"\x00\x1c\x73\x00\x00\x01", b"\x0a\x50" + noise.randbytes(2), b"\xc0\x00" + noise.randbytes(2)


def _tcp(noise: random.Random, port: int, head: bytes, *, v6: bool = False, turns: int = 4) -> Frames:
    """A connection that asks `turns` times and gets up to eight records of eleven full segments each time.

    `head` is how a record of the protocol begins, up to its two-byte length.
    """
    client_mac, server_mac, client, server = _hosts(noise)
    if v6:
        client, server = b"\x20\x01\x0d\xb8" + bytes(8) + client, b"\x20\x01\x0d\xb8" + bytes(8) + server
    ends = (client_mac, client, noise.randrange(32768, 61000)), (server_mac, server, port)
    sequence = [noise.getrandbits(32), noise.getrandbits(32)]

    def segment(sender: int, flags: int, payload: bytes | memoryview = b"") -> tuple[bytes, bytes | memoryview]:
        header = _segment_header(
            ends[sender], ends[1 - sender], sequence[sender], sequence[1 - sender], flags, len(payload)
        )
        sequence[sender] = (sequence[sender] + len(payload) + (flags & 3 != 0)) & 0xFFFFFFFF
        return header, payload

    yield segment(0, 2)
    yield segment(1, 18)
    yield segment(0, 16)
    for _ in range(turns):
        yield segment(0, 24, _record(head, 300, noise.randrange(1 << 19)))
        for _ in range(noise.randrange(1, 9)):
            record = memoryview(_record(head, _RECORD, noise.randrange(1 << 19)))
            for position in range(0, _RECORD, _SEGMENT):
                yield segment(1, 16, record[position : position + _SEGMENT])
                if position // _SEGMENT % 2:
                    yield segment(0, 16)
    yield segment(0, 17)
    yield segment(1, 17)
    yield segment(0, 16)


def _record(head: bytes, size: int, start: int) -> bytes:
    """A record of `size` bytes: `head`, the length of what follows it, noise."""
    return head + (size - len(head) - 2).to_bytes(2, "big") + _POOL[start : start + size - len(head) - 2]


def _segment_header(
    source: tuple[bytes, bytes, int], target: tuple[bytes, bytes, int], sequence: int, ack: int, flags: int, length: int
) -> bytes:
    tcp = struct.pack(">HHIIBBHHH", source[2], target[2], sequence, ack, 0x50, flags, 64240, 0, 0)
    if len(source[1]) == 16:
        ip = struct.pack(">IHBB", 0x60000000, 20 + length, 6, 64) + source[1] + target[1]
        return target[0] + source[0] + b"\x86\xdd" + ip + tcp
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + length, 0, 0x4000, 64, 6, 0, source[1], target[1])
    return target[0] + source[0] + b"\x08\x00" + ip[:10] + checksum(ip).to_bytes(2, "big") + ip[12:] + tcp


def _tls(noise: random.Random) -> Frames:
    return _tcp(noise, 443, b"\x17\x03\x03")


def _tls6(noise: random.Random) -> Frames:
    return _tcp(noise, 443, b"\x17\x03\x03", v6=True)


def _smb(noise: random.Random) -> Frames:
    return _tcp(noise, 445, b"\0\0", turns=8)


def _quic(noise: random.Random) -> Frames:
    client_mac, server_mac, client, server = _hosts(noise)
    port, start = noise.randrange(32768, 61000), noise.randrange(0, 900_000)
    for turn in range(noise.randrange(20, 200)):
        up, length = turn % 3 == 2, 40 if turn % 3 == 2 else 1250
        macs = server_mac + client_mac if up else client_mac + server_mac
        ends = ((client, port), (server, 443)) if up else ((server, 443), (client, port))
        yield udp_header(macs, *ends, length), b"\x4b" + _POOL[start + turn : start + turn + length - 1]


def _dns(noise: random.Random) -> Frames:
    client_mac, server_mac, client, server = _hosts(noise)
    port, ident = noise.randrange(32768, 61000), noise.randbytes(2)
    name = b"\x04host\x07example\x03com\0\0\1\0\1"
    question = ident + b"\x01\0\0\1\0\0\0\0\0\0" + name
    answer = ident + b"\x81\x80\0\1\0\1\0\0\0\0" + name + b"\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4" + noise.randbytes(4)
    yield udp_header(server_mac + client_mac, (client, port), (server, 53), len(question)), question
    yield udp_header(client_mac + server_mac, (server, 53), (client, port), len(answer)), answer


def _arp(noise: random.Random) -> Frames:
    mac, _, address, _ = _hosts(noise)
    yield (b"\xff" * 6 + mac + b"\x08\x06\0\1\x08\0\6\4\0\1" + mac + address + bytes(6) + b"\x0a\x50\0\1" + bytes(18),)
