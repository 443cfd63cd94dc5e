"""One control packet as an object: the few packets of a boot that are looked at one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

__all__ = ["UNSPECIFIED", "Address", "Packet", "address", "format_mac", "parse_mac"]

Address = IPv4Address | IPv6Address

_MAC_BARE = r"(?i)[0-9a-f]{12}"
_MAC_GROUPS = r"(?i)[0-9a-f]{4}([.:-])[0-9a-f]{4}\1[0-9a-f]{4}"
_MAC_OCTETS = r"(?i)[0-9a-f]{1,2}(?:([:. -])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}"


UNSPECIFIED: Final = IPv4Address(0)
"""0.0.0.0 as `address` gives it: always this object, so `is` tells it, at a tenth of the cost of `==`."""
_ADDRESSES_KEPT = 65_536


class _Addresses(dict[bytes, Address]):
    """Addresses by their bytes, made when first asked for."""

    def __missing__(self, packed: bytes) -> Address:
        if len(self) >= _ADDRESSES_KEPT:
            self.clear()
            self[UNSPECIFIED.packed] = UNSPECIFIED
        made = self[packed] = IPv4Address(packed) if len(packed) == 4 else IPv6Address(packed)
        return made


address: Callable[[bytes], Address] = _Addresses({UNSPECIFIED.packed: UNSPECIFIED}).__getitem__
"""The address of 4 or 16 network-order bytes; remembered, because a boot repeats a handful of them."""


def format_mac(hardware: bytes) -> str:
    """A hardware address as lower-case hex with colons (any length; empty gives the empty string)."""
    return hardware.hex(":")


def parse_mac(text: str) -> bytes:
    """The six bytes of a MAC address as people write it: octets, groups of four digits, or without separators.

    Raises ValueError for anything else.
    """
    text = text.strip()
    if re.fullmatch(_MAC_BARE, text):
        return bytes.fromhex(text)
    if re.fullmatch(_MAC_GROUPS, text):
        return bytes.fromhex(re.sub(r"[.:-]", "", text))
    if re.fullmatch(_MAC_OCTETS, text):
        return bytes(int(octet, 16) for octet in re.split(r"[:. -]", text))
    raise ValueError(f"{text!r} is no MAC address; write it like 52:54:00:77:00:20")


class Packet(NamedTuple):
    """A UDP datagram with its addresses and payload, copied out of its batch.

    A named tuple, because a flood makes hundreds of thousands and a frozen dataclass costs four times as much.
    """

    frame: int
    """The frame's `wire.batch.frame_ref`; of the last fragment where the datagram was reassembled."""
    time: int
    """Nanoseconds since the Unix epoch."""
    source: Address
    destination: Address
    source_port: int
    destination_port: int
    source_mac: bytes
    """Six bytes, or empty where the link type has none."""
    destination_mac: bytes
    vlans: tuple[int, ...]
    """VLAN ids from the outermost tag inwards; priority-tagged frames (id 0) carry no entry."""
    interface: int
    ttl: int
    """IPv4 time to live or IPv6 hop limit."""
    ip_id: int
    payload: bytes
    """The UDP payload as far as the capture holds it."""
    length: int
    """UDP payload bytes on the wire; `length > len(payload)` when the capture cut the frame."""

    @property
    def cut(self) -> bool:
        """True when the capture does not hold the whole payload (snap length, missing fragments)."""
        return len(self.payload) < self.length
