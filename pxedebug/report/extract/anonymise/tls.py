"""TLS records: who says hello to whom under another name, in which version; alerts; nothing else (RFC 8446)."""

from __future__ import annotations

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.tls import decode_client_hello

__all__ = ["is_record", "records"]

_RECORD_HEAD = 5
_HANDSHAKE_HEAD = 9
_HANDSHAKE, _ALERT = b"\x16", b"\x15"
_SUPPORTED_VERSIONS = b"\0\x2b"


def is_record(payload: bytes) -> bool:
    """Whether a segment begins with a record: handshake, alert, application data, change of cipher (RFC 8446 5.1)."""
    return len(payload) >= _RECORD_HEAD and 20 <= payload[0] <= 23 and payload[1] == 3 and payload[2] <= 4


def records(payload: bytes, names: Names) -> bytes:
    """The segment that begins with a record: the heads of those in it, alerts in clear, what a ClientHello says."""
    made = bytearray()
    while is_record(payload[len(made) :]):
        start = len(made)
        made += _record(payload[start : start + _RECORD_HEAD + int.from_bytes(payload[start + 3 : start + 5])], names)
    return bytes(made) + bytes(len(payload) - len(made))


def _record(payload: bytes, names: Names) -> bytes:
    if payload[:1] == _ALERT and payload[3:5] == b"\0\2":
        return payload[:7] + bytes(len(payload[7:]))
    if payload[:1] != _HANDSHAKE:
        return payload[:_RECORD_HEAD] + bytes(len(payload[_RECORD_HEAD:]))
    try:
        decode_client_hello(payload)
    except MalformedFrame:
        kept = _RECORD_HEAD + 1
        return payload[:kept] + bytes(len(payload[kept:]))
    return _client_hello(payload, names)


def _client_hello(payload: bytes, names: Names) -> bytes:
    """Lengths, version, extension types, the versions offered and the server's name; random bytes and keys go."""
    made = bytearray(len(payload))
    at = _RECORD_HEAD + 4 + 2
    made[:at] = payload[:at]
    at += 32
    for size in (1, 2, 1):
        made[at : at + size] = payload[at : at + size]
        at += size + int.from_bytes(payload[at : at + size])
    made[at : at + 2] = payload[at : at + 2]
    at += 2
    while at + 4 <= len(payload):
        kind, length = payload[at : at + 2], int.from_bytes(payload[at + 2 : at + 4])
        value = payload[at + 4 : at + 4 + length]
        made[at : at + 4] = payload[at : at + 4]
        if kind == b"\0\0":
            made[at + 4 : at + 4 + len(value)] = value[:5] + names.strict(value[5:])
        elif kind == _SUPPORTED_VERSIONS:
            made[at + 4 : at + 4 + len(value)] = value
        at += 4 + length
    return bytes(made[: len(payload)])
