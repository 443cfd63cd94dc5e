"""How programs ask over TFTP: which options in which order, and the probe that only reads a file's size.

A request says more about its sender than DHCP does, because PXELINUX, GRUB and Windows take over the firmware's lease.
Values are [measured] but for GRUB's and Windows', which come from sources and vendors' notes.
"""

from __future__ import annotations

from pxedebug.firmware.file_names import (
    artifact,
    base_name,
    config_search,
    is_boot_name,
    is_last_config,
    module_search,
    optional_file,
)
from pxedebug.firmware.programs import Program

__all__ = [
    "PROBE_ABORTS", "artifact", "classify_request", "config_search", "is_boot_like", "is_last_config", "is_probe_abort",
    "is_size_probe", "module_search", "optional_file",
]  # fmt: skip

Options = tuple[tuple[bytes, bytes], ...]

PROBE_ABORTS: frozenset[tuple[int, bytes]] = frozenset(((8, b""), (0, b"TFTP Aborted")))
"""ERRORs by which a client ends its size probe: EDK2's code 8 with any text, Intel's ROM's code 0 with this one."""

_ETHERNET_BLOCKS = (b"1468", b"1228")
"""Ethernet's MTU less headers: over IPv4 and over IPv6."""
_BY_ORDER: dict[tuple[bytes, ...], Program] = {
    (b"tsize",): Program.INTEL_ROM,
    (b"blksize", b"windowsize"): Program.EDK2,
    (b"blksize", b"tsize", b"multicast"): Program.IPXE,
}
_BY_ORDER_AND_BLOCK: dict[tuple[tuple[bytes, ...], bytes], Program] = {
    ((b"blksize",), b"1456"): Program.INTEL_ROM,
    ((b"blksize",), b"1468"): Program.EDK2,
    ((b"blksize",), b"1228"): Program.EDK2,
    ((b"tsize", b"blksize"), b"1468"): Program.EDK2,
    ((b"tsize", b"blksize"), b"1228"): Program.EDK2,
    ((b"tsize", b"blksize"), b"1408"): Program.PXELINUX,
    ((b"blksize", b"tsize"), b"1432"): Program.IPXE,
    ((b"blksize", b"tsize"), b"1024"): Program.GRUB,
}
_RASPBERRY_PI_FILES = frozenset((
    b"bootcode.bin", b"config.txt", b"cmdline.txt", b"start.elf", b"start4.elf", b"recovery.elf", b"fixup.dat",
    b"fixup4.dat", b"bootsig.bin", b"dt-blob.bin", b"kernel8.img", b"kernel7.img", b"kernel7l.img", b"kernel_2712.img",
))  # fmt: skip
_TFTP_ABORTED = b"tftp aborted"
_USER_ABORTED = 8


def classify_request(options: Options, file: bytes) -> Program | None:
    """The program behind a read request, by its options in the order sent and the file it asks for; None if unclear.

    A name in PXELINUX's or GRUB's search decides where the options do not. shim reads through EDK2's driver and shows
    as such.
    """
    names = tuple(name.lower() for name, _ in options)
    block = next((value for name, value in options if name.lower() == b"blksize"), b"")
    if names[:1] == (b"timeout",) and b"blksize" in names:
        return Program.U_BOOT
    if names == (b"tsize", b"blksize", b"windowsize"):
        return Program.EDK2 if block in _ETHERNET_BLOCKS else _windows_or_none(file)
    if names == (b"tsize",) and options[0][1] != b"0":
        return None
    return _BY_ORDER.get(names) or _BY_ORDER_AND_BLOCK.get((names, block)) or _by_name(file)


def is_boot_like(name: bytes, options: Options = ()) -> bool:
    """A transfer that is a network boot even where the capture holds no DHCP: by its name or by the request's options.

    False for what switches, phones and routers fetch (`startup.cfg`, `image.bin`) and for installers' answer files.
    """
    return is_boot_name(name) or _only_boots_ask_so(options)


def is_size_probe(options: Options) -> bool:
    """The request has the form of a size probe: it may end with an abort after the OACK, and a real read follows.

    That is EDK2's and Intel's ROM's. iPXE, PXELINUX and GRUB ask for `tsize` too, in the request that transfers.
    """
    size = next((value for name, value in options if name.lower() == b"tsize"), None)
    return size == b"0" and classify_request(options, b"") in (Program.EDK2, Program.INTEL_ROM)


def is_probe_abort(code: int, message: bytes) -> bool:
    """A client's ERROR that ends a size probe rather than a transfer, provided that no DATA was acknowledged."""
    return code == _USER_ABORTED or (code == 0 and message.rstrip(b"\0").lower() == _TFTP_ABORTED)


def _only_boots_ask_so(options: Options) -> bool:
    """Options that no other TFTP client sends; `timeout` before a block size is U-Boot's only with its own size."""
    program = classify_request(options, b"") if options else None
    if program is Program.U_BOOT:
        return any(name.lower() == b"blksize" and value in _ETHERNET_BLOCKS for name, value in options)
    return program is not None


def _windows_or_none(file: bytes) -> Program | None:
    """bootmgr and wdsmgfw ask as EDK2's probe does, but with block sizes of their own and backslashes."""
    return Program.WINDOWS_LOADER if b"\\" in file or artifact(file) in ("wim", "ramdisk") else None


def _by_name(file: bytes) -> Program | None:
    loader = config_search(file)
    if loader == "pxelinux" or module_search(file):
        return Program.PXELINUX
    if loader == "grub":
        return Program.GRUB
    if base_name(file) in _RASPBERRY_PI_FILES:
        return Program.RASPBERRY_PI
    return _windows_or_none(file) if artifact(file) in ("wim", "ramdisk") else None
