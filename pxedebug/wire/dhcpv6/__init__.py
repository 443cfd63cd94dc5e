"""DHCPv6: a UDP payload of ports 546 and 547 to a typed message and back.

Relay messages are unwrapped, so that a `Dhcp6Message` is what client and server said and `relays` says on which way.
Option data is kept raw and decoded on demand, the boot options and what identifies the client in full.
"""

from __future__ import annotations

from pxedebug.wire.dhcpv6.message import MAX_HOPS, Dhcp6Message, Relay, decode_message, encode_message
from pxedebug.wire.dhcpv6.registry import MESSAGE_TYPES, OPTION_NAMES, STATUS_NAMES, message_type

__all__ = [
    "MAX_HOPS",
    "MESSAGE_TYPES",
    "OPTION_NAMES",
    "STATUS_NAMES",
    "Dhcp6Message",
    "Relay",
    "decode_message",
    "encode_message",
    "message_type",
]
