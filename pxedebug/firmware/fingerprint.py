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
from typing import TYPE_CHECKING

from pxedebug.firmware.classes import (
    CUT_SHORT,
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
_PI_ROM_GUID = b"\x44" * 16
_RPIBOOT = 0x29
_BIOS_HTTP = 0x14
_GRUB_REQUEST = {53, 54, 50, 55}
_GRUB_REQUEST_LIST = bytes((1, 3, 6, 15, 12, 17, 18))
"""Option 55 of GRUB's REQUEST (grub-core/net/bootp.c); its DISCOVER has no option but 53."""

_KINDS = {Program.IPXE: StageKind.IPXE, Program.U_BOOT: StageKind.U_BOOT}


_PLAIN_BOOTP = Fingerprint(Program.UNKNOWN, StageKind.FIRMWARE, Method.PXE_V4, None)


def classify(message: DhcpMessage) -> Fingerprint:
    """The program that sent a client's message, by this one message.

    Kind `os` with program `unknown` is a client without any tell of a boot. A BOOTP request (RFC 951, no option 53)
    counts as firmware when it names a file; without a name it may be any printer or controller, and only the answer
    tells. A message that the snap length cut before any tell is firmware's without a method: it may be anybody's.
    """
    options = message.options
    get = options.get
    vendor_class, user_class, architectures, interface = get(60, b""), get(77, b""), get(93, b""), get(94, b"")
    machine_id, etherboot, windows = get(97), 175 in options, 250 in options
    if not (vendor_class or user_class or architectures or interface or machine_id or etherboot or windows):
        return _classify_plain(message)
    raspberry_pi = message.chaddr[:3] in _RASPBERRY_PI_BLOCKS or (machine_id is not None and _is_pi_guid(machine_id))
    return _classify_traits(
        vendor_class[:_CLASS_LIMIT],
        user_class[:_CLASS_LIMIT],
        architectures[:2],
        interface[:3],
        etherboot,
        windows,
        machine_id is not None,
        raspberry_pi,
    )


def is_boot_client(fingerprint: Fingerprint) -> bool:
    """The message belongs to a network boot; False for the operating system and for what shows no tell of a boot.

    False also for EDK2's DHCPv6 exchange that only configures an address (firmware without a method): it is the
    prelude of a boot when a SOLICIT with a class follows it, and proves nothing alone; nor does a message cut short.
    """
    if fingerprint.kind is StageKind.FIRMWARE and fingerprint.method is None:
        return fingerprint.program is Program.APPLE
    return fingerprint.kind is not StageKind.OS


def carries_class(message: DhcpMessage | Dhcp6Message) -> bool:
    """False for DECLINE and RELEASE: firmware leaves its class out of these, so their fingerprint says nothing."""
    return message.type not in _WITHOUT_CLASS


def _is_pi_guid(machine_id: bytes) -> bool:
    """Option 97 as the Pi's ROM (0x44 throughout) or EEPROM (`RPi4`, `RPi5`) fills it."""
    return machine_id.startswith(b"RPi", 1) or machine_id[1:] == _PI_ROM_GUID


def _classify_plain(message: DhcpMessage) -> Fingerprint:
    """A message without class, architecture, interface and machine id."""
    options = message.options
    if message.truncated:
        return CUT_SHORT
    if message.type_code is None:
        if options:
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
def _classify_traits(
    vendor_class: bytes,
    user_class: bytes,
    architectures: bytes,
    interface: bytes,
    etherboot: bool,
    windows: bool,
    machine_id: bool,
    raspberry_pi: bool,
) -> Fingerprint:
    """All that the verdict depends on, so that the cache answers for every further client of the same make.

    Options are cut to what is read of them and empty when absent; `etherboot` says that 175 is present, `windows` 250.
    """
    in_class = architecture_of_class(vendor_class)
    architecture = int.from_bytes(architectures, "big") if len(architectures) == 2 else in_class
    if says_ipxe(user_class) or etherboot:
        # Etherboot, gPXE's ancestor, sends option 175 too, but has other clocks and no scripts.
        program = Program.UNKNOWN if vendor_class.startswith(b"Etherboot") else Program.IPXE
        return _fingerprint(program, vendor_class, architecture)
    named = program_of_class(vendor_class)
    if is_os_class(vendor_class) or (named is None and not (architectures or interface or machine_id)):
        return OS_CLIENT if vendor_class else NO_BOOT
    if named is Program.APPLE:
        return Fingerprint(named, StageKind.FIRMWARE, None, architecture)
    if windows and named is not Program.U_BOOT:
        return _fingerprint(Program.WINDOWS_LOADER, vendor_class, architecture)
    is_loader = named is Program.U_BOOT or (architecture is not None and is_u_boot(architecture))
    if is_loader or interface == _U_BOOT_INTERFACE:
        return _fingerprint(Program.U_BOOT, vendor_class, architecture)
    return _fingerprint(_firmware(vendor_class, architecture, raspberry_pi), vendor_class, architecture)


def _fingerprint(program: Program, vendor_class: bytes, architecture: int | None) -> Fingerprint:
    method = Method.HTTP_V4 if over_http(vendor_class, architecture) else Method.PXE_V4
    return Fingerprint(program, _KINDS.get(program, StageKind.FIRMWARE), method, architecture)


def _firmware(vendor_class: bytes, architecture: int | None, raspberry_pi: bool) -> Program:
    """Firmware that says it boots: which one, by its processor and the class it names."""
    if architecture == _RPIBOOT or (raspberry_pi and architecture in (None, 0)):
        return Program.RASPBERRY_PI
    if architecture is None or architecture == _BIOS_HTTP:
        return Program.UNKNOWN
    if is_uefi(architecture):
        return Program.EDK2_HTTP if over_http(vendor_class, architecture) else Program.EDK2
    return Program.INTEL_ROM if is_bios(architecture) and vendor_class.startswith(b"PXEClient") else Program.UNKNOWN
