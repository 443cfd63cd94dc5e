"""Option 43 where the vendor class is PXEClient (PXE specification 2.1, table 2-1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from ipaddress import IPv4Address
from typing import cast

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import (
    AddressCodec,
    AddressListCodec,
    FlagCodec,
    IntegerCodec,
    IntegerListCodec,
    OpaqueCodec,
    TextCodec,
)
from pxedebug.wire.dhcp.codec import Codec, show_text
from pxedebug.wire.dhcp.suboptions import SubOptionCodec, SubOptions, SubOptionSpec
from pxedebug.wire.packet import address

__all__ = [
    "BOOT_SERVER_TYPES", "BootItem", "BootServer", "DiscoveryControl", "MenuItem", "MenuPrompt", "MtftpPort",
    "MulticastAllocation", "PxeVendorCodec", "PxeVendorOptions", "boot_server_type_name",
]  # fmt: skip

BOOT_SERVER_TYPES: dict[int, str] = {
    0: "local boot",
    1: "Microsoft RIS/WDS",
    2: "Intel LCM",
    3: "DOS/UNDI",
    4: "NEC ESMPRO",
    5: "IBM WSoD",
    6: "IBM LCCM",
    7: "CA Unicenter TNG",
    8: "HP OpenView",
    9: "Altiris",
    10: "Altiris",
    11: "Altiris",
    12: "not used",
    13: "Red Hat install",
    14: "Red Hat boot",
    15: "Rembo",
    16: "Beoboot",
    65535: "PXE API test server",
}
_FIRST_VENDOR_TYPE = 32768
_CREDENTIAL_BIT = 0x8000
_WAIT_FOR_KEY = 255


def boot_server_type_name(number: int) -> str:
    """The boot server type in words: an assigned name, `vendor type N` or `reserved type N`."""
    name = BOOT_SERVER_TYPES.get(number)
    return name or f"{'vendor' if number >= _FIRST_VENDOR_TYPE else 'reserved'} type {number}"


class DiscoveryControl(IntFlag):
    """Sub-option 6: how the client may look for boot servers."""

    NO_BROADCAST = 1
    NO_MULTICAST = 2
    LISTED_SERVERS_ONLY = 4
    USE_BOOT_FILE = 8
    """Take the offer's boot file without prompt, menu or discovery."""


_CONTROL_WORDS = {
    DiscoveryControl.NO_BROADCAST: "no broadcast discovery",
    DiscoveryControl.NO_MULTICAST: "no multicast discovery",
    DiscoveryControl.LISTED_SERVERS_ONLY: "only servers of the list",
    DiscoveryControl.USE_BOOT_FILE: "boot the named file at once",
}


class DiscoveryControlCodec(Codec[DiscoveryControl]):
    """Sub-option 6, PXE_DISCOVERY_CONTROL."""

    size = 1

    def decode(self, raw: bytes) -> DiscoveryControl:
        self.check_size(raw)
        return DiscoveryControl(raw[0])

    def encode(self, value: DiscoveryControl) -> bytes:
        return bytes((int(value),))

    def text(self, value: DiscoveryControl) -> str:
        words = [word for bit, word in _CONTROL_WORDS.items() if value & bit]
        return f"{int(value)} ({', '.join(words) or 'broadcast, multicast and listed servers'})"


@dataclass(frozen=True, slots=True)
class MtftpPort:
    """Sub-options 2 and 3: UDP ports; implementations differ in the byte order, so both readings are kept."""

    raw: bytes

    @property
    def big_endian(self) -> int:
        """Read in network byte order."""
        return int.from_bytes(self.raw, "big")

    @property
    def little_endian(self) -> int:
        """Read in Intel's byte order, which most senders use here."""
        return int.from_bytes(self.raw, "little")


class MtftpPortCodec(Codec[MtftpPort]):
    """Sub-options 2 and 3, PXE_MTFTP_CPORT and PXE_MTFTP_SPORT."""

    size = 2

    def decode(self, raw: bytes) -> MtftpPort:
        self.check_size(raw)
        return MtftpPort(raw)

    def encode(self, value: MtftpPort) -> bytes:
        return value.raw

    def text(self, value: MtftpPort) -> str:
        return f"{value.little_endian} little-endian, {value.big_endian} big-endian"


@dataclass(frozen=True, slots=True)
class BootServer:
    """One entry of sub-option 8; no address means any server of the type."""

    type: int
    addresses: tuple[IPv4Address, ...]


