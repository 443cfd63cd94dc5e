"""Control frames of the link with other identifiers: ARP, bridges, LACP, LLDP, CDP, 802.1X; VRRP, HSRP, IGMP.

What a rule reads stays: kinds, states, flags, timers, priorities, VLANs. Layouts are those of `wire.neighbours`.
"""

from __future__ import annotations

from collections.abc import Callable

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.checksums import adjusted
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.neighbours.link import BPDU, CDP, PVST

__all__ = ["ControlRewriter"]

_ARP_HEAD = bytes.fromhex("000108000604")
_ARP_SIZE = 28
_BPDU_SIZE = 35
_ROOT, _BRIDGE = slice(7, 13), slice(19, 25)
_MST_NAME, _MST_DIGEST, _MST_BRIDGE, _MST_RECORDS = slice(39, 71), slice(73, 89), slice(95, 101), 102
_MST_RECORD = 16
_SPANNING_TREES = (2, 3)
_LACP, _LACP_SIZE = 1, 58
_ACTOR, _PARTNER = slice(6, 12), slice(26, 32)
_EAP_HEAD = 9
_CDP_TEXTS = (1, 3, 6)
_CDP_NUMBERS = (4, 0x0A, 0x0B, 0x12, 0x13)


class ControlRewriter:
    """Control frames of one run. Each method raises MalformedFrame where the frame is none of its kind."""

    def __init__(self, identities: Identities, names: Names) -> None:
        self._identities = identities
        self._names = names

    def arp(self, data: bytes) -> bytes:
        """ARP for IPv4 over Ethernet (RFC 826); what pads the frame becomes zeros."""
        if len(data) < _ARP_SIZE or data[:2] + data[2:6] != _ARP_HEAD:
            raise MalformedFrame("no ARP for IPv4 over Ethernet")
        mac, ip = self._identities.mac, self._identities.ip
        parts = (data[:8], mac(data[8:14]), ip(data[14:18]), mac(data[18:24]), ip(data[24:28]))
        return b"".join(parts) + bytes(len(data) - _ARP_SIZE)

    def bpdu(self, data: bytes) -> bytes:
        """A bridge protocol data unit behind its LLC header (IEEE 802.1D clause 9, 802.1Q clause 14)."""
        made = bytearray(data)
        if len(data) < _BPDU_SIZE:
            return bytes(made[:4]) + bytes(len(data[4:]))
        for place in (_ROOT, _BRIDGE):
            made[place] = self._identities.mac(data[place])
        if data[2] not in _SPANNING_TREES or len(data) < _MST_RECORDS:
            return bytes(made)
        made[_MST_NAME] = self._names.blob(data[_MST_NAME])
        made[_MST_DIGEST] = self._identities.secret.opaque(data[_MST_DIGEST])
        made[_MST_BRIDGE] = self._identities.mac(data[_MST_BRIDGE])
        for at in range(_MST_RECORDS, len(data) - _MST_RECORD + 1, _MST_RECORD):
            made[at + 3 : at + 9] = self._identities.mac(data[at + 3 : at + 9])
        return bytes(made)

    def slow(self, data: bytes) -> bytes:
        """LACP (IEEE 802.1AX clause 6.4.2); other slow protocols are not understood."""
        if len(data) < _LACP_SIZE or data[0] != _LACP:
            raise MalformedFrame("no LACP")
        made = bytearray(data[:_LACP_SIZE]) + bytes(len(data) - _LACP_SIZE)
        for place in (_ACTOR, _PARTNER):
            made[place] = self._identities.mac(data[place])
        return bytes(made)

    def eapol(self, data: bytes) -> bytes:
        """802.1X: the kinds of frame and of EAP packet, without identities, challenges and keys."""
        kept = _EAP_HEAD if data[1:2] == b"\0" else 4
        if len(data) < 4:
            raise MalformedFrame("no EAPOL")
        return data[:kept] + bytes(len(data[kept:]))

    def lldp(self, data: bytes) -> bytes:
        """LLDP (IEEE 802.1AB clause 8): seven bits of type, nine of length."""
        made = bytearray()
        while len(data) - len(made) >= 2:
            head = data[len(made) : len(made) + 2]
            number = int.from_bytes(head)
            kind, value = number >> 9, data[len(made) + 2 : len(made) + 2 + (number & 0x1FF)]
            made += head + self._lldp_value(kind, value)
            if not kind:
                break
        return bytes(made) + bytes(len(data) - len(made))

    def _lldp_value(self, kind: int, value: bytes) -> bytes:
        if kind in (1, 2):
            return value[:1] + self._identifier(value[:1] == (b"\4" if kind == 1 else b"\3"), value[1:])
        if kind in (3, 7):
            return value
        if kind in (4, 5, 6):
            return self._names.blob(value)
        if kind == 8:
            size = value[0] if value else 0
            return (
                value[:2]
                + self._identifier(value[1:2] == b"\6", value[2 : 1 + size], 0)
                + bytes(len(value[1 + size :]))
            )
        return value if value[:4] == b"\0\x80\xc2\1" else value[:4] + bytes(len(value[4:]))

    def _identifier(self, hardware: bool, value: bytes, family: int = 1) -> bytes:
        """A MAC address, an IP address (chassis and port: behind a byte that names its family), or a text."""
        if hardware and len(value) == 6:
            return self._identities.mac(value)
        if len(value) - family in (4, 16) and (not family or value[:1] in (b"\1", b"\2")):
            return value[:family] + self._identities.ip(value[family:])
        return self._names.blob(value)

    def cdp(self, data: bytes) -> bytes:
        """CDP behind its SNAP header: version, time, checksum, then type, length and value."""
        if len(data) < 4:
            raise MalformedFrame("no CDP")
        made = bytearray(data[:4])
        while len(data) - len(made) >= 4:
            head = data[len(made) : len(made) + 4]
            kind, length = int.from_bytes(head[:2]), int.from_bytes(head[2:])
            value = data[len(made) + 4 : len(made) + max(length, 4)]
            if kind in _CDP_TEXTS:
                value = self._names.blob(value)
            elif kind not in _CDP_NUMBERS:
                value = bytes(len(value))
            made += head + value
        made += bytes(len(data) - len(made))
        made[2:4] = adjusted(data[2:4], data, bytes(made))
        return bytes(made)

    def vrrp(self, data: bytes, size: int) -> bytes:
        """VRRP (RFC 3768, RFC 9568): the shared addresses, of `size` bytes; version 2's password becomes zeros."""
        if len(data) < 8:
            raise MalformedFrame("no VRRP")
        end = min(8 + data[3] * size, len(data))
        made = bytearray(data[:8] + self._identities.ips(data[8:end], size) + bytes(len(data) - end))
        return bytes(made)

    def hsrp(self, payload: bytes) -> bytes:
        """HSRP 1 (RFC 2281) and 2: the shared address; the password becomes zeros."""
        made = bytearray(payload)
        if len(payload) == 20 and payload[0] == 0:
            made[8:16] = bytes(8)
            made[16:20] = self._identities.ip(payload[16:20])
            return bytes(made)
        if len(payload) < 42 or payload[0] != 1:
            return payload[:2] + bytes(len(payload[2:]))
        made[8:14] = self._identities.mac(payload[8:14])
        size = 16 if payload[5] == 6 else 4
        made[26 : 26 + size] = self._identities.ip(payload[26 : 26 + size])
        made[26 + size : 42] = bytes(16 - size)
        made[42:] = bytes(len(payload) - 42)
        return bytes(made)

    def by_type(self, kind: int) -> Callable[[bytes], bytes] | None:
        """What replaces the payload of an EtherType or LLC protocol that is no IP; None for one not understood."""
        return {
            0x0806: self.arp, 0x8809: self.slow, 0x888E: self.eapol, 0x88CC: self.lldp, BPDU: self.bpdu,
            PVST: self.bpdu, CDP: self.cdp,
        }.get(kind)  # fmt: skip
