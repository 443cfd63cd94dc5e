# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Options by enterprise number (124, 125), subnet allocation (220) and virtual subnet selection (221)."""

from __future__ import annotations

from dataclasses import dataclass

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import IntegerCodec, OpaqueCodec, TextCodec
from pxedebug.wire.dhcp.codec import Codec, show_bytes, show_text
from pxedebug.wire.dhcp.suboptions import SubOptionCodec, SubOptions, SubOptionSpec
from pxedebug.wire.optionline import OptionLine

__all__ = [
    "EnterpriseData", "EnterpriseDataCodec", "EnterpriseOptions", "EnterpriseOptionsCodec", "SubnetAllocation",
    "SubnetAllocationCodec", "SubnetSelection", "SubnetSelectionCodec",
]  # fmt: skip

_ENTERPRISES = {
    9: "Cisco",
    11: "HP",
    171: "D-Link",
    311: "Microsoft",
    343: "Intel",
    674: "Dell",
    2636: "Juniper",
    3561: "Broadband Forum",
    4413: "Broadcom",
    4491: "CableLabs",
    14823: "Aruba",
    25506: "H3C",
    40808: "Wi-Fi Alliance",
}
"""Of IANA's Private Enterprise Numbers, those that turn up near network boots."""


def _split_enterprises(raw: bytes) -> list[tuple[int, bytes]]:
    """Enterprise (32 bits), length (8 bits), data; repeated (RFC 3925 sections 3 and 4)."""
    found: list[tuple[int, bytes]] = []
    position = 0
    while position < len(raw):
        start = position + 5
        stop = start + raw[start - 1] if start <= len(raw) else len(raw) + 1
        if stop > len(raw):
            raise MalformedFrame(f"the enterprise entry at byte {position} runs past the end")
        found.append((int.from_bytes(raw[position : position + 4], "big"), raw[start:stop]))
        position = stop
    return found


def _enterprise_text(number: int) -> str:
    name = _ENTERPRISES.get(number)
    return f"enterprise {number} ({name})" if name else f"enterprise {number}"


@dataclass(frozen=True, slots=True)
class EnterpriseData:
    """Data that the owner of an enterprise number defines."""

    enterprise: int
    data: bytes


class EnterpriseDataCodec(Codec[tuple[EnterpriseData, ...]]):
    """Option 124, vendor-identifying vendor class (RFC 3925 section 3)."""

    def decode(self, raw: bytes) -> tuple[EnterpriseData, ...]:
        return tuple(EnterpriseData(number, data) for number, data in _split_enterprises(raw))

    def encode(self, value: tuple[EnterpriseData, ...]) -> bytes:
        return b"".join(item.enterprise.to_bytes(4, "big") + bytes((len(item.data),)) + item.data for item in value)

    def text(self, value: tuple[EnterpriseData, ...]) -> str:
        return "; ".join(f"{_enterprise_text(item.enterprise)}: {show_bytes(item.data)}" for item in value)


@dataclass(frozen=True, slots=True)
class EnterpriseOptions:
    """Sub-options that the owner of an enterprise number defines."""

    enterprise: int
    options: SubOptions


class EnterpriseOptionsCodec(Codec[tuple[EnterpriseOptions, ...]]):
    """Option 125, vendor-identifying vendor-specific information (RFC 3925 section 4)."""

    def __init__(self) -> None:
        self.inner = SubOptionCodec(SubOptions, {}, padded=False)

    def decode(self, raw: bytes) -> tuple[EnterpriseOptions, ...]:
        return tuple(EnterpriseOptions(number, self.inner.decode(data)) for number, data in _split_enterprises(raw))

    def encode(self, value: tuple[EnterpriseOptions, ...]) -> bytes:
        inner = [(item.enterprise, self.inner.encode(item.options)) for item in value]
        return b"".join(number.to_bytes(4, "big") + bytes((len(data),)) + data for number, data in inner)

    def text(self, value: tuple[EnterpriseOptions, ...]) -> str:
        return "; ".join(f"{_enterprise_text(item.enterprise)}: {self.inner.text(item.options)}" for item in value)

    def lines(self, value: tuple[EnterpriseOptions, ...]) -> tuple[OptionLine, ...]:
        return tuple(line for item in value for line in self.inner.lines(item.options))


@dataclass(frozen=True, slots=True)
class SubnetSelection:
    """Which virtual private network an address belongs to (RFC 6607 section 3.4)."""

    type: int
    """0 a name, 1 a VPN identifier of RFC 2685, 255 the global one."""
    data: bytes


class SubnetSelectionCodec(Codec[SubnetSelection]):
    """Option 221 and sub-option 151 of option 82, virtual subnet selection (RFC 6607)."""

    def decode(self, raw: bytes) -> SubnetSelection:
        if not raw:
            raise MalformedFrame("a virtual subnet selection has a type byte at least")
        return SubnetSelection(raw[0], raw[1:])

    def encode(self, value: SubnetSelection) -> bytes:
        return bytes((value.type,)) + value.data

    def text(self, value: SubnetSelection) -> str:
        if value.type == 0:
            return f"VPN {show_text(value.data)}"
        if value.type == 1 and len(value.data) == 7:
            return f"VPN OUI {value.data[:3].hex()}, index {int.from_bytes(value.data[3:], 'big')}"
        return "global VPN" if value.type == 255 else f"type {value.type}, {show_bytes(value.data)}"


@dataclass(frozen=True, slots=True)
class SubnetAllocation:
    """Subnets asked for or given (RFC 6656 section 3)."""

    flags: int
    options: SubOptions


class SubnetAllocationCodec(Codec[SubnetAllocation]):
    """Option 220, subnet allocation: flags (8 bits), then sub-options."""

    def __init__(self) -> None:
        opaque = OpaqueCodec()
        table = {
            1: SubOptionSpec("Subnet request", opaque),
            2: SubOptionSpec("Subnet information", opaque),
            3: SubOptionSpec("Subnet name", TextCodec()),
            4: SubOptionSpec("Suggested lease time", IntegerCodec(4, "s")),
        }
        self.inner = SubOptionCodec(SubOptions, table, padded=False)

    def decode(self, raw: bytes) -> SubnetAllocation:
        if not raw:
            raise MalformedFrame("a subnet allocation has a flags byte at least")
        return SubnetAllocation(raw[0], self.inner.decode(raw[1:]))

    def encode(self, value: SubnetAllocation) -> bytes:
        return bytes((value.flags,)) + self.inner.encode(value.options)

    def text(self, value: SubnetAllocation) -> str:
        return f"flags {value.flags:#04x}, {self.inner.text(value.options)}"

    def lines(self, value: SubnetAllocation) -> tuple[OptionLine, ...]:
        return self.inner.lines(value.options)
