# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Option 175, Etherboot encapsulated options: what an iPXE build can do and is told (iPXE: src/include/ipxe/dhcp.h)."""

from __future__ import annotations

from dataclasses import dataclass

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import AddressCodec, FlagCodec, IntegerCodec, OpaqueCodec, TextCodec
from pxedebug.wire.dhcp.codec import Codec
from pxedebug.wire.dhcp.suboptions import SubOptionCodec, SubOptions, SubOptionSpec

__all__ = ["FEATURES", "BusId", "EtherbootCodec", "EtherbootOptions"]

FEATURES: dict[int, str] = {
    0x10: "PXE-ext",
    0x11: "iSCSI",
    0x12: "AoE",
    0x13: "HTTP",
    0x14: "HTTPS",
    0x15: "TFTP",
    0x16: "FTP",
    0x17: "DNS",
    0x18: "bzImage",
    0x19: "Multiboot",
    0x1A: "SLAM",
    0x1B: "SRP",
    0x20: "NBI",
    0x21: "PXE",
    0x22: "ELF",
    0x23: "COMBOOT",
    0x24: "EFI",
    0x25: "FCoE",
    0x26: "VLAN",
    0x27: "Menu",
    0x28: "SDI",
    0x29: "NFS",
}
"""Feature tags (iPXE: src/include/ipxe/features.h)."""
_VERSION = 0xEB
_PCI = 1


@dataclass(frozen=True, slots=True)
class BusId:
    """The network card as its bus names it."""

    type: int
    """1 is PCI, 2 ISAPnP, 3 EISA, 4 MCA, 5 ISA."""
    vendor: int
    device: int


class BusIdCodec(Codec[BusId]):
    """Tag 0xB1: bus type (8 bits), vendor and device (16 bits each)."""

    size = 5

    def decode(self, raw: bytes) -> BusId:
        self.check_size(raw)
        return BusId(raw[0], int.from_bytes(raw[1:3], "big"), int.from_bytes(raw[3:], "big"))

    def encode(self, value: BusId) -> bytes:
        return bytes((value.type,)) + value.vendor.to_bytes(2, "big") + value.device.to_bytes(2, "big")

    def text(self, value: BusId) -> str:
        bus = "PCI" if value.type == _PCI else f"bus type {value.type}"
        return f"{bus} {value.vendor:04x}:{value.device:04x}"


class VersionCodec(Codec[tuple[int, ...]]):
    """Tag 0xEB: major, minor and patch level, a byte each."""

    def decode(self, raw: bytes) -> tuple[int, ...]:
        if not raw:
            raise MalformedFrame("a version is empty")
        return tuple(raw)

    def encode(self, value: tuple[int, ...]) -> bytes:
        return bytes(value)

    def text(self, value: tuple[int, ...]) -> str:
        return ".".join(map(str, value))


@dataclass(frozen=True, slots=True)
class EtherbootOptions(SubOptions):
    """Option 175 with its tags."""

    @property
    def tags(self) -> dict[int, bytes]:
        """The raw value of each tag by number; of a repeated tag the last."""
        return {item.code: item.raw for item in self.items if item.code}

    @property
    def features(self) -> frozenset[str]:
        """Names of the features that the client says it has."""
        return frozenset(FEATURES[item.code] for item in self.items if item.code in FEATURES and any(item.raw))

    @property
    def version(self) -> tuple[int, ...] | None:
        """iPXE's version numbers, None where the tag is absent."""
        raw = self.raw(_VERSION)
        return tuple(raw) if raw else None


_TEXT = TextCodec()
_BYTE = IntegerCodec(1)
_FLAG = FlagCodec()
_ADDRESS = AddressCodec()
_OPAQUE = OpaqueCodec()
_TAGS: dict[int, SubOptionSpec] = {
    0x01: SubOptionSpec("priority", IntegerCodec(1, signed=True)),
    0x02: SubOptionSpec("yiaddr", _ADDRESS),
    0x03: SubOptionSpec("siaddr", _ADDRESS),
    0x08: SubOptionSpec("keep-san", _BYTE),
    0x09: SubOptionSpec("skip-san-boot", _BYTE),
    **{code: SubOptionSpec(f"feature {name}", _BYTE) for code, name in FEATURES.items()},
    0x51: SubOptionSpec("scriptlet", _TEXT),
    0x55: SubOptionSpec("syslogs server", _TEXT),
    0x5A: SubOptionSpec("trusted root certificate fingerprint", _OPAQUE),
    0x5B: SubOptionSpec("client certificate", _OPAQUE),
    0x5C: SubOptionSpec("client private key", _OPAQUE, secret=True),
    0x5D: SubOptionSpec("cross-signed certificate source", _TEXT),
    0xB0: SubOptionSpec("no-pxedhcp", _BYTE),
    0xB1: SubOptionSpec("bus-id", BusIdCodec()),
    0xB2: SubOptionSpec("use-cached", _BYTE),
    0xBB: SubOptionSpec("san-retry", _BYTE),
    0xBC: SubOptionSpec("san-filename", _TEXT),
    0xBD: SubOptionSpec("san-drive", _BYTE),
    0xBE: SubOptionSpec("username", _TEXT, secret=True),
    0xBF: SubOptionSpec("password", _TEXT, secret=True),
    0xC0: SubOptionSpec("reverse-username", _TEXT, secret=True),
    0xC1: SubOptionSpec("reverse-password", _TEXT, secret=True),
    0xC2: SubOptionSpec("uid", IntegerCodec(4)),
    0xC3: SubOptionSpec("gid", IntegerCodec(4)),
    _VERSION: SubOptionSpec("version", VersionCodec()),
}


class EtherbootCodec(SubOptionCodec[EtherbootOptions]):
    """Option 175; where the bytes are no list of tags they stay in `rest`."""

    def __init__(self) -> None:
        super().__init__(EtherbootOptions, _TAGS, padded=True)

    def text(self, value: EtherbootOptions) -> str:
        features = [name for code, name in FEATURES.items() if name in value.features]
        words = super().text(value)
        return f"{words}; features {', '.join(features)}" if features else words
