"""Conversations for the columnar half of the tracker, frame by frame, so that a test reads like a packet ladder.

    wire = Wire()
    boot = wire.tftp(file="pxelinux.0")
    boot.rrq(tsize=0).oack(tsize=1000).ack(0).data(1, 512).ack(1).data(2, 488).ack(2)
    assert only(wire).status == "complete"

Times are seconds; between two frames lies a millisecond, unless `wait` says otherwise.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from itertools import pairwise

import numpy as np

from pxedebug.track import Limits, Story, Tracker
from pxedebug.track.story import Transfer
from pxedebug.wire.batch import Batch
from tests.wire import frame_builders as build

__all__ = ["Client", "Endpoint", "Http", "Tftp", "Wire", "batches", "feed", "only", "reply", "story_of", "transfers"]

START = 1_700_000_000_000_000_000
SECOND = 1_000_000_000
SYN, FIN, RST, ACK, PSH = 2, 1, 4, 16, 8


@dataclass(frozen=True)
class Endpoint:
    address: str
    port: int
    mac: bytes

    def at(self, port: int | None = None, address: str | None = None) -> Endpoint:
        return replace(self, port=self.port if port is None else port, address=address or self.address)


Client = Endpoint
CLIENT = Endpoint("10.0.0.130", 2070, bytes.fromhex("525400123456"))
SERVER = Endpoint("10.0.0.1", 69, bytes.fromhex("020000000001"))
CLIENT6 = Endpoint("fd00::130", 2070, bytes.fromhex("525400123456"))
SERVER6 = Endpoint("fd00::1", 69, bytes.fromhex("020000000001"))


@dataclass
class Frame:
    time: int
    data: bytes
    copy: bool = False
    """A mirror delivered it a second time."""
    wire: int = 0
    """Bytes it had on the wire; 0: all of `data`."""


@dataclass
class Wire:
    """What the capture point saw, in order."""

    frames: list[Frame] = field(default_factory=list)
    now: int = START
    step: int = SECOND // 1000
    mirrored: bool = False
    """Deliver every frame twice, 20 us apart."""
    vlans: tuple[int, ...] = ()
    _ids: dict[str, int] = field(default_factory=dict)

    def wait(self, seconds: float) -> Wire:
        self.now += round(seconds * SECOND)
        return self

    def put(self, source: Endpoint, destination: Endpoint, packet: bytes, kind: int = 0x0800) -> None:
        """An IP packet or other payload of an Ethernet frame."""
        tags = b"".join(struct.pack("!HH", 0x8100, tag) for tag in self.vlans)
        data = destination.mac + source.mac + tags + struct.pack("!H", kind) + packet
        self.now += self.step
        self.frames.append(Frame(self.now, data))
        if self.mirrored:
            self.frames.append(Frame(self.now + 20_000, data, copy=True))

    def ip(self, source: Endpoint, destination: Endpoint, payload: bytes, protocol: int, mtu: int = 0) -> None:
        """`payload` in as many fragments as `mtu` asks for (0: in one piece)."""
        if ":" in source.address:
            packet = build.ipv6(payload, protocol, source.address, destination.address)
            self.put(source, destination, packet, 0x86DD)
            return
        ident = self._ids[source.address] = self._ids.get(source.address, 0) + 1
        size = (mtu - 20) // 8 * 8 if mtu else max(len(payload), 1)
        for offset in range(0, max(len(payload), 1), size):
            more = offset + size < len(payload)
            self.put(
                source, destination,
                build.ipv4(
                    payload[offset : offset + size], protocol, source.address, destination.address,
                    ident=ident & 0xFFFF, offset=offset, more=more,
                ),
            )  # fmt: skip

    def udp(self, source: Endpoint, destination: Endpoint, payload: bytes, mtu: int = 0) -> None:
        self.ip(source, destination, build.udp(payload, source.port, destination.port), 17, mtu)

    def arp(self, source: Endpoint, target: Endpoint) -> None:
        """Who has `target`?"""
        body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + source.mac + ip_address(source.address).packed
        self.put(source, Endpoint("", 0, b"\xff" * 6), body + bytes(6) + ip_address(target.address).packed, 0x0806)

    def icmp_unreachable(self, sender: Endpoint, source: Endpoint, destination: Endpoint, protocol: int = 17) -> None:
        """`sender` says that the packet from `source` to `destination` met a closed port."""
        quoted = build.ipv4(
            build.udp(bytes(8), source.port, destination.port), protocol, source.address, destination.address
        )  # fmt: skip
        self.ip(sender, source, struct.pack("!BBHI", 3, 3, 0, 0) + quoted[:28], 1)

    def lose(self, *which: int) -> Wire:
        """The mirror missed these frames (-1 is the latest)."""
        gone = {which_one % len(self.frames) for which_one in which}
        self.frames = [frame for number, frame in enumerate(self.frames) if number not in gone]
        return self

    def snap(self, length: int) -> Wire:
        """The capture keeps no more than `length` bytes of each frame."""
        for frame in self.frames:
            frame.wire, frame.data = len(frame.data), frame.data[:length]
        return self

    def tftp(
        self, file: str = "pxelinux.0", port: int = 2070, tid: int = 40000, client: Endpoint = CLIENT,
        server: Endpoint = SERVER,
    ) -> Tftp:  # fmt: skip
        return Tftp(self, file, client.at(port), server, server.at(tid))

    def http(
        self, path: str = "/ipxe.efi", port: int = 50000, client: Endpoint = CLIENT, server: Endpoint = SERVER,
        server_port: int = 80, agent: str = "UefiHttpBoot/1.0",
    ) -> Http:  # fmt: skip
        return Http(self, path, client.at(port), server.at(server_port), agent)


@dataclass
class Tftp:
    """One TFTP conversation; every method is one packet."""

    wire: Wire
    file: str
    client: Endpoint
    listener: Endpoint
    """Where requests go: the server's port 69."""
    server: Endpoint
    """Where the server answers from."""
    mtu: int = 0
    options: bytes = b""

    def wait(self, seconds: float) -> Tftp:
        self.wire.wait(seconds)
        return self

    def answers_from(self, port: int | None = None, address: str | None = None) -> Tftp:
        self.server = self.server.at(port, address)
        return self

    def rrq(self, mode: str = "octet", **options: int | str) -> Tftp:
        return self._request(1, mode, options)

    def wrq(self, mode: str = "octet", **options: int | str) -> Tftp:
        return self._request(2, mode, options)

    def again(self) -> Tftp:
        """The latest request once more."""
        self.wire.udp(self.client, self.listener, self.options)
        return self

    def oack(self, **options: int | str) -> Tftp:
        return self._down(b"\x00\x06" + _options(options))

    def data(self, block: int, size: int = 512) -> Tftp:
        return self._down(data(block, size))

    def ack(self, block: int) -> Tftp:
        return self._up(struct.pack("!HH", 4, block & 0xFFFF))

    def error(self, code: int, text: str = "") -> Tftp:
        return self._down(struct.pack("!HH", 5, code) + text.encode() + b"\0")

    def abort(self, code: int, text: str = "") -> Tftp:
        """The client's ERROR."""
        return self._up(struct.pack("!HH", 5, code) + text.encode() + b"\0")

    def upload(self, block: int, size: int = 512) -> Tftp:
        """The client's DATA."""
        return self._up(data(block, size))

    def accept(self, block: int) -> Tftp:
        """The server's ACK."""
        return self._down(struct.pack("!HH", 4, block & 0xFFFF))

    def blocks(self, first: int, last: int, size: int = 512) -> Tftp:
        """DATA and ACK of each block from `first` to `last`."""
        for block in range(first, last + 1):
            self.data(block, size).ack(block)
        return self

    def window(self, *blocks: int, size: int = 512) -> Tftp:
        """DATA without ACKs."""
        for block in blocks:
            self.data(block, size)
        return self

    def refused_by_icmp(self) -> Tftp:
        """The server's host: port unreachable."""
        self.wire.icmp_unreachable(self.listener, self.client, self.listener)
        return self

    def _request(self, opcode: int, mode: str, options: dict[str, int]) -> Tftp:
        words = self.file.encode() + b"\0" + mode.encode() + b"\0"
        self.options = struct.pack("!H", opcode) + words + _options(options)
        return self.again()

    def _up(self, payload: bytes) -> Tftp:
        self.wire.udp(self.client, self.server, payload)
        return self

    def _down(self, payload: bytes) -> Tftp:
        self.wire.udp(self.server, self.client, payload, self.mtu)
        return self


