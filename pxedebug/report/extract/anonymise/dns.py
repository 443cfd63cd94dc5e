"""DNS messages, and what has their form (mDNS, LLMNR, NetBIOS), with other names and addresses (RFC 1035 section 4)."""

from __future__ import annotations

from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names

__all__ = ["DNS_PORTS", "rewrite_dns"]

DNS_PORTS = frozenset((53, 137, 5353, 5355))
_HEAD = 12
_POINTER = 0xC0
_ADDRESSES = {1: 4, 28: 16}
_NAMES = {2: 0, 5: 0, 12: 0, 15: 2, 33: 6, 39: 0}
"""Records whose data ends in a name: NS, CNAME, PTR, MX, SRV, DNAME, and the bytes before it."""


def rewrite_dns(payload: bytes, identities: Identities, names: Names) -> bytes:
    """The message that stands for one; from where it does not add up on, zeros."""
    made = bytearray(len(payload))
    made[:_HEAD] = payload[:_HEAD]
    questions = int.from_bytes(payload[4:6])
    records = sum(int.from_bytes(payload[at : at + 2]) for at in (6, 8, 10))
    at: int | None = _HEAD
    for _ in range(questions):
        at = _name(payload, made, at, names)
        if at is None:
            return bytes(made)
        made[at : at + 4] = payload[at : at + 4]
        at += 4
    for _ in range(records):
        at = _name(payload, made, at, names)
        if at is None or at + 10 > len(payload):
            break
        at = _record(payload, made, at, identities, names)
    return bytes(made[: len(payload)])


def _record(payload: bytes, made: bytearray, at: int, identities: Identities, names: Names) -> int:
    """Type, class, time to live, length and data at `at`; gives what comes behind."""
    kind, length = int.from_bytes(payload[at : at + 2]), int.from_bytes(payload[at + 8 : at + 10])
    made[at : at + 10] = payload[at : at + 10]
    start, end = at + 10, min(at + 10 + length, len(payload))
    data = payload[start:end]
    if len(data) == _ADDRESSES.get(kind):
        made[start:end] = identities.ip(data)
    elif kind in _NAMES:
        before = min(start + _NAMES[kind], end)
        made[start:before] = payload[start:before]
        _name(payload, made, before, names)
    return end


def _name(payload: bytes, made: bytearray, at: int | None, names: Names) -> int | None:
    """Replace the labels of the name at `at`, up to its end or a pointer; None where it breaks off."""
    while at is not None and at < len(payload):
        length = payload[at]
        made[at] = length
        if length & _POINTER == _POINTER:
            made[at : at + 2] = payload[at : at + 2]
            return at + 2
        at += 1
        if not length:
            return at
        label = payload[at : at + length]
        if length & _POINTER or len(label) < length:
            return None
        made[at : at + length] = names.strict(label)
        at += length
    return None
