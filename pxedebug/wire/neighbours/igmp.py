"""IGMP membership queries and reports (RFC 1112, RFC 2236, RFC 3376 section 4)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.packet import Address, address

__all__ = ["Igmp", "decode_igmp"]

_REPORT_3 = 0x22


class Igmp(NamedTuple):
    """One IGMP message."""

    type: int
    """0x11 query, 0x12, 0x16 and 0x22 reports of versions 1 to 3, 0x17 leave."""
    group: Address | None
    """The (first) group; 0.0.0.0 in a general query, None in a report without groups."""
    groups: tuple[Address, ...] = ()
    """All groups of a version 3 report, else the one."""


def decode_igmp(data: bytes) -> Igmp:
    """The IGMP message in an IP payload. Raises MalformedFrame when too short."""
    if len(data) < 8:
        raise MalformedFrame(f"IGMP message of {len(data)} bytes")
    if data[0] != _REPORT_3:
        group = address(data[4:8])
        return Igmp(data[0], group, (group,))
    groups = _records(data[8:], int.from_bytes(data[6:8]))
    return Igmp(data[0], groups[0] if groups else None, groups)


def _records(data: bytes, count: int) -> tuple[Address, ...]:
    """Groups of a version 3 report: a header of eight bytes, then sources and auxiliary data (RFC 3376 section 4.2)."""
    groups: list[Address] = []
    at = 0
    while len(groups) < count and at + 8 <= len(data):
        groups.append(address(data[at + 4 : at + 8]))
        at += 8 + (int.from_bytes(data[at + 2 : at + 4]) + data[at + 1]) * 4
    return tuple(groups)
