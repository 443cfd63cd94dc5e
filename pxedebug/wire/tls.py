"""What TLS shows in clear at the start of a connection: ClientHello and alerts (RFC 8446 sections 4.1.2, 5.1 and 6)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame

__all__ = ["ALERT_NAMES", "ALERT_WORD", "ClientHello", "TlsAlert", "decode_alert", "decode_client_hello", "is_tls"]

ALERT_WORD = 0x1503
"""First two bytes of an alert record, whatever the version."""
ALERT_NAMES = {
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow", 40: "handshake_failure",
    42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired",
    46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
    51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
    86: "inappropriate_fallback", 90: "user_canceled", 109: "missing_extension", 110: "unsupported_extension",
    112: "unrecognized_name", 113: "bad_certificate_status_response", 115: "unknown_psk_identity",
    116: "certificate_required", 120: "no_application_protocol",
}  # fmt: skip
"""By description code, RFC 8446 section 6 and its forerunners."""

_HANDSHAKE, _ALERT = 22, 21
_CLIENT_HELLO = 1
_SERVER_NAME, _SUPPORTED_VERSIONS = 0, 43
_HOST_NAME = 0
_GREASE = 0x0A0A
_RECORD_HEAD = 5


class TlsAlert(NamedTuple):
    """An alert in clear."""

    fatal: bool
    description: int


class ClientHello(NamedTuple):
    """What the client asks for."""

    version: int
    """The highest version offered, as on the wire: 0x0301 TLS 1.0 to 0x0304 TLS 1.3."""
    server_name: bytes | None
    """The host name of the extension server_name (RFC 6066 section 3)."""


def is_tls(payload: bytes) -> bool:
    """Whether a connection that begins with these bytes speaks TLS: a handshake or alert record."""
    return len(payload) >= 3 and payload[0] in (_HANDSHAKE, _ALERT) and payload[1] == 3 and payload[2] <= 4


def decode_alert(payload: bytes) -> TlsAlert:
    """The alert record that `payload` is; MalformedFrame for anything else, encrypted alerts too."""
    if len(payload) < _RECORD_HEAD + 2 or payload[0] != _ALERT or payload[1] != 3:
        raise MalformedFrame("no TLS alert record")
    if payload[3:5] != b"\0\2" or payload[5] not in (1, 2):
        raise MalformedFrame("a TLS alert that is encrypted")
    return TlsAlert(payload[5] == 2, payload[6])


def decode_client_hello(payload: bytes) -> ClientHello:
    """The ClientHello that `payload` begins with. One that is cut gives what stands before the cut.

    MalformedFrame where it is none, or where its lengths contradict each other.
    """
    if not is_tls(payload) or payload[0] != _HANDSHAKE or payload[_RECORD_HEAD : _RECORD_HEAD + 1] != b"\1":
        raise MalformedFrame("no TLS ClientHello")
    body = payload[_RECORD_HEAD + 4 :]
    if len(body) < 34:
        raise MalformedFrame("a TLS ClientHello without version and random bytes")
    version = int.from_bytes(body[:2], "big")
    at = _behind(body, 34, 1)
    at = _behind(body, at, 2)
    at = _behind(body, at, 1)
    name: bytes | None = None
    for kind, value in _extensions(body[at + 2 :]):
        if kind == _SERVER_NAME and name is None:
            name = _host_name(value)
        elif kind == _SUPPORTED_VERSIONS:
            listed = [int.from_bytes(value[n : n + 2], "big") for n in range(1, len(value) - 1, 2)]
            version = max([version, *(one for one in listed if one & 0x0F0F != _GREASE)])
    return ClientHello(version, name)


def _behind(body: bytes, at: int, size: int) -> int:
    """Where the vector at `at`, whose length has `size` bytes, ends."""
    return at + size + int.from_bytes(body[at : at + size], "big")


def _extensions(rest: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 4 <= len(rest):
        kind, length = int.from_bytes(rest[at : at + 2], "big"), int.from_bytes(rest[at + 2 : at + 4], "big")
        found.append((kind, rest[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def _host_name(value: bytes) -> bytes | None:
    """The first host name of a server_name list."""
    if len(value) < 5 or value[2] != _HOST_NAME:
        return None
    return value[5 : 5 + int.from_bytes(value[3:5], "big")] or None
