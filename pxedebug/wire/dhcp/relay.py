"""Option 82, relay agent information: where the client is plugged in (RFC 3046 and the sub-options added since)."""

from __future__ import annotations

from dataclasses import dataclass

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import AddressCodec, IntegerCodec, OpaqueCodec, TextCodec
from pxedebug.wire.dhcp.codec import Codec, show_bytes
from pxedebug.wire.dhcp.identity import duid_text
from pxedebug.wire.dhcp.suboptions import SubOptionCodec, SubOptions, SubOptionSpec
from pxedebug.wire.dhcp.vendor import SubnetSelection, SubnetSelectionCodec
from pxedebug.wire.packet import format_mac

__all__ = ["RelayAgentCodec", "RelayAgentInformation", "SubnetSelection"]

_UNICAST = 0x80


class CircuitIdCodec(Codec[bytes]):
    """Sub-option 1: opaque by the RFC; many switches put VLAN, module and port in (type 0, length 4)."""

    def decode(self, raw: bytes) -> bytes:
        return raw

    def encode(self, value: bytes) -> bytes:
        return value

    def text(self, value: bytes) -> str:
        if len(value) == 6 and value[:2] == b"\x00\x04":
            return f"{value.hex()} (VLAN {int.from_bytes(value[2:4], 'big')}, module {value[4]}, port {value[5]})"
        return show_bytes(value)


class RemoteIdCodec(Codec[bytes]):
    """Sub-option 2: opaque by the RFC; many switches put their MAC address in (type 0, length 6), or bare."""

    def decode(self, raw: bytes) -> bytes:
        return raw

    def encode(self, value: bytes) -> bytes:
        return value

    def text(self, value: bytes) -> str:
        if len(value) == 8 and value[:2] == b"\x00\x06":
            return f"{value.hex()} (MAC {format_mac(value[2:])})"
        return f"{value.hex()} (MAC {format_mac(value)})" if len(value) == 6 else show_bytes(value)


class RelayIdCodec(Codec[bytes]):
    """Sub-option 12: the relay's DUID (RFC 6925 section 4)."""

    def decode(self, raw: bytes) -> bytes:
        return raw

    def encode(self, value: bytes) -> bytes:
        return value

    def text(self, value: bytes) -> str:
        return duid_text(value)


class RelayFlagsCodec(Codec[int]):
    """Sub-option 10: how the client's message reached the relay (RFC 5010 section 3)."""

    size = 1

    def decode(self, raw: bytes) -> int:
        self.check_size(raw)
        return raw[0]

    def encode(self, value: int) -> bytes:
        return bytes((value,))

    def text(self, value: int) -> str:
        return f"{value:#04x} ({'unicast' if value & _UNICAST else 'broadcast'} at the relay)"


class SourcePortCodec(Codec[int | None]):
    """Sub-option 19: the relay asks for answers to its own source port (RFC 8357 section 4.1); has no data."""

    def decode(self, raw: bytes) -> int | None:
        if len(raw) not in {0, 2}:
            raise MalformedFrame(f"{len(raw)} bytes where the format has none (or a port)")
        return int.from_bytes(raw, "big") if raw else None

    def encode(self, value: int | None) -> bytes:
        return b"" if value is None else value.to_bytes(2, "big")

    def text(self, value: int | None) -> str:
        return "answers go to the source port" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class RelayAgentInformation(SubOptions):
    """Option 82 with its sub-options."""

    @property
    def suboptions(self) -> dict[int, bytes]:
        """The raw value of each sub-option by code; of a repeated code the last."""
        return {item.code: item.raw for item in self.items}

    @property
    def circuit_id(self) -> bytes | None:
        """Sub-option 1: the port of the switch or relay."""
        return self.raw(1)

    @property
    def remote_id(self) -> bytes | None:
        """Sub-option 2: the switch or relay, or the modem behind it."""
        return self.raw(2)


_ADDRESS = AddressCodec()
_OPAQUE = OpaqueCodec()
_TEXT = TextCodec()
_SUB_OPTIONS: dict[int, SubOptionSpec] = {
    1: SubOptionSpec("Circuit ID", CircuitIdCodec()),
    2: SubOptionSpec("Remote ID", RemoteIdCodec()),
    4: SubOptionSpec("DOCSIS device class", IntegerCodec(4)),
    5: SubOptionSpec("Link selection", _ADDRESS),
    6: SubOptionSpec("Subscriber ID", _TEXT),
    7: SubOptionSpec("RADIUS attributes", _OPAQUE),
    8: SubOptionSpec("Authentication", _OPAQUE),
    9: SubOptionSpec("Vendor-specific information", _OPAQUE),
    10: SubOptionSpec("Relay agent flags", RelayFlagsCodec()),
    11: SubOptionSpec("Server identifier override", _ADDRESS),
    12: SubOptionSpec("Relay agent identifier", RelayIdCodec()),
    13: SubOptionSpec("Access technology type", _OPAQUE),
    14: SubOptionSpec("Access network name", _TEXT),
    15: SubOptionSpec("Access point name", _TEXT),
    16: SubOptionSpec("Access point BSSID", RemoteIdCodec()),
    17: SubOptionSpec("Operator identifier", _OPAQUE),
    18: SubOptionSpec("Operator realm", _TEXT),
    19: SubOptionSpec("Relay source port", SourcePortCodec()),
    150: SubOptionSpec("Link selection (Cisco)", _ADDRESS),
    151: SubOptionSpec("Virtual subnet selection", SubnetSelectionCodec()),
    152: SubOptionSpec("Server identifier override (Cisco)", _ADDRESS),
}


class RelayAgentCodec(SubOptionCodec[RelayAgentInformation]):
    """Option 82; it knows neither pad nor end (RFC 3046 section 2.0)."""

    def __init__(self) -> None:
        super().__init__(RelayAgentInformation, _SUB_OPTIONS, padded=False)
