"""The names of DHCP message types (option 53)."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["MessageType", "message_type_name"]


class MessageType(IntEnum):
    """Option 53, IANA registry "DHCP Message Type 53 Values"; names without the DHCP prefix."""

    DISCOVER = 1
    OFFER = 2
    REQUEST = 3
    DECLINE = 4
    ACK = 5
    NAK = 6
    RELEASE = 7
    INFORM = 8
    FORCERENEW = 9
    """RFC 3203."""
    LEASEQUERY = 10
    """10 to 13: RFC 4388."""
    LEASEUNASSIGNED = 11
    LEASEUNKNOWN = 12
    LEASEACTIVE = 13
    BULKLEASEQUERY = 14
    """14 and 15: RFC 6926."""
    LEASEQUERYDONE = 15
    ACTIVELEASEQUERY = 16
    """16 to 18: RFC 7724."""
    LEASEQUERYSTATUS = 17
    TLS = 18


_NAMES = {member.value: member.name for member in MessageType}


def message_type_name(code: int) -> str:
    """DISCOVER, OFFER, ...; `TYPE-106` for a number that the registry does not know."""
    return _NAMES.get(code) or f"TYPE-{code}"
