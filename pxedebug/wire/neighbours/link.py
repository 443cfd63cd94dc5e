"""Which protocol a captured frame carries and where it begins, for the link types that neighbour frames come on."""

from __future__ import annotations

__all__ = ["BPDU", "CDP", "PVST", "announced", "locate"]

BPDU, CDP, PVST = -1, -2, -3
"""Protocols that LLC and SNAP name, beside EtherTypes, which are positive."""

_TAGS = (0x8100, 0x88A8, 0x9100)
_IPV4, _IPV6 = 0x0800, 0x86DD
_SMALLEST_ETHERTYPE = 0x0600
_CISCO = b"\xaa\xaa\x03\x00\x00\x0c"
_ENCAPSULATED = (b"\xaa\xaa\x03\x00\x00\x00", b"\xaa\xaa\x03\x00\x00\xf8")
"""SNAP headers before an EtherType: RFC 1042 and IEEE 802.1H."""
_BRIDGE = b"\x42\x42\x03"

_ETHERNET, _SLL, _SLL2 = 1, 113, 276
_NULL, _LOOP = 0, 108
_RAW = (12, 14, 101, 228, 229)


def locate(frame: bytes, link_type: int) -> tuple[int, int] | None:
    """EtherType (or one of the constants above) and offset of what it announces; None where this module cannot tell.

    `link_type` is the LINKTYPE_ value of the interface. VLAN tags are skipped.
    """
    if link_type == _ETHERNET:
        return _typed(frame, 12)
    if link_type == _SLL:
        return _cooked(frame, 14)
    if link_type == _SLL2:
        # The protocol stands first, the payload after a header of 20 bytes.
        return _from_type(int.from_bytes(frame[:2]), frame, 20) if len(frame) >= 20 else None
    if link_type in (_NULL, _LOOP):
        return _raw(frame, 4)
    return _raw(frame, 0) if link_type in _RAW else None


def announced(frame: bytes, network: int) -> int:
    """What the bytes around a network header say that it is, inside tunnels too: as `locate`, 0 where they do not tell.

    A BPDU's network header is its LLC header; no IPv4 header begins so. Behind IP options or in raw IP the bytes
    before `network` may be anything, hence only IP headers without version 4 or 6 are told by an EtherType.
    """
    if frame[network : network + 3] == _BRIDGE:
        return BPDU
    if frame[network] >> 4 in (4, 6):
        return 0
    head = _logical_link(frame, network - 8) if network >= 8 else None
    if head is not None and head[1] == network:
        return head[0]
    return int.from_bytes(frame[network - 2 : network]) if network >= 2 else 0


def _cooked(frame: bytes, at: int) -> tuple[int, int] | None:
    """Protocol 4 of a cooked header announces LLC."""
    return _typed(frame, at) if len(frame) >= at + 2 else None


def _typed(frame: bytes, at: int) -> tuple[int, int] | None:
    """From an EtherType or a length at `at`."""
    if len(frame) < at + 2:
        return None
    return _from_type(int.from_bytes(frame[at : at + 2]), frame, at + 2)


def _from_type(kind: int, frame: bytes, at: int) -> tuple[int, int] | None:
    while kind in _TAGS and len(frame) >= at + 4:
        kind = int.from_bytes(frame[at + 2 : at + 4])
        at += 4
    return (kind, at) if kind >= _SMALLEST_ETHERTYPE else _logical_link(frame, at)


def _logical_link(frame: bytes, at: int) -> tuple[int, int] | None:
    """From an LLC header (IEEE 802.2), SNAP included."""
    head = frame[at : at + 8]
    if head[:3] == _BRIDGE:
        return BPDU, at + 3
    if head[:6] == _CISCO and head[6:] in (b"\x20\x00", b"\x01\x0b"):
        return (CDP if head[6] == 0x20 else PVST), at + 8
    if head[:6] in _ENCAPSULATED and len(head) == 8:
        return int.from_bytes(head[6:]), at + 8
    return None


def _raw(frame: bytes, at: int) -> tuple[int, int] | None:
    version = frame[at] >> 4 if len(frame) > at else 0
    kind = {4: _IPV4, 6: _IPV6}.get(version)
    return None if kind is None else (kind, at)