def data(block: int, size: int) -> bytes:
    """DATA with bytes that tell their block."""
    return struct.pack("!HH", 3, block & 0xFFFF) + bytes([block % 251 + 1]) * size


def _options(options: dict[str, int]) -> bytes:
    return b"".join(f"{name}\0{value}\0".encode() for name, value in options.items())


def reply(status: int = 200, reason: str = "OK", length: int | None = None, *headers: str) -> bytes:
    """A response head."""
    lines = [f"HTTP/1.1 {status} {reason}", *([] if length is None else [f"Content-Length: {length}"]), *headers]
    return "\r\n".join([*lines, "", ""]).encode()


@dataclass
class Http:
    """One TCP connection; sequence numbers move on with every segment."""

    wire: Wire
    path: str
    client: Endpoint
    server: Endpoint
    agent: str
    up: int = 1000
    down: int = 5000

    def wait(self, seconds: float) -> Http:
        self.wire.wait(seconds)
        return self

    def syn(self) -> Http:
        return self._segment(True, b"", SYN)

    def syn_ack(self) -> Http:
        return self._segment(False, b"", SYN | ACK)

    def connect(self) -> Http:
        return self.syn().syn_ack().ack()

    def get(self, path: str | None = None, method: str = "GET") -> Http:
        lines = (f"{method} {path or self.path} HTTP/1.1", f"Host: {self.server.address}", f"User-Agent: {self.agent}")
        return self.request("\r\n".join([*lines, "", ""]).encode())

    def request(self, payload: bytes) -> Http:
        return self._segment(True, payload, ACK | PSH)

    def send(self, payload: bytes) -> Http:
        """Bytes of the server."""
        return self._segment(False, payload, ACK | PSH)

    def again(self, payload: bytes) -> Http:
        """The server's latest bytes, which were `payload`, once more."""
        self.down -= len(payload)
        return self.send(payload)

    def ack(self) -> Http:
        return self._segment(True, b"", ACK)

    def fin(self) -> Http:
        return self._segment(False, b"", FIN | ACK)

    def rst(self) -> Http:
        return self._segment(False, b"", RST | ACK)

    def client_rst(self) -> Http:
        return self._segment(True, b"", RST)

    def body(self, size: int, each: int = 1000) -> Http:
        """`size` bytes in segments of `each`."""
        for start in range(0, size, each):
            self.send(b"B" * min(each, size - start))
        return self

    def _segment(self, up: bool, payload: bytes, flags: int) -> Http:
        source, destination = (self.client, self.server) if up else (self.server, self.client)
        sequence, acknowledgement = (self.up, self.down) if up else (self.down, self.up)
        segment = build.tcp(
            payload, source.port, destination.port, sequence % (1 << 32),
            acknowledgement % (1 << 32) if flags & ACK else 0, flags,
        )  # fmt: skip
        self.wire.ip(source, destination, segment, 6)
        moved = len(payload) + bool(flags & (SYN | FIN))
        if up:
            self.up += moved
        else:
            self.down += moved
        return self


