"""Client system architectures: option 93 of DHCPv4, option 61 of DHCPv6.

IANA registry "Processor Architecture Types" (RFC 5970 section 3.3, started by RFC 4578 section 2.1). RFC 4578 printed 7
as "EFI BC" and 9 as "EFI x86-64"; the registry and all firmware have it the other way round, and so has this table.
"""

from __future__ import annotations

__all__ = [
    "ARCHITECTURES", "architecture_family", "architecture_name", "is_bios", "is_http", "is_u_boot", "is_uefi",
]  # fmt: skip

ARCHITECTURES: dict[int, str] = {
    0x00: "x86 BIOS",
    0x01: "NEC PC-98 (deprecated)",
    0x02: "Itanium",
    0x03: "DEC Alpha (deprecated)",
    0x04: "Arc x86 (deprecated)",
    0x05: "Intel Lean Client (deprecated)",
    0x06: "x86 UEFI",
    0x07: "x64 UEFI",
    0x08: "EFI Xscale (deprecated)",
    0x09: "EBC",
    0x0A: "ARM32 UEFI",
    0x0B: "ARM64 UEFI",
    0x0C: "PowerPC Open Firmware",
    0x0D: "PowerPC ePAPR",
    0x0E: "POWER OPAL v3",
    0x0F: "x86 UEFI HTTP",
    0x10: "x64 UEFI HTTP",
    0x11: "EBC HTTP",
    0x12: "ARM32 UEFI HTTP",
    0x13: "ARM64 UEFI HTTP",
    0x14: "PC/AT BIOS HTTP",
    0x15: "ARM32 U-Boot",
    0x16: "ARM64 U-Boot",
    0x17: "ARM32 U-Boot HTTP",
    0x18: "ARM64 U-Boot HTTP",
    0x19: "RISC-V 32 UEFI",
    0x1A: "RISC-V 32 UEFI HTTP",
    0x1B: "RISC-V 64 UEFI",
    0x1C: "RISC-V 64 UEFI HTTP",
    0x1D: "RISC-V 128 UEFI",
    0x1E: "RISC-V 128 UEFI HTTP",
    0x1F: "s390 basic",
    0x20: "s390 extended",
    0x21: "MIPS32 UEFI",
    0x22: "MIPS64 UEFI",
    0x23: "Sunway 32 UEFI",
    0x24: "Sunway 64 UEFI",
    0x25: "LoongArch 32 UEFI",
    0x26: "LoongArch 32 UEFI HTTP",
    0x27: "LoongArch 64 UEFI",
    0x28: "LoongArch 64 UEFI HTTP",
    0x29: "ARM rpiboot",
}

_BIOS = frozenset({0x00, 0x01, 0x04, 0x14})
_HTTP = frozenset({0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x17, 0x18, 0x1A, 0x1C, 0x1E, 0x26, 0x28})
_U_BOOT = frozenset({0x15, 0x16, 0x17, 0x18})
_UEFI = frozenset({0x02, *range(0x06, 0x0C), *range(0x0F, 0x14), *range(0x19, 0x1F), *range(0x21, 0x29)})


def architecture_name(code: int) -> str:
    """The architecture in words; `architecture N` for a number that the registry does not know."""
    return ARCHITECTURES.get(code) or f"architecture {code}"


def is_bios(code: int) -> bool:
    """A PC BIOS and its option ROMs: wants a real-mode boot program."""
    return code in _BIOS


def is_uefi(code: int) -> bool:
    """UEFI firmware of any processor, booting over TFTP or HTTP: wants a PE image."""
    return code in _UEFI


def is_u_boot(code: int) -> bool:
    """U-Boot outside its EFI boot method."""
    return code in _U_BOOT


def is_http(code: int) -> bool:
    """The client boots over HTTP: it wants a URI and the class `HTTPClient` in the reply."""
    return code in _HTTP


def architecture_family(code: int) -> str:
    """`bios`, `uefi`, `u-boot` or `other`; whether the boot goes over HTTP is `is_http`'s to say."""
    if code in _BIOS:
        return "bios"
    if code in _UEFI:
        return "uefi"
    return "u-boot" if code in _U_BOOT else "other"
