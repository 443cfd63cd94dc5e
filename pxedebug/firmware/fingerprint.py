"""Who is talking: the program behind a client's DHCP message, told by what it puts into its options.

The tells, strongest first (RFC 4578, the sources of iPXE, EDK2, U-Boot and GRUB, recordings of the first three):

* iPXE says so in option 77, or sends its option 175.
* A Windows boot program negotiates with WDS in option 250.
* Option 60 names the class: `PXEClient`, `HTTPClient`, `U-Boot`, `AAPLBSDPC`, or an operating system.
* Among those that say `PXEClient`, U-Boot's EFI boot method announces network interface 1.0.0 (option 94), a Raspberry
  Pi is known by its address block or GUID, and the architecture (option 93) tells BIOS from UEFI.
* GRUB sends no class at all, but copies the wall clock into both `secs` and `xid`.

DECLINE and RELEASE carry none of this (`carries_class`); whoever holds the address sent them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pxedebug.firmware.classes import (
    GRUB_CLIENT,
    NO_BOOT,
    OS_CLIENT,
    Fingerprint,
    architecture_of_class,
    is_os_class,
    over_http,
    program_of_class,
    says_ipxe,
)
from pxedebug.firmware.fingerprint_v6 import classify_v6
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.wire.dhcp.architectures import is_bios, is_u_boot, is_uefi

if TYPE_CHECKING:
    from pxedebug.wire.dhcp import DhcpMessage
    from pxedebug.wire.dhcpv6 import Dhcp6Message

__all__ = ["Fingerprint", "carries_class", "classify", "classify_v6", "is_boot_client"]

_CLASS_LIMIT = 64
"""Bytes of an option that are looked at and kept in the cache: a flood of long options must not grow it."""
_CACHE_SIZE = 1024
_WITHOUT_CLASS = frozenset(("DECLINE", "RELEASE"))

_RASPBERRY_PI_BLOCKS = frozenset(
    bytes.fromhex(block) for block in ("b827eb", "dca632", "e45f01", "28cdc1", "d83add", "2ccf67")
)
_U_BOOT_INTERFACE = b"\x01\x00\x00"
"""UNDI 1.0.0, a constant of U-Boot's net/bootp.c; ROMs and UEFI announce 1.2.1 and later."""
_RPIBOOT = 0x29
_BIOS_HTTP = 0x14
_GRUB_REQUEST = {53, 54, 50, 55}
_GRUB_REQUEST_LIST = bytes((1, 3, 6, 15, 12, 17, 18))
"""Option 55 of GRUB's REQUEST (grub-core/net/bootp.c); its DISCOVER has no option but 53."""

_KINDS = {Program.IPXE: StageKind.IPXE, Program.U_BOOT: StageKind.U_BOOT}


class _Traits(NamedTuple):
    """All that the verdict depends on, so that the cache answers for every further client of the same make."""

    vendor_class: bytes | None
    user_class: bytes | None
    architectures: bytes | None
    interface: bytes | None
    etherboot: bool
    windows: bool
    machine_id: bool
    raspberry_pi: bool


_PLAIN_BOOTP = Fingerprint(Program.UNKNOWN, StageKind.FIRMWARE, Method.PXE_V4, None)


def classify(message: DhcpMessage) -> Fingerprint:
    """The program that sent a client's message, by this one message.

    Kind `os` with program `unknown` is a client without any tell of a boot. A BOOTP request (RFC 951, no option 53)
    counts as firmware when it names a file; without a name it may be any printer or controller, and only the answer
    tells.
    """
    options = message.options
    get = options.get
    machine_id = get(97)
    vendor_class, user_class, architectures, interface = get(60), get(77), get(93), get(94)
    etherboot, windows = 175 in options, 250 in options
    if not (vendor_class or user_class or architectures or interface or machine_id or etherboot or windows):
        return _classify_plain(message)
    return _classify_traits(
        _Traits(
            vendor_class and vendor_class[:_CLASS_LIMIT],
            user_class and user_class[:_CLASS_LIMIT],
            architectures and architectures[:2],
            interface and interface[:3],
            etherboot,
            windows,
            machine_id is not None,
            message.chaddr[:3] in _RASPBERRY_PI_BLOCKS or _is_pi_guid(machine_id),
        )
    )


