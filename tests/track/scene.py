"""What a conversation is made of while it is being said: frames on the wire, and what each machine knows."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.track.machines import Machine

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
"""Capture time of the scene's second 0."""
PAUSE = 0.01
BROADCAST = b"\xff" * 6
NOBODY = "0.0.0.0"
UDP, TCP, ICMP = 17, 6, 1


@dataclass
class Wire:
    """One frame before it becomes bytes."""

    at: float
    source_mac: bytes
    target_mac: bytes
    source: str
    target: str
    source_port: int
    target_port: int
    payload: bytes
    protocol: int = UDP
    ttl: int = 64
    ident: int = 0
    vlans: tuple[int, ...] = ()
    file: int = 0
    ether: bytes | None = None
    """A whole Ethernet payload with its type, instead of an IP packet."""
    snap: int | None = None
    """Bytes of the frame that are captured, if not all."""

    def encoded(self) -> bytes:
        tags = b"".join(struct.pack("!HH", 0x8100, vlan) for vlan in self.vlans)
        return self.target_mac + self.source_mac + tags + (self.ether or self._ip())

    def _ip(self) -> bytes:
        body = self.payload
        if self.protocol == UDP:
            body = struct.pack("!HHHH", self.source_port, self.target_port, 8 + len(body), 0) + body
        ends = ip_address(self.source).packed + ip_address(self.target).packed
        if len(ends) == 32:
            head = struct.pack("!IHBB", 0x60000000, len(body), self.protocol, self.ttl)
            return b"\x86\xdd" + head + ends + body
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), self.ident, 0, self.ttl, self.protocol, 0)
        return b"\x08\x00" + head + ends + body


@dataclass
class Talk:
    """What one machine (by its MAC) knows of its own conversation."""

    xid: int = 0
    address: str = NOBODY
    offers: list[tuple[str, str, int]] = field(default_factory=list)
    """Server, address and xid of each offer heard."""
    files: dict[str, tuple[bytes, bool]] = field(default_factory=dict)
    """Boot file that each server offered, and whether in the header."""
    port: int = 1024
    asked_from: int = 68
    relay: str = NOBODY
    flags: int = 0


@dataclass
class Scene:
    """A conversation while it is being said."""

    now: float = 0.0
    wires: list[Wire] = field(default_factory=list)
    talks: dict[bytes, Talk] = field(default_factory=dict)
    speaker: Machine | None = None
    ident: int = 100
    xids: int = 0x10000000

    def talk(self, machine: Machine) -> Talk:
        return self.talks.setdefault(machine.mac, Talk())

    def clock(self, at: float | None) -> float:
        self.now = self.now + PAUSE if at is None else at
        return self.now

    def say(self, wire: Wire) -> None:
        self.ident += 1
        wire.ident = wire.ident or self.ident
        self.wires.append(wire)

    def next_xid(self) -> int:
        self.xids += 0x101
        return self.xids


Step = Callable[[Scene], None]
Options = Sequence[tuple[int, object]]


def mac_of(ip: str) -> bytes:
    """The hardware address of the server with this address."""
    return b"\x02\x00" + ip_address(ip).packed[-4:]


def arp_wire(at: float, operation: int, mac: bytes, ip: str, target: str) -> Wire:
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + mac + IPv4Address(ip).packed
    body += bytes(6) + IPv4Address(target).packed
    return Wire(at, mac, BROADCAST, ip, target, 0, 0, b"", ether=b"\x08\x06" + body)


def client_of(scene: Scene, to: Machine | None) -> Machine:
    client = to or scene.speaker
    assert client is not None, "nobody has spoken yet"
    return client
