"""What a class says: vendor class, user class and architecture, the same strings over DHCPv4 and DHCPv6.

RFC 4578 and RFC 5970 define them; `PXEClient:Arch:NNNNN:UNDI:MMMmmm` is PXE 2.1's form of the vendor class.
"""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.wire.dhcp.architectures import is_http

__all__ = [
    "CUT_SHORT", "GRUB_CLIENT", "NO_BOOT", "OS_CLIENT", "Fingerprint", "architecture_of_class", "is_os_class",
    "over_http", "program_of_class", "says_ipxe",
]  # fmt: skip

_IPXE_NAMES = (b"iPXE", b"gPXE")
_OS_CLASSES = (
    b"anaconda", b"d-i", b"dhcpcd", b"MSFT", b"systemd", b"dracut", b"Linux", b"android-dhcp", b"onie_vendor",
)  # fmt: skip
"""Classes of systems and installers; some repeat the boot tells (93, 97) of the firmware that started them."""
_PROGRAM_OF_CLASS = (
    (b"PXEClient", Program.UNKNOWN),
    (b"HTTPClient", Program.EDK2_HTTP),
    (b"U-Boot", Program.U_BOOT),
    (b"AAPLBSDPC", Program.APPLE),
    (b"Etherboot", Program.UNKNOWN),
)


class Fingerprint(NamedTuple):
    """What one message says about its sender."""

    program: Program
    kind: StageKind
    """`firmware` for everything that is no loader with a stage of its own; `os` for whatever is no boot."""
    method: Method | None
    """None where the program boots by no method of firmware (GRUB, Apple, an operating system)."""
    architecture: int | None
    """First value of option 93 (DHCPv6: 61), else the digits of the class; None when neither says."""


OS_CLIENT = Fingerprint(Program.OS, StageKind.OS, None, None)
NO_BOOT = Fingerprint(Program.UNKNOWN, StageKind.OS, None, None)
"""A client without any tell of a boot."""
CUT_SHORT = Fingerprint(Program.UNKNOWN, StageKind.FIRMWARE, None, None)
"""A client whose options the capture does not hold: it may be anything."""
GRUB_CLIENT = Fingerprint(Program.GRUB, StageKind.GRUB, None, None)


def program_of_class(vendor_class: bytes) -> Program | None:
    """What a vendor class (option 60; DHCPv6: 16) says by itself; None for a class that boots nothing."""
    return next((program for prefix, program in _PROGRAM_OF_CLASS if vendor_class.startswith(prefix)), None)


def is_os_class(vendor_class: bytes) -> bool:
    """The class of a system or installer, whatever else its message carries."""
    return vendor_class.startswith(_OS_CLASSES)


def architecture_of_class(vendor_class: bytes) -> int | None:
    """The digits of `PXEClient:Arch:NNNNN:...`, decimal by the specification; None where there are none."""
    parts = vendor_class.split(b":", 3)
    if len(parts) < 3 or parts[1] != b"Arch" or len(parts[2]) > 5 or not parts[2].isdigit():
        return None
    number = int(parts[2])
    return number if number <= 0xFFFF else None


def over_http(vendor_class: bytes, architecture: int | None) -> bool:
    """The client boots over HTTP: its class says so, else its architecture does."""
    if vendor_class.startswith(b"PXEClient"):
        return False
    return vendor_class.startswith(b"HTTPClient") or (architecture is not None and is_http(architecture))


def says_ipxe(user_class: bytes | None) -> bool:
    """Option 77 holds iPXE's name: raw, as iPXE sends it, or as one of RFC 3004's counted strings."""
    if not user_class:
        return False
    if user_class.startswith(_IPXE_NAMES):
        return True
    position = 0
    while position < len(user_class):
        stop = position + 1 + user_class[position]
        if user_class[position + 1 : stop] in _IPXE_NAMES:
            return True
        position = stop
    return False
