"""Internet checksums carried along with what they cover: right ones stay right, wrong ones wrong (RFC 1624)."""

from __future__ import annotations

__all__ = ["adjusted"]

_ONES = 0xFFFF


def adjusted(checksum: bytes, old: bytes, new: bytes, *, zero_means_none: bool = False) -> bytes:
    """The two bytes of a checksum after `old`, which begins at an even offset of what is covered, became `new`.

    Both may hold the checksum field itself, unchanged. With `zero_means_none` (UDP, RFC 768) 0000 stays 0000 and is
    never the result of another value.
    """
    if zero_means_none and checksum == b"\0\0":
        return checksum
    change = (_sum(new) - _sum(old)) % _ONES
    if not change:
        return checksum
    total = (_ONES - int.from_bytes(checksum) + change) % _ONES or _ONES
    result = _ONES - total
    return (result or (_ONES if zero_means_none else 0)).to_bytes(2)


def _sum(data: bytes) -> int:
    """The sum of 16-bit words, modulo 65535: 65536 is 1 there, so the bytes may be taken as one number."""
    return int.from_bytes(data + b"\0" * (len(data) % 2)) % _ONES
