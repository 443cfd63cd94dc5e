"""Frames and packets inside GRE and ERSPAN (RFC 2784, RFC 2890, draft-foschiano-erspan-03)."""

from __future__ import annotations

from collections.abc import Callable

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.checksums import adjusted

__all__ = ["gre_payload"]

_CHECKSUM, _KEY, _SEQUENCE, _UNKNOWN = 0x8000, 0x2000, 0x1000, 0x4007
_IP = (0x0800, 0x86DD)
_ETHERNET, _ERSPAN_2, _ERSPAN_3 = 0x6558, 0x88BE, 0x22EB


def gre_payload(body: bytes, packet: Callable[[bytes], bytes], ethernet: Callable[[bytes], bytes]) -> bytes:
    """A GRE header and what it carries, replaced. Raises MalformedFrame for what is not followed."""
    flags, kind = int.from_bytes(body[:2]), int.from_bytes(body[2:4])
    if len(body) < 4 or flags & _UNKNOWN:
        raise MalformedFrame("no GRE version 0")
    header = 4 + 4 * sum(bool(flags & bit) for bit in (_CHECKSUM, _KEY, _SEQUENCE))
    if kind == _ERSPAN_2 and flags & _SEQUENCE:
        header += 8
    elif kind == _ERSPAN_3:
        header += 20 if body[header + 11 : header + 12] and body[header + 11] & 1 else 12
    elif kind not in (*_IP, _ETHERNET, _ERSPAN_2):
        raise MalformedFrame(f"GRE carries protocol {kind:#06x}")
    inner = (packet if kind in _IP else ethernet)(body[header:])
    made = body[:header] + inner
    if flags & _CHECKSUM:
        return made[:4] + adjusted(body[4:6], body, made) + made[6:]
    return made
