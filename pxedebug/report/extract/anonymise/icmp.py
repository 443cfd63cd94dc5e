"""ICMP and ICMPv6 with other addresses, quoted packets included (RFC 792, RFC 4443, RFC 4861)."""

from __future__ import annotations

from collections.abc import Callable

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names

__all__ = ["rewrite_icmp", "rewrite_icmp6", "rewrite_igmp"]

_Quoted = Callable[[bytes], bytes]

_QUOTING = (3, 4, 5, 11, 12)
_REDIRECT = 5
_QUOTING_6 = (1, 2, 3, 4)
_DISCOVERY = {133: 8, 134: 16, 135: 24, 136: 24, 137: 40}
_LISTENER = (130, 131, 132)
_LISTENER_2 = 143
_SOURCE_LINK, _TARGET_LINK, _PREFIX, _REDIRECTED, _MTU, _ROUTE, _SERVERS, _SEARCH = 1, 2, 3, 4, 5, 24, 25, 31
_REPORT_3, _QUERY = 0x22, 0x11


def rewrite_icmp(body: bytes, identities: Identities, quoted: _Quoted) -> bytes:
    """An ICMP message; `quoted` replaces the packet that an error is about."""
    if len(body) < 8:
        raise MalformedFrame(f"ICMP message of {len(body)} bytes")
    if body[0] not in _QUOTING:
        return body[:8] + bytes(len(body) - 8)
    gateway = identities.ip(body[4:8]) if body[0] == _REDIRECT else body[4:8]
    return body[:4] + gateway + quoted(body[8:])


def rewrite_icmp6(body: bytes, identities: Identities, names: Names, quoted: _Quoted) -> bytes:
    """An ICMPv6 message: errors, discovery and listener reports; an echo's content becomes zeros."""
    if len(body) < 8:
        raise MalformedFrame(f"ICMPv6 message of {len(body)} bytes")
    kind = body[0]
    if kind in _QUOTING_6:
        return body[:8] + quoted(body[8:])
    if kind in _DISCOVERY:
        return _discovery(body, _DISCOVERY[kind], identities, names, quoted)
    if kind in _LISTENER:
        return body[:8] + identities.ips(body[8:24], 16) + bytes(len(body[24:]))
    if kind == _LISTENER_2:
        return body[:8] + _records(body[8:], identities, 16)
    return body[:8] + bytes(len(body) - 8)


def rewrite_igmp(body: bytes, identities: Identities) -> bytes:
    """An IGMP message: group addresses, and the sources of version 3."""
    if len(body) < 8:
        raise MalformedFrame(f"IGMP message of {len(body)} bytes")
    if body[0] == _REPORT_3:
        return body[:8] + _records(body[8:], identities, 4)
    head = body[:4] + identities.ip(body[4:8])
    return head + (body[8:12] + identities.ips(body[12:]) if body[0] == _QUERY else bytes(len(body) - 8))


def _records(data: bytes, identities: Identities, size: int) -> bytes:
    """Group records of a report: type, auxiliary words, number of sources, group, sources (RFC 3376, RFC 3810)."""
    made = bytearray()
    while len(data) - len(made) >= 4 + size:
        at = len(made)
        end = at + 4 + size * (1 + int.from_bytes(data[at + 2 : at + 4]))
        made += data[at : at + 4] + identities.ips(data[at + 4 : end], size)
        made += bytes(min(data[at + 1] * 4, len(data) - len(made)))
    return bytes(made) + bytes(len(data) - len(made))


def _discovery(body: bytes, size: int, identities: Identities, names: Names, quoted: _Quoted) -> bytes:
    """Fixed fields up to `size`, in which addresses begin at byte 8 but for an advertisement's timers; then options."""
    if len(body) < size:
        raise MalformedFrame(f"ICMPv6 type {body[0]} of {len(body)} bytes")
    fixed = body[8:16] if size == 16 else identities.ips(body[8:size], 16)
    made = bytearray(body[:8] + fixed)
    while len(body) - len(made) >= 2:
        at = len(made)
        option = body[at : at + body[at + 1] * 8]
        if not option:
            break
        made += _option(option, identities, names, quoted)
    return bytes(made) + bytes(len(body) - len(made))


def _option(option: bytes, identities: Identities, names: Names, quoted: _Quoted) -> bytes:
    """Type, length in units of eight bytes, data."""
    kind, head, data = option[0], option[:2], option[2:]
    if kind in (_SOURCE_LINK, _TARGET_LINK):
        return head + identities.mac(data[:6]) + bytes(len(data[6:]))
    if kind == _PREFIX and len(data) == 30:
        return head + data[:14] + identities.addresses.replace(data[14:], min(data[0], 128))
    if kind == _REDIRECTED:
        return head + data[:6] + quoted(data[6:])
    if kind == _MTU:
        return option
    if kind == _ROUTE and len(data) in (14, 22):
        network = identities.addresses.replace(data[6:].ljust(16, b"\0"), min(data[0], 128))
        return head + data[:6] + network[: len(data) - 6]
    if kind == _SERVERS:
        return head + data[:6] + identities.ips(data[6:], 16)
    if kind == _SEARCH:
        return head + data[:6] + names.labels(data[6:])
    return head + bytes(len(data))
