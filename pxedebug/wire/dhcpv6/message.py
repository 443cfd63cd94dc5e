"""One DHCPv6 message with the relays it came through (RFC 8415 sections 8 and 9)."""

from __future__ import annotations

import struct
from ipaddress import IPv6Address
from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcpv6 import describe
from pxedebug.wire.dhcpv6.options import Options, data_list, encode_options, find, hardware_address, split_options
from pxedebug.wire.dhcpv6.registry import message_type
from pxedebug.wire.optionline import OptionLine

__all__ = ["MAX_HOPS", "Dhcp6Message", "Relay", "decode_message", "encode_message"]

MAX_HOPS = 32
"""Relays that are unwrapped; RFC 8415 section 7.6 lets a relay refuse more than 8."""

_RELAY_TYPES = (12, 13)
_RELAY_MESSAGE = 9
_RELAY_HEADER = 34
_IA_HEADERS = {3: 12, 4: 4, 25: 12}
_IA_MEMBERS = {5: 24, 26: 25}


class Relay(NamedTuple):
    """What one relay agent added (RFC 8415 section 9)."""

    hop_count: int
    link_address: IPv6Address
    """Names the client's link, as giaddr does in DHCPv4; unspecified where a relay nearer to the client named it."""
    peer_address: IPv6Address
    """Whom the relay had the message from (on replies: whom it goes to)."""
    options: Options
    """The relay's own options, without the relayed message."""
    type_code: int = 12
    message_position: int | None = None
    """How many of the relay's options stand before the relayed message; None where that is missing or unreadable."""


class Dhcp6Message(NamedTuple):
    """The message of client or server, taken out of its relay messages."""

    type_code: int
    transaction_id: int
    """24 bits; 0 where only relay headers could be read."""
    options: Options
    """Code and data of each whole option, in order."""
    relays: tuple[Relay, ...] = ()
    """Outermost (nearest to the server) first."""
    problems: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """SOLICIT, ADVERTISE, ... as RFC 8415 section 7.3 names it; `TYPE-n` for unknown ones."""
        return message_type(self.type_code)

    @property
    def xid(self) -> int:
        """The transaction id, by the name that it has in DHCPv4."""
        return self.transaction_id

    def option(self, code: int) -> bytes | None:
        """Data of the first option of that code, or None."""
        return find(self.options, code)

    @property
    def client_duid(self) -> bytes | None:
        """The client's DUID (option 1), its type included."""
        return self.option(1)

    @property
    def server_duid(self) -> bytes | None:
        """The server's DUID (option 2), its type included."""
        return self.option(2)

    @property
    def duid_uuid(self) -> bytes | None:
        """The 16 bytes of a client's DUID-UUID (RFC 6355), in the order of option 97's machine identifier."""
        duid = self.client_duid or b""
        return duid[2:] if len(duid) == 18 and duid[:2] == b"\0\4" else None

    @property
    def duid_mac(self) -> bytes | None:
        """The client's Ethernet address: as a relay saw it (option 79, RFC 6939), else from a DUID-LLT or DUID-LL.

        The relay comes first, because a DUID outlives the network card that it was made from.
        """
        for relay in reversed(self.relays):
            if seen := hardware_address(find(relay.options, 79) or b""):
                return seen
        duid = self.client_duid or b""
        if duid[:2] == b"\0\1":
            return hardware_address(duid[2:4] + duid[8:])
        return hardware_address(duid[2:]) if duid[:2] == b"\0\3" else None

    @property
    def architectures(self) -> tuple[int, ...]:
        """Client system architecture types (option 61), the same numbers as DHCPv4 option 93."""
        return _numbers(self.option(61))

    @property
    def vendor_class(self) -> bytes | None:
        """The first string of the vendor class (option 16): `PXEClient:Arch:...`, `HTTPClient:...`."""
        classes = data_list((self.option(16) or b"")[4:])
        return classes[0] if classes else None

    @property
    def vendor_enterprise(self) -> int | None:
        """The enterprise number of the vendor class (343 is Intel's, which EDK2 sends)."""
        data = self.option(16) or b""
        return int.from_bytes(data[:4]) if len(data) >= 4 else None

    @property
    def user_class(self) -> tuple[bytes, ...]:
        """The strings of the user class (option 15); data that is no such list is given as one string."""
        data = self.option(15)
        if not data:
            return ()
        classes = data_list(data)
        return (data,) if classes is None else classes

    @property
    def boot_file_url(self) -> bytes | None:
        """The boot file URL (option 59, RFC 5970 section 3.1)."""
        return self.option(59)

    @property
    def boot_parameters(self) -> tuple[bytes, ...]:
        """The boot file's parameters (option 60, RFC 5970 section 3.2).

        EDK2 reads the first as the file's size in 512-byte blocks.
        """
        return data_list(self.option(60) or b"") or ()

    @property
    def status(self) -> tuple[int, bytes] | None:
        """Status code and text (option 13) of the message or of what it assigns.

        Of several, the first that is no success, else the first.
        """
        found = self.statuses
        return next((status for status in found if status[0] != 0), found[0] if found else None)

    @property
    def statuses(self) -> tuple[tuple[int, bytes], ...]:
        """All of them, the message's own first."""
        return tuple(status for data in _status_options(self.options) if (status := _status(data)) is not None)

    @property
    def refusal(self) -> tuple[int, bytes] | None:
        """The status with which a server grants nothing: it failed as a whole, or inside and gives no address; None
        where it grants something or says no status."""
        own = _status(self.option(13) or b"")
        if own is not None and own[0] != 0:
            return own
        status = self.status
        return None if status is None or status[0] == 0 or self.addresses else status

    @property
    def addresses(self) -> tuple[IPv6Address, ...]:
        """Addresses (IAADDR) inside the identity associations IA_NA and IA_TA."""
        return tuple(
            IPv6Address(data[:16])
            for inner in _identity_associations(self.options, (3, 4))
            for code, data in inner
            if code == 5 and len(data) >= 24
        )

    @property
    def elapsed(self) -> int | None:
        """Hundredths of a second since the client began (option 8)."""
        data = self.option(8)
        return int.from_bytes(data) if data is not None and len(data) == 2 else None

    @property
    def requested(self) -> tuple[int, ...]:
        """Option codes that the client asks for (option 6)."""
        return _numbers(self.option(6))

    def describe(self) -> tuple[OptionLine, ...]:
        """All options in readable form, the options inside them as children; each relay is a line of its own."""
        relays = tuple(
            describe.relay_line(relay.type_code, relay.hop_count, relay.link_address, relay.peer_address, relay.options)
            for relay in self.relays
        )
        return relays + describe.option_lines(self.options)


