"""ARP for IPv4 over hardware with six-byte addresses (RFC 826)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.packet import Address, address

__all__ = ["Arp", "decode_arp"]


class Arp(NamedTuple):
    """One ARP packet."""

    operation: int
    """1 request, 2 reply."""
    sender_mac: bytes
    sender_ip: Address
    """0.0.0.0 in a probe (RFC 5227 section 2.1.1)."""
    target_mac: bytes
    target_ip: Address

    @property
    def gratuitous(self) -> bool:
        """The sender speaks of its own address, asking nobody (RFC 5227 section 3)."""
        return self.sender_ip == self.target_ip


def decode_arp(data: bytes) -> Arp | None:
    """The ARP packet at the start of `data`, None for protocols but IPv4. Raises MalformedFrame when too short."""
    if len(data) < 8:
        raise MalformedFrame(f"ARP packet of {len(data)} bytes")
    if data[2:6] != b"\x08\x00\x06\x04":
        return None
    if len(data) < 28:
        raise MalformedFrame(f"ARP packet of {len(data)} bytes")
    return Arp(int.from_bytes(data[6:8]), data[8:14], address(data[14:18]), data[18:24], address(data[24:28]))
