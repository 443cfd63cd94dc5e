"""What names a machine: hardware addresses, UUIDs, client identifiers; each has one replacement wherever it stands."""

from __future__ import annotations

from pxedebug.diagnose.claims import is_virtual
from pxedebug.report.extract.anonymise.addresses import Addresses
from pxedebug.report.extract.anonymise.secret import Secret

__all__ = ["Identities"]

_RASPBERRY_PI = frozenset(
    bytes.fromhex(block) for block in ("b827eb", "dca632", "e45f01", "28cdc1", "d83add", "2ccf67")
)
"""Blocks by which a Raspberry Pi is known (`firmware.fingerprint`)."""
_SOLICITED_NODE = b"\x33\x33\xff"
_GROUP, _LOCAL = 1, 2
_PI_ROM = b"\x44" * 16
_PI_EEPROM = b"RPi"
_DUID_LLT, _DUID_EN, _DUID_LL, _DUID_UUID = 1, 2, 3, 4
_ETHERNET = b"\0\1"
_HALF, _HALF_MASK, _TURNS = 12, 0xFFF, 6
_REMEMBERED = 1 << 16


class Identities:
    """The replacements of one run."""

    def __init__(self, secret: Secret) -> None:
        self.secret = secret
        self.addresses = Addresses(secret, self.mac)
        self.macs: dict[bytes, bytes] = {}
        """MAC addresses replaced so far, the first ones of a flood."""
        self._ends: dict[bytes, bytes] = {}

    def ip(self, packed: bytes) -> bytes:
        """The IP address for one of 4 or 16 bytes; other bytes as opaque ones."""
        return self.addresses.replace(packed) if len(packed) in (4, 16) else self.secret.opaque(packed)

    def ips(self, packed: bytes, size: int = 4) -> bytes:
        """A list of addresses; what is left over after the last whole one is opaque."""
        whole = len(packed) - len(packed) % size
        parts = [self.ip(packed[at : at + size]) for at in range(0, whole, size)]
        return b"".join(parts) + self.secret.opaque(packed[whole:])

    def mac(self, hardware: bytes) -> bytes:
        """The hardware address for one; groups, virtual routers and zeros stay, six bytes give a local address.

        A Raspberry Pi's keeps its first three bytes, because rules know it by them.
        """
        if len(hardware) != 6 or not any(hardware):
            return self.secret.opaque(hardware)
        if hardware[:3] == _SOLICITED_NODE:
            return _SOLICITED_NODE + self.addresses.suffix(hardware[3:])
        if hardware[0] & _GROUP or is_virtual(hardware):
            return hardware
        found = self.macs.get(hardware)
        if found is None:
            found = self._new_mac(hardware)
            if len(self.macs) < _REMEMBERED:
                self.macs[hardware] = found
                self._ends.setdefault(hardware[2:], found[2:])
                self.addresses.pair_suffix(hardware[3:], found[3:])
        return found

    def _new_mac(self, hardware: bytes) -> bytes:
        """Another block, and within it a permutation of the last 24 bits (a Feistel network): no two become one."""
        block = hardware[:3]
        if block not in _RASPBERRY_PI:
            drawn = self.secret.draw("block", block, 3)
            block = bytes((drawn[0] & ~_GROUP | _LOCAL,)) + drawn[1:]
        card = int.from_bytes(hardware[3:])
        left, right = card >> _HALF, card & _HALF_MASK
        for turn in range(_TURNS):
            mixed = self.secret.number(f"card {turn}", hardware[:3] + right.to_bytes(2), 1 << _HALF)
            left, right = right, left ^ mixed
        return block + (left << _HALF | right).to_bytes(3)

    def uuid(self, value: bytes) -> bytes:
        """The UUID for one of 16 bytes, the same in either byte order of its first three fields.

        Placeholders stay: all 00, all FF, the one of the Raspberry Pi's ROM. A MAC address at the end is replaced as
        such.
        """
        if len(value) != 16 or value in (bytes(16), b"\xff" * 16, _PI_ROM):
            return self.secret.opaque(value) if len(value) != 16 else value
        swapped = _swap(value)
        found = self.secret.draw("uuid", min(value, swapped), 16)
        found = found if value <= swapped else _swap(found)
        if value.startswith(_PI_EEPROM):
            found = value[:4] + found[4:]
        return found[:10] + self.macs[value[10:]] if value[10:] in self.macs else found

    def association(self, number: bytes) -> bytes:
        """An IAID of four bytes; often the end of a MAC address (RFC 8415 section 12)."""
        return self._ends.get(number) or self.secret.opaque(number)

    def duid(self, value: bytes) -> bytes:
        """A DHCP unique identifier (RFC 8415 section 11, RFC 6355)."""
        kind = int.from_bytes(value[:2])
        if kind == _DUID_LLT and value[2:4] == _ETHERNET:
            return value[:4] + self.secret.opaque(value[4:8]) + self.mac(value[8:])
        if kind == _DUID_LL and value[2:4] == _ETHERNET:
            return value[:4] + self.mac(value[4:])
        if kind == _DUID_UUID:
            return value[:2] + self.uuid(value[2:])
        kept = 6 if kind == _DUID_EN else 2
        return value[:kept] + self.secret.opaque(value[kept:])

    def client_id(self, value: bytes) -> bytes:
        """Option 61: a hardware type and address, a UUID, an RFC 4361 identifier, or anything."""
        kind, rest = value[:1], value[1:]
        if kind == b"\xff" and len(rest) > 4:
            return kind + self.association(rest[:4]) + self.duid(rest[4:])
        if len(rest) == 6:
            return kind + self.mac(rest)
        if len(rest) == 16:
            return kind + self.uuid(rest)
        return kind + self.secret.opaque(rest)


def _swap(value: bytes) -> bytes:
    """A UUID with its first three fields in the other byte order."""
    return value[3::-1] + value[5:3:-1] + value[7:5:-1] + value[8:]
