# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Option 60, vendor class identifier: what kind of program speaks (RFC 2132 section 9.13, PXE 2.1 table 2-1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pxedebug.wire.dhcp.architectures import architecture_name
from pxedebug.wire.dhcp.codec import Codec, show_text

__all__ = ["VendorClass", "VendorClassCodec", "is_pxe_class"]

_PXE = b"PXEClient"
_FIELDS = re.compile(rb"(PXEClient|HTTPClient)(?::Arch:(\d+))?(?::UNDI:(\d{3})(\d{3}))?")
_OTHER_FAMILIES = (b"AAPLBSDPC", b"MSFT", b"U-Boot", b"anaconda", b"dhcpcd", b"udhcp")


@dataclass(frozen=True, slots=True)
class VendorClass:
    """A vendor class and, where it has the fields `family:Arch:NNNNN:UNDI:MMMmmm`, these as numbers."""

    raw: bytes
    family: str
    """`PXEClient`, `HTTPClient`, another well-known beginning (`AAPLBSDPC`, `MSFT`, `U-Boot`, `anaconda`, `dhcpcd`,
    `udhcp`) or `other`."""
    architecture: int | None = None
    """Decimal in the text; should equal option 93."""
    undi_major: int | None = None
    undi_minor: int | None = None

    @property
    def text(self) -> str:
        """The class as text; bytes that are no UTF-8 as escapes, trailing NULs off."""
        return show_text(self.raw)


def is_pxe_class(vendor_class: bytes | None) -> bool:
    """True where a vendor class says that option 43 holds PXE sub-options."""
    return vendor_class is not None and vendor_class.startswith(_PXE)


class VendorClassCodec(Codec[VendorClass]):
    """Option 60."""

    def decode(self, raw: bytes) -> VendorClass:
        found = _FIELDS.match(raw)
        if not found:
            family = next((name for name in _OTHER_FAMILIES if raw.startswith(name)), b"other")
            return VendorClass(raw, family.decode())
        # More digits than a 16-bit number has would be a fault of the sender, and int() refuses thousands of them.
        numbers = [int(digits) if digits and len(digits) <= 5 else None for digits in found.groups()[1:]]
        return VendorClass(raw, found[1].decode(), *numbers)

    def encode(self, value: VendorClass) -> bytes:
        return value.raw

    def text(self, value: VendorClass) -> str:
        if value.architecture is None:
            return value.text
        return f"{value.text} ({architecture_name(value.architecture)})"
