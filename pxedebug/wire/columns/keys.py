"""Numbers that name an endpoint or a fragmented datagram: one 64-bit word instead of addresses and ports.

Each function works on Python integers and on uint64 arrays alike, so the engine and a caller that looks for one
endpoint cannot disagree.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["endpoint_key", "fold", "ipv6_endpoint", "mix"]

Number = Any
"""A Python integer or an array of uint64: the type checker cannot follow arithmetic that serves both."""

_MASK: Final = (1 << 64) - 1
_TOP: Final = 1 << 63
_ADDRESS: Final = _MASK ^ 0xFFFF
# Odd multipliers of splitmix64 and of the golden ratio: any odd constants with well-spread bits would do.
_FIRST: Final = 0x9E3779B97F4A7C15
_SECOND: Final = 0xBF58476D1CE4E5B9
_THIRD: Final = 0x94D049BB133111EB


def mix(value: Number) -> Number:
    """Spread every bit of `value` over all 64 bits (splitmix64's finaliser)."""
    value = (value ^ (value >> 30)) * _SECOND & _MASK
    value = (value ^ (value >> 27)) * _THIRD & _MASK
    return value ^ (value >> 31)


def fold(high: Number, low: Number) -> Number:
    """One 64-bit word of two, the order of which matters."""
    return mix(high * _FIRST & _MASK ^ low)


def ipv6_endpoint(folded: Number, port: Number) -> Number:
    """The key of an IPv6 endpoint: top bit set, 47 bits of the address's folded halves, the port in the low 16 bits."""
    return mix(folded) & _ADDRESS | port | _TOP


def endpoint_key(address: bytes, port: int) -> int:
    """The 64-bit key of an endpoint: IPv4 address << 16 | port; for IPv6 a mix of the address's halves with the top
    bit set, and the port in the low 16 bits there too."""
    if len(address) == 4:
        return int.from_bytes(address, "big") << 16 | port
    return int(ipv6_endpoint(fold(int.from_bytes(address[:8], "big"), int.from_bytes(address[8:16], "big")), port))
