"""Who is talking over DHCPv6: the question of `fingerprint`, answered from RFC 5970's options.

Boot clients send their class in option 16 and their architecture in option 61. Two senders are known by the order of
their options alone: GRUB (grub-core/net/bootp.c), and EDK2 configuring an address before the exchange that boots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.wire.dhcp.architectures import is_u_boot, is_uefi

if TYPE_CHECKING:
    from pxedebug.wire.dhcpv6 import Dhcp6Message

__all__ = ["classify_v6"]

_DNS_SERVERS, _BOOT_FILE_URL, _INTERFACE = 23, 59, 62
_GRUB_ORDERS = ((3, 1, 8), (8, 6, 3, 2, 1))
"""SOLICIT and REQUEST: GRUB writes its packets from the end."""
_EDK2_ADDRESS_ORDERS = ((1, 8, 3, 6), (1, 8, 2, 3, 6))
_EDK2_ADDRESS = Fingerprint(Program.EDK2, StageKind.FIRMWARE, None, None)


def classify_v6(message: Dhcp6Message) -> Fingerprint:
    """The program that sent a client's DHCPv6 message (of a relayed one: the innermost), by this one message.

    Firmware with `method` None is EDK2's address configuration (see `fingerprint.is_boot_client`).
    """
    vendor_class = message.vendor_class or b""
    architecture = message.architectures[0] if message.architectures else architecture_of_class(vendor_class)
    method = Method.HTTP_V6 if over_http(vendor_class, architecture) else Method.PXE_V6
    if any(says_ipxe(name) for name in message.user_class):
        return Fingerprint(Program.IPXE, StageKind.IPXE, method, architecture)
    codes = tuple(code for code, _ in message.options)
    named = program_of_class(vendor_class)
    if is_os_class(vendor_class):
        return OS_CLIENT
    if named is None and architecture is None and _INTERFACE not in codes:
        return OS_CLIENT if vendor_class else _by_order(message.requested, codes)
    if named is Program.U_BOOT or (architecture is not None and is_u_boot(architecture)):
        return Fingerprint(Program.U_BOOT, StageKind.U_BOOT, method, architecture)
    if architecture is not None and is_uefi(architecture):
        return Fingerprint(
            Program.EDK2_HTTP if over_http(vendor_class, architecture) else Program.EDK2,
            StageKind.FIRMWARE,
            method,
            architecture,
        )
    return Fingerprint(named or Program.UNKNOWN, StageKind.FIRMWARE, method, architecture)


def _by_order(requested: tuple[int, ...], codes: tuple[int, ...]) -> Fingerprint:
    """A client without class and architecture: the order of its options and what it asks for."""
    if codes in _GRUB_ORDERS and requested in ((), (_BOOT_FILE_URL, _DNS_SERVERS)):
        return GRUB_CLIENT
    if codes in _EDK2_ADDRESS_ORDERS and requested == (_DNS_SERVERS,):
        return _EDK2_ADDRESS
    return NO_BOOT
