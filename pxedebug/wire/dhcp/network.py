# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Options about names and routes: 81 FQDN, 119 domain search, 120 SIP servers, 121 and 249 routes, 143 redirects."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TypeAlias, cast

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import AddressListCodec
from pxedebug.wire.dhcp.codec import Codec, show_text
from pxedebug.wire.packet import address

__all__ = [
    "ClasslessRoute", "ClasslessRoutesCodec", "ClientFqdn", "ClientFqdnCodec", "DomainListCodec", "SipServersCodec",
    "UriListCodec", "decode_name",
]  # fmt: skip

DomainNames: TypeAlias = tuple[tuple[bytes, ...], ...]
"""Domain names, each as its labels without the root."""

_POINTER = 0xC0
_LONGEST_NAME = 255
_MOST_NAMES = 1000
"""Names in one list; pointers of two bytes could otherwise ask for a million labels in one message."""
_FQDN_ENCODED = 0x04
_FQDN_FLAGS = {0x01: "server updates A", 0x02: "server overrode", 0x04: "DNS encoding", 0x08: "no update by server"}


def decode_name(raw: bytes, start: int) -> tuple[tuple[bytes, ...], int]:
    """The labels of the domain name at `start` and the offset behind it (RFC 1035 sections 3.1 and 4.1.4).

    Pointers count from the start of `raw` and only lead backwards, so that no chain of them runs in a circle.

    Raises:
        MalformedFrame: a label or pointer leads out of the bytes or forwards, or the name is longer than 255 bytes.
    """
    labels: list[bytes] = []
    position, behind, size = start, -1, 0
    while True:
        if position >= len(raw):
            raise MalformedFrame("a domain name runs past the end")
        length = raw[position]
        if length & _POINTER == _POINTER:
            target = int.from_bytes(raw[position : position + 2], "big") & 0x3FFF
            if position + 2 > len(raw) or target >= position or target >= start:
                raise MalformedFrame(f"the name pointer at byte {position} leads nowhere")
            behind = position + 2 if behind < 0 else behind
            start = position = target
            continue
        position += 1 + length
        size += 1 + length
        if length & _POINTER or size > _LONGEST_NAME or position > len(raw):
            raise MalformedFrame(f"the label of {length} bytes before byte {position} is none")
        if not length:
            return tuple(labels), behind if behind >= 0 else position
        labels.append(raw[position - length : position])


def _name_text(labels: tuple[bytes, ...]) -> str:
    return ".".join(label.decode("utf-8", "backslashreplace") for label in labels) or "."


class DomainListCodec(Codec[DomainNames]):
    """Option 119, domain search (RFC 3397): names as tuples of labels. Encodes without compression."""

    def decode(self, raw: bytes) -> DomainNames:
        names: list[tuple[bytes, ...]] = []
        position = 0
        while position < len(raw):
            if len(names) == _MOST_NAMES:
                raise MalformedFrame(f"more than {_MOST_NAMES} domain names")
            labels, position = decode_name(raw, position)
            names.append(labels)
        return tuple(names)

    def encode(self, value: DomainNames) -> bytes:
        return b"".join(b"".join(bytes((len(label),)) + label for label in labels) + b"\0" for labels in value)

    def text(self, value: DomainNames) -> str:
        return ", ".join(_name_text(labels) for labels in value)


class SipServersCodec(Codec["DomainNames | tuple[IPv4Address, ...]"]):
    """Option 120, SIP servers (RFC 3361 section 3): a byte 0 and domain names, or a byte 1 and addresses."""

    def __init__(self) -> None:
        self.names = DomainListCodec()
        self.addresses = AddressListCodec()

    def decode(self, raw: bytes) -> DomainNames | tuple[IPv4Address, ...]:
        if raw[:1] == b"\0" and len(raw) > 1:
            return self.names.decode(raw[1:])
        if raw[:1] == b"\1":
            return self.addresses.decode(raw[1:])
        raise MalformedFrame("neither names (0) nor addresses (1)")

    def encode(self, value: DomainNames | tuple[IPv4Address, ...]) -> bytes:
        if isinstance(value[0], IPv4Address):
            return b"\1" + self.addresses.encode(value)
        return b"\0" + self.names.encode(value)

    def text(self, value: DomainNames | tuple[IPv4Address, ...]) -> str:
        if isinstance(value[0], IPv4Address):
            return self.addresses.text(value)
        return self.names.text(value)


