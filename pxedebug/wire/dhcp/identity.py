# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Options that say who the client is: 61 identifier, 77 user class, 93 architectures, 94 interface, 97 machine."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.architectures import architecture_name
from pxedebug.wire.dhcp.basic import IntegerListCodec
from pxedebug.wire.dhcp.codec import Codec, printable, show_bytes, show_text
from pxedebug.wire.packet import format_mac

__all__ = [
    "ArchitecturesCodec", "ClientId", "ClientIdCodec", "MachineId", "MachineIdCodec", "NetworkInterfaceId",
    "NetworkInterfaceIdCodec", "UserClass", "UserClassCodec", "duid_text",
]  # fmt: skip

_TYPE_OPAQUE = 0
_TYPE_ETHERNET = 1
_TYPE_DUID = 255
_IAID_SIZE = 4


class ArchitecturesCodec(IntegerListCodec):
    """Option 93, client system architectures: one or more 16-bit numbers (RFC 4578 section 2.1)."""

    def __init__(self) -> None:
        super().__init__(2)

    def text(self, value: tuple[int, ...]) -> str:
        return ", ".join(f"{number} ({architecture_name(number)})" for number in value)


@dataclass(frozen=True, slots=True)
class NetworkInterfaceId:
    """The interface that the boot program may use and its version."""

    type: int
    """1 is UNDI, the only type in use."""
    major: int
    minor: int


class NetworkInterfaceIdCodec(Codec[NetworkInterfaceId]):
    """Option 94, client network interface identifier (RFC 4578 section 2.2)."""

    size = 3

    def decode(self, raw: bytes) -> NetworkInterfaceId:
        self.check_size(raw)
        return NetworkInterfaceId(*raw)

    def encode(self, value: NetworkInterfaceId) -> bytes:
        return bytes((value.type, value.major, value.minor))

    def text(self, value: NetworkInterfaceId) -> str:
        kind = "UNDI" if value.type == 1 else f"type {value.type}"
        return f"{kind} {value.major}.{value.minor}"


@dataclass(frozen=True, slots=True)
class MachineId:
    """The client's SMBIOS UUID as option 97 carries it."""

    type: int
    """0 is a UUID, the only type in use."""
    guid: bytes
    """16 bytes in wire order."""

    @property
    def wire_order(self) -> str:
        """The UUID read byte by byte, as RFC 4122 writes it (iPXE's `uuid` setting, Linux tools of old kernels)."""
        return str(UUID(bytes=self.guid))

    @property
    def windows_order(self) -> str:
        """The UUID with its first three fields little-endian, as SMBIOS 2.6, Windows and WDS show it."""
        return str(UUID(bytes_le=self.guid))

    @property
    def meaningful(self) -> bool:
        """False for the fillers 00... and FF... of boards whose maker set no UUID."""
        return self.guid not in {bytes(16), b"\xff" * 16}


class MachineIdCodec(Codec[MachineId]):
    """Option 97, UUID/GUID-based client identifier (RFC 4578 section 2.3)."""

    size = 17

    def decode(self, raw: bytes) -> MachineId:
        self.check_size(raw)
        return MachineId(raw[0], raw[1:])

    def encode(self, value: MachineId) -> bytes:
        return bytes((value.type,)) + value.guid

    def text(self, value: MachineId) -> str:
        kind = "" if value.type == 0 else f"type {value.type} "
        if not value.meaningful:
            return f"{kind}{value.wire_order} (a filler)"
        return f"{kind}{value.wire_order} (Windows order {value.windows_order})"


@dataclass(frozen=True, slots=True)
class ClientId:
    """A client identifier (RFC 2132 section 9.14); with type 255 it is an IAID and a DUID (RFC 4361 section 6.1)."""

    type: int
    """Hardware type of the address that follows, 0 for other identifiers, 255 for IAID and DUID."""
    data: bytes
    iaid: int | None = None
    duid: bytes | None = None


class ClientIdCodec(Codec[ClientId]):
    """Option 61."""

    def decode(self, raw: bytes) -> ClientId:
        if not raw:
            raise MalformedFrame("a client identifier has a type byte at least")
        kind, data = raw[0], raw[1:]
        if kind != _TYPE_DUID or len(data) <= _IAID_SIZE:
            return ClientId(kind, data)
        return ClientId(kind, data, int.from_bytes(data[:_IAID_SIZE], "big"), data[_IAID_SIZE:])

    def encode(self, value: ClientId) -> bytes:
        return bytes((value.type,)) + value.data

    def text(self, value: ClientId) -> str:
        if value.duid is not None:
            return f"IAID {value.iaid:#010x}, {duid_text(value.duid)}"
        if value.type == _TYPE_ETHERNET and len(value.data) == 6:
            return format_mac(value.data)
        if value.type == _TYPE_OPAQUE and len(value.data) == 16 and not printable(value.data):
            return f"UUID {UUID(bytes=value.data)}"
        if value.type > 32 and printable(bytes((value.type,)) + value.data):
            # Some clients send bare text without the type byte.
            return show_text(bytes((value.type,)) + value.data)
        return f"type {value.type}, {show_bytes(value.data)}"


def duid_text(duid: bytes) -> str:
    """A DHCP unique identifier in words (RFC 8415 section 11, RFC 6355 section 4); hex where it is no known kind."""
    kind = int.from_bytes(duid[:2], "big")
    if kind == 1 and len(duid) > 8:
        return f"DUID-LLT {format_mac(duid[8:])} (hardware type {int.from_bytes(duid[2:4], 'big')})"
    if kind == 2 and len(duid) > 6:
        return f"DUID-EN enterprise {int.from_bytes(duid[2:6], 'big')}, {duid[6:].hex()}"
    if kind == 3 and len(duid) > 4:
        return f"DUID-LL {format_mac(duid[4:])} (hardware type {int.from_bytes(duid[2:4], 'big')})"
    if kind == 4 and len(duid) == 18:
        return f"DUID-UUID {UUID(bytes=duid[2:])}"
    return f"DUID {show_bytes(duid)}"


@dataclass(frozen=True, slots=True)
class UserClass:
    """User classes; iPXE and gPXE send theirs as bare text, without the length bytes of the RFC."""

    values: tuple[bytes, ...]
    form: str
    """`rfc3004` or `raw`."""


class UserClassCodec(Codec[UserClass]):
    """Option 77 (RFC 3004 section 4): the RFC's form where lengths fit exactly, else the raw bytes as one class."""

    def decode(self, raw: bytes) -> UserClass:
        if not raw:
            raise MalformedFrame("a user class is empty")
        values: list[bytes] = []
        position = 0
        while position < len(raw):
            stop = position + 1 + raw[position]
            if stop == position + 1 or stop > len(raw):
                return UserClass((raw,), "raw")
            values.append(raw[position + 1 : stop])
            position = stop
        return UserClass(tuple(values), "rfc3004")

    def encode(self, value: UserClass) -> bytes:
        if value.form == "raw":
            return b"".join(value.values)
        return b"".join(bytes((len(item),)) + item for item in value.values)

    def text(self, value: UserClass) -> str:
        words = ", ".join(show_text(item) if printable(item) else item.hex() for item in value.values)
        return f"{words} (bare text)" if value.form == "raw" else words