class BootServersCodec(Codec[tuple[BootServer, ...]]):
    """Sub-option 8, PXE_BOOT_SERVERS: type (16 bits), count (8 bits), addresses; repeated."""

    def decode(self, raw: bytes) -> tuple[BootServer, ...]:
        found: list[BootServer] = []
        position = 0
        while position < len(raw):
            start = position + 3
            stop = start + 4 * raw[start - 1] if start <= len(raw) else len(raw) + 1
            if stop > len(raw):
                raise MalformedFrame(f"the boot server entry at byte {position} runs past the end")
            hosts = tuple(cast("IPv4Address", address(raw[at : at + 4])) for at in range(start, stop, 4))
            found.append(BootServer(int.from_bytes(raw[position : position + 2], "big"), hosts))
            position = stop
        return tuple(found)

    def encode(self, value: tuple[BootServer, ...]) -> bytes:
        return b"".join(
            server.type.to_bytes(2, "big")
            + bytes((len(server.addresses),))
            + b"".join(a.packed for a in server.addresses)
            for server in value
        )

    def text(self, value: tuple[BootServer, ...]) -> str:
        return "; ".join(
            f"{boot_server_type_name(server.type)}: {', '.join(map(str, server.addresses)) or 'any server'}"
            for server in value
        )


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the boot menu: the boot server type it stands for, and its text as sent."""

    type: int
    text: bytes


class BootMenuCodec(Codec[tuple[MenuItem, ...]]):
    """Sub-option 9, PXE_BOOT_MENU: type (16 bits), length (8 bits), text; repeated."""

    def decode(self, raw: bytes) -> tuple[MenuItem, ...]:
        found: list[MenuItem] = []
        position = 0
        while position < len(raw):
            start = position + 3
            stop = start + raw[start - 1] if start <= len(raw) else len(raw) + 1
            if stop > len(raw):
                raise MalformedFrame(f"the boot menu entry at byte {position} runs past the end")
            found.append(MenuItem(int.from_bytes(raw[position : position + 2], "big"), raw[start:stop]))
            position = stop
        return tuple(found)

    def encode(self, value: tuple[MenuItem, ...]) -> bytes:
        return b"".join(item.type.to_bytes(2, "big") + bytes((len(item.text),)) + item.text for item in value)

    def text(self, value: tuple[MenuItem, ...]) -> str:
        return "; ".join(f'"{show_text(item.text)}" ({boot_server_type_name(item.type)})' for item in value)


@dataclass(frozen=True, slots=True)
class MenuPrompt:
    """Sub-option 10: what is shown while the client waits for the user."""

    timeout: int
    """Seconds; 0 takes the first menu item at once, 255 waits for a key."""
    text: bytes


class MenuPromptCodec(Codec[MenuPrompt]):
    """Sub-option 10, PXE_MENU_PROMPT."""

    def decode(self, raw: bytes) -> MenuPrompt:
        if not raw:
            raise MalformedFrame("a menu prompt has a timeout at least")
        return MenuPrompt(raw[0], raw[1:])

    def encode(self, value: MenuPrompt) -> bytes:
        return bytes((value.timeout,)) + value.text

    def text(self, value: MenuPrompt) -> str:
        if value.timeout == _WAIT_FOR_KEY:
            wait = "waits for a key"
        else:
            wait = f"{value.timeout} s" if value.timeout else "takes the first item at once"
        return f'"{show_text(value.text)}" ({wait})'


@dataclass(frozen=True, slots=True)
class MulticastAllocation:
    """Sub-option 11: multicast addresses that a boot server may give out."""

    base: IPv4Address
    block: int
    range: int


class MulticastAllocationCodec(Codec[MulticastAllocation]):
    """Sub-option 11, PXE_MCAST_ADDRS_ALLOC: base address, block (16 bits), range (16 bits)."""

    size = 8

    def decode(self, raw: bytes) -> MulticastAllocation:
        self.check_size(raw)
        block, count = int.from_bytes(raw[4:6], "big"), int.from_bytes(raw[6:], "big")
        return MulticastAllocation(cast("IPv4Address", address(raw[:4])), block, count)

    def encode(self, value: MulticastAllocation) -> bytes:
        return value.base.packed + value.block.to_bytes(2, "big") + value.range.to_bytes(2, "big")

    def text(self, value: MulticastAllocation) -> str:
        return f"{value.base}, block {value.block}, range {value.range}"


@dataclass(frozen=True, slots=True)
class BootItem:
    """Sub-option 71: the menu item that was chosen; request and ACK must agree on it."""

    type: int
    layer: int
    """0 is the first boot program of the item; bit 15 asks for its credentials instead."""

    @property
    def credentials(self) -> bool:
        """BIS credentials are asked for rather than the program."""
        return bool(self.layer & _CREDENTIAL_BIT)


class BootItemCodec(Codec[BootItem]):
    """Sub-option 71, PXE_BOOT_ITEM."""

    size = 4

    def decode(self, raw: bytes) -> BootItem:
        self.check_size(raw)
        return BootItem(int.from_bytes(raw[:2], "big"), int.from_bytes(raw[2:], "big"))

    def encode(self, value: BootItem) -> bytes:
        return value.type.to_bytes(2, "big") + value.layer.to_bytes(2, "big")

    def text(self, value: BootItem) -> str:
        credentials = ", credentials" if value.credentials else ""
        return f"{boot_server_type_name(value.type)}, layer {value.layer & ~_CREDENTIAL_BIT}{credentials}"


@dataclass(frozen=True, slots=True)
class PxeVendorOptions(SubOptions):
    """Option 43 as PXE sub-options. A property is None where its sub-option is absent or does not fit its format."""

    @property
    def discovery_control(self) -> DiscoveryControl | None:
        """Sub-option 6."""
        value = self.value(6)
        return value if isinstance(value, DiscoveryControl) else None

    @property
    def multicast_address(self) -> IPv4Address | None:
        """Sub-option 7, where discovery requests are multicast to."""
        value = self.value(7)
        return value if isinstance(value, IPv4Address) else None

    @property
    def boot_servers(self) -> tuple[BootServer, ...] | None:
        """Sub-option 8."""
        value = self.value(8)
        return value if isinstance(value, tuple) else None

    @property
    def boot_menu(self) -> tuple[MenuItem, ...] | None:
        """Sub-option 9."""
        value = self.value(9)
        return value if isinstance(value, tuple) else None

    @property
    def menu_prompt(self) -> MenuPrompt | None:
        """Sub-option 10."""
        value = self.value(10)
        return value if isinstance(value, MenuPrompt) else None

    @property
    def boot_item(self) -> BootItem | None:
        """Sub-option 71."""
        value = self.value(71)
        return value if isinstance(value, BootItem) else None


_OPAQUE = OpaqueCodec()
_SECONDS = IntegerCodec(1, "s")
_SUB_OPTIONS: dict[int, SubOptionSpec] = {
    1: SubOptionSpec("MTFTP address", AddressListCodec()),
    2: SubOptionSpec("MTFTP client port", MtftpPortCodec()),
    3: SubOptionSpec("MTFTP server port", MtftpPortCodec()),
    4: SubOptionSpec("MTFTP timeout", _SECONDS),
    5: SubOptionSpec("MTFTP start delay", _SECONDS),
    6: SubOptionSpec("Discovery control", DiscoveryControlCodec()),
    7: SubOptionSpec("Discovery multicast address", AddressCodec()),
    8: SubOptionSpec("Boot servers", BootServersCodec()),
    9: SubOptionSpec("Boot menu", BootMenuCodec()),
    10: SubOptionSpec("Menu prompt", MenuPromptCodec()),
    11: SubOptionSpec("Multicast allocation", MulticastAllocationCodec()),
    12: SubOptionSpec("Credential types", IntegerListCodec(4)),
    13: SubOptionSpec("Reserved 13", _OPAQUE),
    14: SubOptionSpec("Reserved 14", _OPAQUE),
    64: SubOptionSpec("NIC path", _OPAQUE),
    65: SubOptionSpec("Manufacturer information", _OPAQUE),
    66: SubOptionSpec("OS information", _OPAQUE),
    67: SubOptionSpec("Boot OS information", _OPAQUE),
    68: SubOptionSpec("Prompt information", _OPAQUE),
    69: SubOptionSpec("OS information 2", _OPAQUE),
    70: SubOptionSpec("Boot OS information 2", _OPAQUE),
    71: SubOptionSpec("Boot item", BootItemCodec()),
    179: SubOptionSpec("LCM server", TextCodec()),
    180: SubOptionSpec("LCM domain", TextCodec()),
    181: SubOptionSpec("LCM NIC option", _OPAQUE),
    190: SubOptionSpec("LCM workgroup", TextCodec()),
    191: SubOptionSpec("LCM discovery", FlagCodec()),
    192: SubOptionSpec("LCM configured", FlagCodec()),
    193: SubOptionSpec("LCM version", IntegerCodec(4)),
    194: SubOptionSpec("LCM serial number", TextCodec()),
}


class PxeVendorCodec(SubOptionCodec[PxeVendorOptions]):
    """Option 43 of PXE clients and their servers."""

    def __init__(self) -> None:
        super().__init__(PxeVendorOptions, _SUB_OPTIONS, padded=True)
