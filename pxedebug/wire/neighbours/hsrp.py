"""HSRP: two Cisco routers share a gateway address (version 1: RFC 2281 section 5; 2: as Wireshark documents it)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.packet import Address, address

__all__ = ["PORTS", "Hsrp", "decode_hsrp"]

PORTS = (1985, 2029)
"""UDP ports: IPv4, IPv6."""

_STATES_1 = {0: "initial", 1: "learn", 2: "listen", 4: "speak", 8: "standby", 16: "active"}
_STATES_2 = {0: "disabled", 1: "initial", 2: "learn", 3: "listen", 4: "speak", 5: "standby", 6: "active"}
_LAST_OPCODE = 2
"""Hello, coup, resign; what lies above has another layout."""


class Hsrp(NamedTuple):
    """One message of a router of the group."""

    version: int
    """1 or 2."""
    state: str
    """`active`, `standby`, `speak`, `listen`, `learn`, `initial`, `disabled` or `state-N`."""
    group: int
    priority: int
    address: Address
    """The shared address, 0.0.0.0 where the sender does not know it yet."""


def decode_hsrp(payload: bytes) -> Hsrp | None:
    """The HSRP message in a UDP payload, None for advertisements. Raises MalformedFrame when too short."""
    if len(payload) < 20:
        raise MalformedFrame(f"HSRP message of {len(payload)} bytes")
    if payload[0] == 0:
        return _version_1(payload)
    if payload[0] == 1:
        return _version_2(payload)
    return None


def _version_1(data: bytes) -> Hsrp | None:
    if data[1] > _LAST_OPCODE:
        return None
    return Hsrp(1, _STATES_1.get(data[2], f"state-{data[2]}"), data[6], data[5], address(data[16:20]))


def _version_2(data: bytes) -> Hsrp | None:
    """A group state field (type 1) of 40 bytes, the first of the message."""
    if data[1] < 40 or data[3] > _LAST_OPCODE:
        return None
    if len(data) < 42:
        raise MalformedFrame(f"HSRP group state of {len(data)} bytes")
    shared = data[26:42] if data[5] == 6 else data[26:30]
    group, priority = int.from_bytes(data[6:8]), int.from_bytes(data[14:18])
    return Hsrp(2, _STATES_2.get(data[4], f"state-{data[4]}"), group, priority, address(shared))
