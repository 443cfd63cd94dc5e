"""LACPDUs (IEEE 802.1AX-2014 clause 6.4.2.3)."""

from __future__ import annotations

from enum import IntFlag
from typing import NamedTuple

from pxedebug.errors import MalformedFrame

__all__ = ["Lacp", "LacpState", "decode_slow"]

_LACP = 1


class LacpState(IntFlag):
    """State bits of an actor or a partner."""

    ACTIVITY = 0x01
    SHORT_TIMEOUT = 0x02
    AGGREGATION = 0x04
    SYNCHRONIZATION = 0x08
    COLLECTING = 0x10
    DISTRIBUTING = 0x20
    DEFAULTED = 0x40
    EXPIRED = 0x80


class Lacp(NamedTuple):
    """What one end of a link says of itself (actor) and of what it believes the other end to be (partner)."""

    actor_state: LacpState
    partner_state: LacpState
    actor_system: bytes
    """The actor's system MAC address."""
    partner_system: bytes
    """All zero where the actor has heard no partner."""
    actor_port: int
    partner_port: int
    actor_key: int
    partner_key: int

    @property
    def forwarding(self) -> bool:
        """The actor both collects and distributes on this link."""
        both = LacpState.COLLECTING | LacpState.DISTRIBUTING
        return self.actor_state & both == both


def decode_slow(data: bytes) -> Lacp | None:
    """The LACPDU after a slow protocols EtherType; None for other subtypes. Raises MalformedFrame when too short."""
    if not data:
        raise MalformedFrame("slow protocols frame without a subtype")
    if data[0] != _LACP:
        return None
    if len(data) < 42 or data[2:4] != b"\x01\x14" or data[22:24] != b"\x02\x14":
        raise MalformedFrame("LACPDU without actor and partner information")
    actor, partner = data[4:22], data[24:42]
    return Lacp(
        LacpState(actor[14]),
        LacpState(partner[14]),
        actor[2:8],
        partner[2:8],
        int.from_bytes(actor[12:14]),
        int.from_bytes(partner[12:14]),
        int.from_bytes(actor[8:10]),
        int.from_bytes(partner[8:10]),
    )