def is_boot_client(fingerprint: Fingerprint) -> bool:
    """The message belongs to a network boot; False for the operating system and for what shows no tell of a boot.

    False also for EDK2's DHCPv6 exchange that only configures an address (firmware without a method): it is the
    prelude of a boot when a SOLICIT with a class follows it, and proves nothing alone.
    """
    if fingerprint.kind is StageKind.FIRMWARE and fingerprint.method is None:
        return fingerprint.program is Program.APPLE
    return fingerprint.kind is not StageKind.OS


def carries_class(message: DhcpMessage | Dhcp6Message) -> bool:
    """False for DECLINE and RELEASE: firmware leaves its class out of these, so their fingerprint says nothing."""
    return message.type not in _WITHOUT_CLASS


def _is_pi_guid(machine_id: bytes | None) -> bool:
    """Option 97 as the Pi's ROM (0x44 throughout) or EEPROM (`RPi4`, `RPi5`) fills it."""
    return machine_id is not None and (machine_id[1:4] == b"RPi" or machine_id[1:] == b"\x44" * 16)


def _classify_plain(message: DhcpMessage) -> Fingerprint:
    """A message without class, architecture, interface and machine id."""
    options = message.options
    if message.type_code is None:
        if message.truncated or options:
            return NO_BOOT
        if _has_grub_clock(message):
            return GRUB_CLIENT
        return _PLAIN_BOOTP if message.file[:1].strip(b"\0") else NO_BOOT
    if len(options) == 1 and _has_grub_clock(message):
        return GRUB_CLIENT
    return GRUB_CLIENT if options.get(55) == _GRUB_REQUEST_LIST and options.keys() == _GRUB_REQUEST else NO_BOOT


def _has_grub_clock(message: DhcpMessage) -> bool:
    """`secs` and `xid` are the same wall clock, cut to their widths."""
    return message.secs != 0 and message.secs == message.xid & 0xFFFF


@lru_cache(maxsize=_CACHE_SIZE)
def _classify_traits(traits: _Traits) -> Fingerprint:
    vendor_class = traits.vendor_class or b""
    architecture = _architecture(traits)
    program = _program(traits, vendor_class, architecture)
    if program is Program.OS:
        return OS_CLIENT
    if program is None:
        return NO_BOOT
    if program is Program.APPLE:
        return Fingerprint(program, StageKind.FIRMWARE, None, architecture)
    method = Method.HTTP_V4 if over_http(vendor_class, architecture) else Method.PXE_V4
    return Fingerprint(program, _KINDS.get(program, StageKind.FIRMWARE), method, architecture)


def _architecture(traits: _Traits) -> int | None:
    if traits.architectures is not None and len(traits.architectures) == 2:
        return int.from_bytes(traits.architectures, "big")
    return architecture_of_class(traits.vendor_class or b"")


def _program(traits: _Traits, vendor_class: bytes, architecture: int | None) -> Program | None:
    """None for a client without any tell of a boot."""
    if says_ipxe(traits.user_class) or traits.etherboot:
        # Etherboot, gPXE's ancestor, has option 175 too, but other clocks and no scripts.
        return Program.UNKNOWN if vendor_class.startswith(b"Etherboot") else Program.IPXE
    if is_os_class(vendor_class):
        return Program.OS
    named = program_of_class(vendor_class)
    if traits.windows and (named is Program.UNKNOWN or traits.architectures):
        return Program.WINDOWS_LOADER
    if named in (Program.U_BOOT, Program.APPLE):
        return named
    if named is None and not (traits.architectures or traits.interface or traits.machine_id):
        return Program.OS if vendor_class else None
    if traits.interface == _U_BOOT_INTERFACE or (architecture is not None and is_u_boot(architecture)):
        return Program.U_BOOT
    return _firmware(traits, vendor_class, architecture)


def _firmware(traits: _Traits, vendor_class: bytes, architecture: int | None) -> Program:
    """Firmware that says it boots: which one, by its processor and the class it names."""
    if architecture == _RPIBOOT or (traits.raspberry_pi and architecture in (None, 0)):
        return Program.RASPBERRY_PI
    if architecture is None or architecture == _BIOS_HTTP:
        return Program.UNKNOWN
    if is_uefi(architecture):
        return Program.EDK2_HTTP if over_http(vendor_class, architecture) else Program.EDK2
    return Program.INTEL_ROM if is_bios(architecture) and vendor_class.startswith(b"PXEClient") else Program.UNKNOWN
