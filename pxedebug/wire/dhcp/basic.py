# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Formats that many options share: numbers, addresses, names, lists, bytes (RFC 2132 section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import cast

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.codec import Codec, Text, printable, show_bytes
from pxedebug.wire.packet import address

__all__ = [
    "AddressCodec", "AddressListCodec", "AddressPairsCodec", "AddressesOrTextCodec", "EmptyCodec", "FlagCodec",
    "IntegerCodec", "IntegerListCodec", "OpaqueCodec", "TextCodec",
]  # fmt: skip


class IntegerCodec(Codec[int]):
    """A big-endian number of 1, 2 or 4 bytes, with a unit or names for its values."""

    size: int

    def __init__(
        self, size: int, unit: str = "", names: Mapping[int, str] | None = None, *, signed: bool = False
    ) -> None:
        self.size = size
        self.unit = f" {unit}" if unit else ""
        self.names = names or {}
        self.signed = signed

    def decode(self, raw: bytes) -> int:
        self.check_size(raw)
        return int.from_bytes(raw, "big", signed=self.signed)

    def encode(self, value: int) -> bytes:
        return value.to_bytes(self.size, "big", signed=self.signed)

    def text(self, value: int) -> str:
        name = self.names.get(value)
        return f"{value} ({name})" if name else f"{value}{self.unit}"


class IntegerListCodec(Codec[tuple[int, ...]]):
    """One or more big-endian numbers of the same size."""

    def __init__(self, width: int, names: Mapping[int, str] | None = None) -> None:
        self.width = width
        self.names = names or {}

    def decode(self, raw: bytes) -> tuple[int, ...]:
        if not raw or len(raw) % self.width:
            raise MalformedFrame(f"{len(raw)} bytes are no list of {self.width}-byte numbers")
        return tuple(int.from_bytes(raw[at : at + self.width], "big") for at in range(0, len(raw), self.width))

    def encode(self, value: tuple[int, ...]) -> bytes:
        return b"".join(number.to_bytes(self.width, "big") for number in value)

    def text(self, value: tuple[int, ...]) -> str:
        return ", ".join(
            f"{number} ({self.names[number]})" if number in self.names else str(number) for number in value
        )


class FlagCodec(Codec[bool]):
    """One byte, 0 or 1."""

    size = 1

    def decode(self, raw: bytes) -> bool:
        self.check_size(raw)
        if raw[0] > 1:
            raise MalformedFrame(f"{raw[0]} where the format has 0 or 1")
        return bool(raw[0])

    def encode(self, value: bool) -> bytes:
        return bytes((value,))

    def text(self, value: bool) -> str:
        return "yes" if value else "no"


class EmptyCodec(Codec[bool]):
    """No data: that the option stands there is its value."""

    size = 0

    def decode(self, raw: bytes) -> bool:
        self.check_size(raw)
        return True

    def encode(self, value: bool) -> bytes:
        del value
        return b""

    def text(self, value: bool) -> str:
        del value
        return "present"


class AddressCodec(Codec[IPv4Address]):
    """One IPv4 address."""

    size = 4

    def decode(self, raw: bytes) -> IPv4Address:
        self.check_size(raw)
        return cast("IPv4Address", address(raw))

    def encode(self, value: IPv4Address) -> bytes:
        return value.packed

    def text(self, value: IPv4Address) -> str:
        return str(value)


class AddressListCodec(Codec[tuple[IPv4Address, ...]]):
    """One or more IPv4 addresses, in order of preference."""

    def __init__(self, *, may_be_empty: bool = False) -> None:
        self.may_be_empty = may_be_empty

    def decode(self, raw: bytes) -> tuple[IPv4Address, ...]:
        if len(raw) % 4 or not (raw or self.may_be_empty):
            raise MalformedFrame(f"{len(raw)} bytes are no list of IPv4 addresses")
        return tuple(cast("IPv4Address", address(raw[at : at + 4])) for at in range(0, len(raw), 4))

    def encode(self, value: tuple[IPv4Address, ...]) -> bytes:
        return b"".join(item.packed for item in value)

    def text(self, value: tuple[IPv4Address, ...]) -> str:
        return ", ".join(str(item) for item in value) or "none"


class AddressPairsCodec(Codec[tuple[tuple[IPv4Address, IPv4Address], ...]]):
    """Pairs of IPv4 addresses: policy filters (option 21), static routes (option 33)."""

    def __init__(self, joint: str) -> None:
        self.joint = joint
        self.addresses = AddressListCodec()

    def decode(self, raw: bytes) -> tuple[tuple[IPv4Address, IPv4Address], ...]:
        if len(raw) % 8:
            raise MalformedFrame(f"{len(raw)} bytes are no list of pairs of IPv4 addresses")
        flat = self.addresses.decode(raw)
        return tuple(zip(flat[::2], flat[1::2], strict=True))

    def encode(self, value: tuple[tuple[IPv4Address, IPv4Address], ...]) -> bytes:
        return b"".join(first.packed + second.packed for first, second in value)

    def text(self, value: tuple[tuple[IPv4Address, IPv4Address], ...]) -> str:
        return ", ".join(f"{first} {self.joint} {second}" for first, second in value)


class TextCodec(Codec[Text]):
    """Text; RFC 2132 section 2 says without NUL at the end, practice adds one."""

    def decode(self, raw: bytes) -> Text:
        return Text(raw)

    def encode(self, value: str) -> bytes:
        return value.raw if isinstance(value, Text) else value.encode()

    def text(self, value: str) -> str:
        return str(value)


class AddressesOrTextCodec(Codec["tuple[IPv4Address, ...] | Text"]):
    """Addresses, or text where the data reads like it: option 150 (RFC 5859).

    GRUB once used the number for the path of its configuration, and some servers send the address in words.
    """

    def __init__(self) -> None:
        self.addresses = AddressListCodec()

    def decode(self, raw: bytes) -> tuple[IPv4Address, ...] | Text:
        return Text(raw) if _reads_as_text(raw) else self.addresses.decode(raw)

    def encode(self, value: tuple[IPv4Address, ...] | Text) -> bytes:
        return value.raw if isinstance(value, Text) else self.addresses.encode(value)

    def text(self, value: tuple[IPv4Address, ...] | Text) -> str:
        return str(value) if isinstance(value, Text) else self.addresses.text(value)


def _reads_as_text(raw: bytes) -> bool:
    """Printable, and a path, an address in words, or not a multiple of four bytes; `/` begins real addresses too."""
    if len(raw) <= 4 or not printable(raw):
        return False
    body = raw.rstrip(b"\0")
    return len(raw) % 4 != 0 or body[:1] in {b"/", b"("} or (body.count(b".") == 3 and not body.strip(b"0123456789."))


class OpaqueCodec(Codec[bytes]):
    """Bytes without a format of their own; shown as hex, and as text where they are printable."""

    def decode(self, raw: bytes) -> bytes:
        return raw

    def encode(self, value: bytes) -> bytes:
        return value

    def text(self, value: bytes) -> str:
        return show_bytes(value)
