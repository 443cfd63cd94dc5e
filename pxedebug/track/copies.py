"""The same message seen twice: a mirror's duplicate (B-13), a relay's forwarded copy (B-15), another vantage point.

A client's retransmission is no copy: it is a packet of its own, with an IP identification of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from pxedebug.track.clients import LoggedMessage
from pxedebug.track.clocks import COPY_WINDOW
from pxedebug.track.limits import Limits
from pxedebug.wire import dhcpv6
from pxedebug.wire.batch import frame_source
from pxedebug.wire.packet import Packet

__all__ = ["original_of"]

_SLOW_MIRROR = 50_000_000
"""The same where the IP identification is not 0 and so tells packets apart."""
_RELAY = 200_000_000
"""Below iPXE's first retransmission after 250 ms (its REQUEST)."""
_OTHER_VANTAGE = 1_000_000_000
"""Between two captures, whose clocks may differ."""
_OPTION_82 = 82
_V6_PORTS = (546, 547)
_V6_RELAYS = (12, 13)
"""RELAY-FORW and RELAY-REPL."""


def original_of(
    packet: Packet,
    kind: str,
    xid: int,
    earlier: Sequence[LoggedMessage],
    look_back: int = Limits().copies_look_back,
) -> int | None:
    """The frame that `packet` repeats, looking through the client's `look_back` latest messages in `earlier`."""
    for message in reversed(earlier[-look_back:]):
        if message.xid != xid or message.type != kind:
            continue
        if packet.time - message.packet.time > _OTHER_VANTAGE:
            return None
        if message.copy_of is None and _copies(packet, message.packet):
            return message.packet.frame
    return None


def _copies(packet: Packet, first: Packet) -> bool:
    gap = packet.time - first.time
    if frame_source(packet.frame) != frame_source(first.frame):
        same = _link(packet) != _link(first) or packet.ip_id == first.ip_id
        return same and gap <= _OTHER_VANTAGE and _content(packet.payload) == _content(first.payload)
    if packet.payload == first.payload:
        if _link(packet) == _link(first):
            return packet.ip_id == first.ip_id and gap < (_SLOW_MIRROR if packet.ip_id else COPY_WINDOW)
        return gap < _RELAY
    relayed = _relayed_v6 if packet.destination_port in _V6_PORTS else _relayed
    return gap < _RELAY and relayed(packet.payload, first.payload)


def _link(packet: Packet) -> tuple[bytes, bytes, tuple[int, ...], int, object]:
    """What differs when one packet is seen at two places."""
    return packet.source_mac, packet.destination_mac, packet.vlans, packet.ttl, packet.destination


def _relayed(later: bytes, first: bytes) -> bool:
    """A message that a relay forwarded: giaddr and hops of a request are its own, option 82 may be (RFC 3046).

    On the way back it removes its option 82 and leaves giaddr as it is; two answers of a server to two relays differ
    in giaddr and are no copies.
    """
    if len(later) <= 240 or len(first) <= 240 or later[0] != first[0]:
        return False
    forwarded = (later[24:28] != first[24:28]) if later[0] == 1 else later[24:28] == first[24:28] != b"\0\0\0\0"
    return forwarded and _content(later) == _content(first)


def _relayed_v6(later: bytes, first: bytes) -> bool:
    """A message with and without the relay messages around it (RFC 8415 section 19)."""
    if (later[0] in _V6_RELAYS) == (first[0] in _V6_RELAYS):
        return False
    inside = [dhcpv6.decode_message(payload)._replace(relays=(), problems=()) for payload in (later, first)]
    return inside[0] == inside[1]


def _content(payload: bytes) -> bytes:
    """A DHCPv4 message without hops, giaddr, option 82 and padding."""
    fixed = payload[:3] + payload[4:24] + payload[28:240]
    rest = payload[240:]
    kept, at = bytearray(), 0
    while at + 1 < len(rest) and rest[at] != 255:
        if rest[at] == 0:
            at += 1
            continue
        end = at + 2 + rest[at + 1]
        if rest[at] != _OPTION_82:
            kept += rest[at:end]
        at = end
    return fixed + bytes(kept)
