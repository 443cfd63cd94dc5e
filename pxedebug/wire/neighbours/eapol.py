"""EAP over LAN: an 802.1X port that asks for authentication (IEEE 802.1X-2010 clause 11, RFC 3748 section 4)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame

__all__ = ["Eapol", "decode_eapol"]

_EAP_PACKET = 0


class Eapol(NamedTuple):
    """One EAPOL frame."""

    version: int
    type: int
    """0 EAP packet, 1 start, 2 logoff, 3 key."""
    eap_code: int | None
    """1 request, 2 response, 3 success, 4 failure; None where the frame holds no EAP packet."""
    eap_type: int | None = None
    """1 identity, 3 NAK, 13 TLS, 25 PEAP, ...; requests and responses only."""
    identifier: int | None = None
    """Pairs a response with its request."""


def decode_eapol(data: bytes) -> Eapol:
    """The EAPOL frame after its EtherType. Raises MalformedFrame when too short."""
    if len(data) < 4:
        raise MalformedFrame(f"EAPOL frame of {len(data)} bytes")
    version, kind = data[0], data[1]
    body = data[4 : 4 + int.from_bytes(data[2:4])]
    if kind != _EAP_PACKET or len(body) < 4:
        return Eapol(version, kind, None)
    eap_type = body[4] if body[0] in (1, 2) and len(body) > 4 else None
    return Eapol(version, kind, body[0], eap_type, body[1])
