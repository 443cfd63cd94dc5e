"""IP addresses for IP addresses: what shares a prefix still does, and each text keeps its length.

An address is replaced octet by octet (IPv6: group by group), each by another of as many digits, chosen by all octets
before it. Prefixes that end inside an octet are kept apart where they are known (`Prefixes`). Special ranges stay in
their range: private, link-local, shared; loopback, multicast and broadcast addresses name nobody and stay. So do the
bits behind a prefix when they are all 0 (the network) or all 1 (its broadcast address).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pxedebug.report.extract.anonymise.secret import Secret

__all__ = ["Addresses", "Prefixes"]

_CACHED = 1 << 16
_V4_MAPPED = (bytes(10) + b"\xff\xff", bytes.fromhex("0064ff9b") + bytes(8))
"""Prefixes before an IPv4 address: RFC 4291 section 2.5.5.2, RFC 6052 section 2.1."""
_SOLICITED_NODE = bytes.fromhex("ff02" + "00" * 9 + "01ff")
_LINK_LOCAL = bytes.fromhex("fe80") + bytes(6)


@dataclass
class Prefixes:
    """Prefix lengths in use: for each octet of IPv4 and group of IPv6 how many of its first bits name a network."""

    octets: list[int] = field(default_factory=lambda: [0] * 4)
    groups: list[int] = field(default_factory=lambda: [0] * 8)
    shortest: int = 0
    """Bits of the shortest IPv4 prefix; 0 while none is known."""

    def add_v4(self, bits: int) -> None:
        """A prefix of `bits` bits."""
        if 0 < bits < 32:
            self.octets[bits // 8] = max(self.octets[bits // 8], bits % 8)
            self.shortest = min(self.shortest or 32, bits)

    def add_mask(self, mask: bytes) -> None:
        """A subnet mask (option 1)."""
        if len(mask) == 4:
            self.add_v4(int.from_bytes(mask).bit_count())

    def add_v6(self, bits: int) -> None:
        """A prefix of `bits` bits."""
        if 0 < bits < 128:
            self.groups[bits // 16] = max(self.groups[bits // 16], bits % 16)


class Addresses:
    """The addresses of one run. `hardware` replaces the MAC address that an IPv6 address is made of."""

    def __init__(self, secret: Secret, hardware: Callable[[bytes], bytes]) -> None:
        self.prefixes = Prefixes()
        self._secret = secret
        self._hardware = hardware
        self._cache: dict[tuple[bytes, int], bytes] = {}
        self._suffixes: dict[bytes, bytes] = {}
        self._digits: dict[str, str] = {}

    def digits(self, text: str) -> str | None:
        """What stands for an IPv4 address in hexadecimal (small letters), or for its first digits.

        None where no address that begins so was replaced; an even number of digits needs none.
        """
        found = self._digits.get(text)
        if found is None and len(text) in (2, 4, 6):
            packed = bytes.fromhex(text)
            found = self.replace(packed.ljust(4, b"\0"), len(packed) * 8)[: len(packed)].hex()
        return found

    def replace(self, packed: bytes, bits: int | None = None) -> bytes:
        """The address that stands for one of 4 or 16 bytes; with `bits` the network of so many bits."""
        width = len(packed) * 8 if bits is None else bits
        found = self._cache.get((packed, width))
        if found is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
                self._digits.clear()
            found = self._v4(packed, width) if len(packed) == 4 else self._v6(packed, width)
            self._cache[packed, width] = found
            if len(packed) == 16:
                self.pair_suffix(packed[13:], found[13:])
            elif width == 32:
                for count in (1, 3, 5, 7, 8):
                    self._digits.setdefault(packed.hex()[:count], found.hex()[:count])
        return found

    def suffix(self, last: bytes) -> bytes:
        """What stands for the last three bytes of an IPv6 address, as solicited-node groups have them (RFC 4291)."""
        return self._suffixes.get(last) or self._secret.draw("suffix", last, 3)

    def pair_suffix(self, last: bytes, new: bytes) -> None:
        """The last three bytes of a MAC address and of its replacement: IPv6 addresses made of it end so."""
        if len(self._suffixes) < _CACHED:
            self._suffixes.setdefault(last, new)

    def _v4(self, packed: bytes, bits: int) -> bytes:
        if packed[0] in (0, 127) or packed[0] >= 224:
            return packed
        mapped = bytearray(packed)
        for index in range(self._fixed_from(packed, bits)):
            mapped[index] = self._octet(packed[:index], packed[index])
        return bytes(mapped)

    def _fixed_from(self, packed: bytes, bits: int) -> int:
        """The octet from which on all bits are 0 or all are 1: a network or its broadcast address."""
        least = bits if bits < 32 else self.prefixes.shortest
        known = self.prefixes.octets[least // 8] >= least % 8
        least = least // 8 if known else least // 8 + 1
        for fill in (0, 0xFF):
            at = 4
            while at > least and self._is_host_part(at - 1, packed[at - 1], fill, at < 4):
                at -= 1
            if at < 4:
                return at
        return 4

    def _is_host_part(self, index: int, octet: int, fill: int, followed: bool) -> bool:
        """All bits of the octet are `fill`, or those behind a known prefix that ends in it."""
        host = (1 << 8 - self.prefixes.octets[index]) - 1
        split = host != 0xFF and (followed or index == 3)
        return octet == fill or (split and octet & host == fill & host)

    def _octet(self, before: bytes, octet: int) -> int:
        index = len(before)
        host = (1 << 8 - self.prefixes.octets[index]) - 1
        choices = [
            other
            for other in range(1 if index in (0, 3) else 0, 255 if index == 3 else 256)
            if len(str(other)) == len(str(octet))
            and other & ~host == octet & ~host
            and _range_of(before, other) == _range_of(before, octet)
            and (index < 3 or other & host not in (0, host))
        ]
        purpose = f"octet {min(choices)}-{max(choices)}" if choices else ""
        return self._other(purpose, before, octet, choices)

    def _other(self, purpose: str, before: bytes, value: int, choices: list[int]) -> int:
        """Another of the choices, by a rotation: no two values give the same, and none itself."""
        if value not in choices or len(choices) < 2:
            return value
        turn = 1 + self._secret.number(purpose, before, len(choices) - 1)
        return choices[(choices.index(value) + turn) % len(choices)]

    def _v6(self, packed: bytes, bits: int) -> bytes:
        if packed[:13] == _SOLICITED_NODE:
            return packed[:13] + self.suffix(packed[13:])
        if packed[0] == 0xFF or packed[:15] == bytes(15):
            return packed
        if packed[:12] in _V4_MAPPED:
            return packed[:12] + self.replace(packed[12:])
        groups = [int.from_bytes(packed[at : at + 2]) for at in range(0, 16, 2)]
        made_of_mac = packed[11:13] == b"\xff\xfe" and bits == 128
        first = 4 if packed[:8] == _LINK_LOCAL else 0
        mapped = list(groups)
        last = bits // 16 + (bits % 16 > self.prefixes.groups[min(bits // 16, 7)])
        for index in range(first, 4 if made_of_mac else min(last, 8)):
            mapped[index] = self._group(packed[: 2 * index], groups[index])
        result = b"".join(group.to_bytes(2) for group in mapped)
        if not made_of_mac:
            return result
        mac = self._hardware(bytes((packed[8] ^ 2,)) + packed[9:11] + packed[13:])
        return result[:8] + bytes((mac[0] ^ 2,)) + mac[1:3] + b"\xff\xfe" + mac[3:]

    def _group(self, before: bytes, group: int) -> int:
        """A group of as many hexadecimal digits; the first keeps its first digit, a unique local one its first two."""
        digits = (group.bit_length() + 3) // 4
        low, high = (16 ** (digits - 1), 16**digits - 1) if digits else (0, 0)
        kept = self.prefixes.groups[len(before) // 2]
        if not before:
            kept = max(kept, 8 if group >> 9 == 0x7E else 10 if group >> 6 == 0x3FA else 4)
        host = (1 << 16 - kept) - 1
        low, high = max(low, group & ~host), min(high, group | host)
        if high - low < 1:
            return group
        turn = 1 + self._secret.number(f"group {low}-{high}", before, high - low)
        return low + (group - low + turn) % (high - low + 1)


def _range_of(before: bytes, octet: int) -> int | str:
    """Which special range an octet belongs to by itself and those before it; a number stays alone in its range."""
    if not before:
        return octet if octet in (10, 100, 127, 169, 172, 192) else "multicast" if octet >= 224 else "public"
    if before == b"\xa9":
        return octet if octet == 254 else "public"
    if before == b"\xac":
        return octet if octet == 17 else "private" if 16 <= octet < 32 else "public"
    if before == b"\xc0":
        return octet if octet == 168 else "public"
    if before == b"\x64":
        return "shared" if 64 <= octet < 128 else "public"
    return octet if before == b"\xc0\xa8" and octet == 65 else "any"
