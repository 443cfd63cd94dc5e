"""Kernels by their own boot headers: Linux on x86, ARM, ARM64 and RISC-V, and U-Boot images."""

from __future__ import annotations

from pxedebug.wire.bootprogram.pe import read_pe
from pxedebug.wire.bootprogram.program import MACHINE_NAMES, Program, printable

__all__ = ["identify_kernel"]

_ARM, _ARM64, _X86, _X64, _RISCV64 = 0x01C4, 0xAA64, 0x014C, 0x8664, 0x5064


def identify_kernel(head: bytes) -> Program | None:
    """A kernel or U-Boot image; None for other bytes."""
    if head[0x202:0x206] == b"HdrS" and len(head) >= 0x212:
        return _bzimage(head)
    if head[56:60] == b"ARMd":
        return _flat_image(head, "arm64-image", "Linux ARM64 Image", _ARM64)
    if head[56:60] == b"RSC\x05":
        return _flat_image(head, "riscv-image", "Linux RISC-V Image", _RISCV64)
    if head[0x24:0x28] == b"\x18\x28\x6f\x01" and len(head) >= 0x30:
        return _zimage(head)
    if head[:4] == b"\x27\x05\x19\x56" and len(head) >= 64:
        return _legacy_image(head)
    return None


def _bzimage(head: bytes) -> Program:
    """Linux x86 boot protocol (Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header")."""
    minor, major = head[0x206], head[0x207]
    version = _kernel_version(head)
    setup = (head[0x1F1] or 4) * 512 + 512
    # Counted in units of 16 bytes, rounded up; before protocol 2.04 only the lower half is valid.
    units = int.from_bytes(head[0x1F4 : 0x1F8 if (major, minor) >= (2, 4) else 0x1F6], "little")
    size = setup + units * 16 - 15 if units else None
    # iPXE, Memtest86+ and MEMDISK wear the same header; a version that begins with a digit is a kernel's.
    name = f"Linux kernel {version.split()[0]}" if version[:1].isdigit() else version or "Linux bzImage"
    words = [name, f"boot protocol {major}.{minor:02d}"]
    header = read_pe(head)
    if header is None:
        return Program("bzimage", ", ".join(words), None, None, None, size)
    words.append(f"EFI stub {MACHINE_NAMES.get(header.machine, hex(header.machine))}")
    if header.signed:
        words.append("signed")
    sizes = [number for number in (size, header.declared_size) if number is not None]
    return Program(
        "bzimage", ", ".join(words), header.machine, header.subsystem, header.signed, max(sizes) if sizes else None
    )


def _kernel_version(head: bytes) -> str:
    """The version string that the header points to, less the 0x200 bytes of the boot sector; empty without one."""
    pointer = int.from_bytes(head[0x20E:0x210], "little")
    return printable(head[pointer + 0x200 : pointer + 0x300]) if pointer else ""


def _flat_image(head: bytes, kind: str, name: str, machine: int) -> Program:
    """A flat kernel image (Documentation/arch/arm64/booting.rst, arch/riscv/boot-image-header.rst).

    Its image size counts memory that is not in the file, so only an EFI header tells the size.
    """
    header = read_pe(head)
    if header is None:
        return Program(kind, name, machine)
    detail = f"{name}, EFI stub" + (", signed" if header.signed else "")
    return Program(kind, detail, header.machine, header.subsystem, header.signed, header.declared_size)


def _zimage(head: bytes) -> Program:
    """A 32-bit ARM zImage: magic, start and end at 0x24 (arch/arm/boot/compressed/head.S)."""
    start, end = (int.from_bytes(head[at : at + 4], "little") for at in (0x28, 0x2C))
    header = read_pe(head)
    signed = header.signed if header is not None else None
    subsystem = header.subsystem if header is not None else None
    return Program("zimage", "Linux ARM zImage", _ARM, subsystem, signed, end - start if end > start else None)


_LEGACY_TYPES = {
    1: "standalone",
    2: "kernel",
    3: "ramdisk",
    4: "multi-file",
    5: "firmware",
    6: "script",
    8: "device tree",
}
_LEGACY_MACHINES = {2: _ARM, 3: _X86, 22: _ARM64, 24: _X64, 26: _RISCV64}


def _legacy_image(head: bytes) -> Program:
    """A U-Boot legacy image: a big-endian header of 64 bytes before the data (U-Boot include/image.h)."""
    kind, name = head[30], printable(head[32:64])
    detail = f"U-Boot {_LEGACY_TYPES.get(kind, f'type {kind}')}" + (f" '{name}'" if name else "")
    size = 64 + int.from_bytes(head[12:16])
    return Program("u-boot-image", detail, _LEGACY_MACHINES.get(head[29]), None, None, size)