def decode_message(payload: bytes) -> Dhcp6Message:
    """The innermost message of a DHCPv6 payload. Raises MalformedFrame for fewer than four bytes.

    Options that reach beyond their container are left out and noted in `problems`. Where no inner message can be
    read, the value is the innermost relay message that can.
    """
    if len(payload) < 4:
        raise MalformedFrame(f"DHCPv6 message of {len(payload)} bytes")
    problems: list[str] = []
    relays: list[Relay] = []
    message = payload
    while message[0] in _RELAY_TYPES and len(relays) < MAX_HOPS and len(message) >= _RELAY_HEADER:
        relay, inner = _decode_relay(message, problems)
        relays.append(relay)
        if inner is None:
            return Dhcp6Message(relay.type_code, 0, (), tuple(relays), tuple(problems))
        message = inner
    if message[0] in _RELAY_TYPES:
        problems.append(f"relay message of {len(message)} bytes in {len(relays)} relays is not unwrapped")
        return Dhcp6Message(message[0], 0, (), tuple(relays), tuple(problems))
    options, _ = split_options(message[4:], problems)
    return Dhcp6Message(message[0], int.from_bytes(message[1:4]), options, tuple(relays), tuple(problems))


def _decode_relay(message: bytes, problems: list[str]) -> tuple[Relay, bytes | None]:
    """One relay header, and the message inside it as far as it is there."""
    options, cut = split_options(message[_RELAY_HEADER:], problems)
    position = next((index for index, (code, _) in enumerate(options) if code == _RELAY_MESSAGE), None)
    inner = None if position is None else options[position][1]
    if inner is None and cut is not None and cut[0] == _RELAY_MESSAGE:
        inner = cut[1]
    if inner is None or len(inner) < 4:
        problems.append("relay message without a message inside")
        inner = position = None
    if position is not None:
        options = options[:position] + options[position + 1 :]
    link, peer = IPv6Address(message[2:18]), IPv6Address(message[18:34])
    return Relay(message[1], link, peer, options, message[0], position), inner


def encode_message(message: Dhcp6Message) -> bytes:
    """The UDP payload of a message with its relays: the inverse of `decode_message` where that noted no problems."""
    relays = list(message.relays)
    if relays and message.type_code in _RELAY_TYPES:
        last = relays.pop()
        encoded = _relay_header(last) + encode_options(last.options)
    else:
        head = struct.pack(">I", message.type_code << 24 | message.transaction_id & 0xFFFFFF)
        encoded = head + encode_options(message.options)
    for relay in reversed(relays):
        position = len(relay.options) if relay.message_position is None else relay.message_position
        inner = (_RELAY_MESSAGE, encoded)
        encoded = _relay_header(relay) + encode_options((*relay.options[:position], inner, *relay.options[position:]))
    return encoded


def _relay_header(relay: Relay) -> bytes:
    return bytes((relay.type_code, relay.hop_count)) + relay.link_address.packed + relay.peer_address.packed


def _numbers(data: bytes | None) -> tuple[int, ...]:
    data = data or b""
    return tuple(int.from_bytes(data[at : at + 2]) for at in range(0, len(data) - 1, 2))


def _status(data: bytes) -> tuple[int, bytes] | None:
    return (int.from_bytes(data[:2]), data[2:]) if len(data) >= 2 else None


def _identity_associations(options: Options, codes: tuple[int, ...]) -> list[Options]:
    """The options inside each identity association of the given kinds."""
    return [
        split_options(data[_IA_HEADERS[code] :], [])[0]
        for code, data in options
        if code in codes and len(data) >= _IA_HEADERS[code]
    ]


def _status_options(options: Options) -> list[bytes]:
    """Data of all status options: of the message, of its identity associations, of their addresses and prefixes."""
    groups = [options]
    for inner in _identity_associations(options, (3, 4, 25)):
        groups.append(inner)
        groups += [split_options(data[_IA_MEMBERS[code] :], [])[0] for code, data in inner if code in _IA_MEMBERS]
    return [data for group in groups for code, data in group if code == 13]