class UriListCodec(Codec[tuple[bytes, ...]]):
    """Option 143, SZTP redirect (RFC 8572 section 8.1): length (16 bits) and URI, repeated."""

    def decode(self, raw: bytes) -> tuple[bytes, ...]:
        found: list[bytes] = []
        position = 0
        while position < len(raw):
            stop = position + 2 + int.from_bytes(raw[position : position + 2], "big")
            if position + 2 > len(raw) or stop > len(raw):
                raise MalformedFrame(f"the URI at byte {position} runs past the end")
            found.append(raw[position + 2 : stop])
            position = stop
        return tuple(found)

    def encode(self, value: tuple[bytes, ...]) -> bytes:
        return b"".join(len(uri).to_bytes(2, "big") + uri for uri in value)

    def text(self, value: tuple[bytes, ...]) -> str:
        return ", ".join(show_text(uri) for uri in value)


@dataclass(frozen=True, slots=True)
class ClientFqdn:
    """Option 81 (RFC 4702 section 2)."""

    flags: int
    """1 server updates A, 2 server overrode, 4 name in DNS encoding, 8 server shall not update."""
    rcode1: int
    rcode2: int
    name: bytes
    """As sent: DNS labels with flag 4, else text."""

    @property
    def text(self) -> str:
        """The name with dots."""
        if not self.flags & _FQDN_ENCODED:
            return show_text(self.name)
        try:
            return _name_text(decode_name(self.name, 0)[0])
        except MalformedFrame:
            # A client may send a partial name without the root label at its end (RFC 4702 section 2.3.1).
            return self._partial()

    def _partial(self) -> str:
        try:
            return _name_text(decode_name(self.name + b"\0", 0)[0])
        except MalformedFrame:
            return self.name.hex()


class ClientFqdnCodec(Codec[ClientFqdn]):
    """Option 81, client fully qualified domain name."""

    def decode(self, raw: bytes) -> ClientFqdn:
        if len(raw) < 3:
            raise MalformedFrame(f"{len(raw)} bytes where flags and two result codes stand")
        return ClientFqdn(raw[0], raw[1], raw[2], raw[3:])

    def encode(self, value: ClientFqdn) -> bytes:
        return bytes((value.flags, value.rcode1, value.rcode2)) + value.name

    def text(self, value: ClientFqdn) -> str:
        words = ", ".join(word for bit, word in _FQDN_FLAGS.items() if value.flags & bit)
        return f"{value.text or 'no name'} ({words or 'client updates A'})"


@dataclass(frozen=True, slots=True)
class ClasslessRoute:
    """One route: a destination of `prefix_length` bits and the router to it (0.0.0.0: on the link)."""

    destination: IPv4Address
    prefix_length: int
    router: IPv4Address


class ClasslessRoutesCodec(Codec[tuple[ClasslessRoute, ...]]):
    """Options 121 (RFC 3442) and 249 (Microsoft's number for the same): width, significant octets, router; repeated."""

    def decode(self, raw: bytes) -> tuple[ClasslessRoute, ...]:
        found: list[ClasslessRoute] = []
        position = 0
        while position < len(raw):
            width = raw[position]
            octets = (width + 7) // 8
            stop = position + 1 + octets + 4
            if width > 32 or stop > len(raw):
                raise MalformedFrame(f"the route at byte {position} with a prefix of {width} bits does not fit")
            prefix = raw[position + 1 : position + 1 + octets].ljust(4, b"\0")
            router = cast("IPv4Address", address(raw[stop - 4 : stop]))
            found.append(ClasslessRoute(cast("IPv4Address", address(prefix)), width, router))
            position = stop
        return tuple(found)

    def encode(self, value: tuple[ClasslessRoute, ...]) -> bytes:
        return b"".join(
            bytes((route.prefix_length,))
            + route.destination.packed[: (route.prefix_length + 7) // 8]
            + route.router.packed
            for route in value
        )

    def text(self, value: tuple[ClasslessRoute, ...]) -> str:
        return ", ".join(
            f"{route.destination}/{route.prefix_length} {f'via {route.router}' if int(route.router) else 'on the link'}"
            for route in value
        )
