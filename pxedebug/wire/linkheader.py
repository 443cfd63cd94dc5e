"""The link header of one frame: hardware addresses and VLAN ids, read for the few frames that become packets."""

from __future__ import annotations

from typing import Final

from pxedebug.wire.linktypes import (
    LINKTYPE_ETHERNET,
    LINKTYPE_IEEE802_5,
    LINKTYPE_IEEE802_11,
    LINKTYPE_IEEE802_11_RADIOTAP,
    LINKTYPE_LINUX_SLL,
    LINKTYPE_LINUX_SLL2,
    LINKTYPE_PPI,
)

__all__ = ["LinkHeader", "read_link"]

LinkHeader = tuple[bytes, bytes, tuple[int, ...]]
"""Source MAC address, destination MAC address (either may be empty), VLAN ids from the outermost tag inwards."""

_NOTHING: Final[LinkHeader] = (b"", b"", ())
_TAGS: Final = frozenset({b"\x81\x00", b"\x88\xa8", b"\x91\x00"})
_VLAN_ID: Final = 0x0FFF


def read_link(view: memoryview | bytes, link: int, link_type: int, network: int) -> LinkHeader:
    """Addresses and VLAN ids of the frame whose link header begins at `link` and whose network header at `network`.

    The engine has found the network header, so the link header is known to be whole and of a supported kind.
    """
    if link_type == LINKTYPE_ETHERNET:
        head = bytes(view[link:network])
        return head[6:12], head[:6], () if len(head) == 14 else _vlans(head, 12)
    head = bytes(view[link:network])
    if link_type == LINKTYPE_LINUX_SLL:
        # The tag's EtherType stands in the header, its id is the first thing behind.
        return head[6:12] if head[4:6] == b"\0\x06" else b"", b"", _vlans(head, 14)
    if link_type == LINKTYPE_LINUX_SLL2:
        tagged = _vlans(head[:2] + head[20:], 0)
        return head[12:18] if head[11] == 6 else b"", b"", tagged
    if link_type == LINKTYPE_IEEE802_5:
        return bytes([head[8] & 0x7F]) + head[9:14], head[2:8], ()
    return _wireless(head, link_type)


def _vlans(head: bytes, position: int) -> tuple[int, ...]:
    """The ids of the tags from `position` on, where the first tag's EtherType would stand; id 0 is only a priority."""
    found = []
    while head[position : position + 2] in _TAGS and position + 4 <= len(head):
        tag = int.from_bytes(head[position + 2 : position + 4], "big") & _VLAN_ID
        if tag:
            found.append(tag)
        position += 4
    return tuple(found)


def _wireless(head: bytes, link_type: int) -> LinkHeader:
    """Addresses of an IEEE 802.11 data frame (IEEE 802.11-2020 table 9-30)."""
    if link_type == LINKTYPE_PPI:
        kind = int.from_bytes(head[4:8], "little")
        return read_link(head, int.from_bytes(head[2:4], "little"), kind, len(head))
    if link_type == LINKTYPE_IEEE802_11_RADIOTAP:
        head = head[int.from_bytes(head[2:4], "little") :]
    elif link_type != LINKTYPE_IEEE802_11:
        return _NOTHING
    to_ds, from_ds = head[1] & 1, head[1] & 2
    source = 24 if to_ds and from_ds else 16 if from_ds else 10
    destination = 16 if to_ds else 4
    return head[source : source + 6], head[destination : destination + 6], ()
