"""DHCPv6 messages with other identifiers, every option as long as it was (RFC 8415, RFC 5970)."""

from __future__ import annotations

from collections.abc import Callable

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.dhcp import DhcpRewriter
from pxedebug.report.extract.anonymise.dhcp_options import boot_class
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.report.extract.anonymise.suboptions import counted

__all__ = ["Dhcp6Rewriter"]

_Rewriter = Callable[[bytes], bytes]

_RELAYS = (12, 13)
_RELAY_HEADER, _HEADER = 34, 4
_DEEPEST = 32
_NUMBERS = (6, 7, 8, 14, 19, 20, 32, 36, 61, 62, 82, 83, 135)
_ADDRESSES = (12, 22, 23, 27, 28, 31, 34)
_DOMAINS = (21, 24, 29, 30, 33, 57, 58, 64, 65)
_TEXTS = (41, 42, 59, 103, 112)


class Dhcp6Rewriter:
    """Messages of one run."""

    def __init__(self, identities: Identities, names: Names, version_4: DhcpRewriter) -> None:
        self._identities = identities
        self._names = names
        opaque = identities.secret.opaque
        self._table: dict[int, _Rewriter] = {
            **dict.fromkeys(_NUMBERS, bytes),
            **dict.fromkeys(_ADDRESSES, lambda value: identities.ips(value, 16)),
            **dict.fromkeys(_DOMAINS, names.labels),
            **dict.fromkeys(_TEXTS, names.text),
            1: identities.duid,
            2: identities.duid,
            11: lambda value: value[:3] + opaque(value[3:]),
            13: lambda value: value[:2] + names.text(value[2:]),
            15: lambda value: counted(value, names.text, 2) or names.text(value),
            16: self._vendor_class,
            18: names.blob,
            37: lambda value: value[:4] + names.blob(value[4:]),
            38: names.blob,
            39: lambda value: value[:1] + names.labels(value[1:]),
            60: lambda value: counted(value, names.text, 2) or names.text(value),
            79: lambda value: value[:2] + identities.mac(value[2:]),
            80: lambda value: identities.ips(value, 16),
            87: lambda value: _or_zeros(value, version_4.message),
        }

    def message(self, payload: bytes, depth: int = 0) -> bytes:
        """The message that stands for one, relayed or not. Raises MalformedFrame where its header is cut."""
        relayed = payload[:1] and payload[0] in _RELAYS
        header = _RELAY_HEADER if relayed else _HEADER
        if len(payload) < header or depth > _DEEPEST:
            raise MalformedFrame(f"DHCPv6 message of {len(payload)} bytes")
        head = payload[:2] + self._identities.ips(payload[2:34], 16) if relayed else payload[:4]
        return head + self._options(payload[header:], depth)

    def _options(self, data: bytes, depth: int) -> bytes:
        """Code and length (16 bits each) stay; an option that is cut is replaced as far as it goes."""
        made = bytearray()
        while len(data) - len(made) >= 4:
            head = data[len(made) : len(made) + 4]
            value = data[len(made) + 4 : len(made) + 4 + int.from_bytes(head[2:])]
            made += head + self._option(int.from_bytes(head[:2]), value, depth)
        return bytes(made) + bytes(len(data) - len(made))

    def _option(self, code: int, value: bytes, depth: int) -> bytes:
        if code == 9:
            return _or_zeros(value, lambda inner: self.message(inner, depth + 1))
        if code in _CONTAINERS and depth <= _DEEPEST:
            header = _CONTAINERS[code]
            return self._own(code, value[:header]) + self._options(value[header:], depth + 1)
        rewrite = self._table.get(code)
        return bytes(len(value)) if rewrite is None else rewrite(value)

    def _own(self, code: int, header: bytes) -> bytes:
        """What an option that holds options says itself (RFC 8415 sections 21.4 to 21.6, 21.21 and 21.22)."""
        if code == 5:
            return self._identities.ip(header[:16]) + header[16:]
        if code == 26:
            if len(header) < 25:
                return header[:9] + bytes(len(header[9:]))
            return header[:9] + self._identities.addresses.replace(header[9:], min(header[8], 128))
        return (self._identities.association(header[:4]) if header else b"") + header[4:]

    def _vendor_class(self, value: bytes) -> bytes:
        rest = counted(value[4:], lambda item: boot_class(item, self._names), 2)
        return value[:4] + (boot_class(value[4:], self._names) if rest is None else rest)


_CONTAINERS = {3: 12, 4: 4, 5: 24, 25: 12, 26: 25, 66: 0}
"""Options that hold options: the bytes of their own that come first."""


def _or_zeros(value: bytes, rewrite: _Rewriter) -> bytes:
    try:
        return rewrite(value)
    except MalformedFrame:
        return bytes(len(value))