def batches(frames: Sequence[Frame], cuts: Iterable[int] = ()) -> Iterator[Batch]:
    """The frames in batches that begin before the given frames (counted from 0)."""
    edges = sorted({0, len(frames), *(cut for cut in cuts if 0 < cut < len(frames))})
    for start, stop in pairwise(edges):
        part = frames[start:stop]
        lengths = [frame.wire or len(frame.data) for frame in part]
        batch = build.batch_of([frame.data for frame in part], wire=lengths, times=[frame.time for frame in part])
        batch.ref += start
        yield batch


def feed(tracker: Tracker, frames: Sequence[Frame], cuts: Iterable[int] = ()) -> None:
    """Feed `frames`; the bytes of each batch are overwritten once it has been taken."""
    for batch in batches(frames, cuts):
        tracker.feed(batch)
        batch.buffer[:] = 0xA5
        batch.time[:] = np.arange(len(batch))


def story_of(
    wire: Wire, cuts: Iterable[int] = (), limits: Limits | None = None, later: float = 0
) -> tuple[Story, Tracker]:
    """The story `later` seconds after the last frame."""
    tracker = Tracker(limits or Limits())
    feed(tracker, wire.frames, cuts)
    tracker.advance(wire.now + round(later * SECOND))
    return tracker.story(), tracker


def transfers(wire: Wire, cuts: Iterable[int] = (), limits: Limits | None = None, later: float = 0) -> list[Transfer]:
    """All transfers in the order of their first frames, whoever's they are."""
    story, _ = story_of(wire, cuts, limits, later)
    found = [transfer for boot in story.boots for stage in boot.stages for transfer in stage.transfers]
    found += [transfer for other in story.others for transfer in other.transfers]
    return sorted(found, key=lambda transfer: transfer.first_frame)


def only(wire: Wire, cuts: Iterable[int] = (), limits: Limits | None = None, later: float = 0) -> Transfer:
    """The one transfer there is."""
    (transfer,) = transfers(wire, cuts, limits, later)
    return transfer
