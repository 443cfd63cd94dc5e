"""What a boot's files are called: which name is a kernel, which belongs to a loader's search, which may be missing.

Names come from the wire with either slash, in any case and as any bytes, or as URLs; only what stands in the tables is
recognised. The search lists are those of PXELINUX (which U-Boot follows), GRUB, iPXE's common menus and Windows.
"""

from __future__ import annotations

import re

__all__ = [
    "artifact", "base_name", "config_search", "is_boot_name", "is_last_config", "is_loader_name", "module_search",
    "optional_file",
]  # fmt: skip

_LONGEST = 512
"""Bytes at the end of a name that are looked at."""

_MAC = r"(?:[0-9a-f]{2}-)?[0-9a-f]{2}(?:-[0-9a-f]{2}){5}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HEX_ADDRESS = r"[0-9a-f]{1,8}"


def _base(*alternatives: str) -> bytes:
    """A pattern of the last part of a path; `re` compiles it, and keeps it, when a file is first compared with it."""
    return "|".join(alternatives).encode()


_PXELINUX_FOLDER = b"pxelinux.cfg/"
_PXELINUX_CONFIG = _base(_MAC, _UUID, _HEX_ADDRESS, r"default(?:-.*)?")
_CONFIG_SEARCHES = (
    ("grub", _base(rf"grub\.cfg(?:-(?:{_MAC}|{_UUID}|{_HEX_ADDRESS}))?")),
    ("ipxe", _base(r"(?:autoexec|local-vars|(?:mac|hostname|uuid|ip)-.*)\.ipxe")),
    ("u-boot", _base(r"extlinux\.conf", r"boot\.scr(?:\.uimg)?")),
)
_OPTIONAL = _base(
    r"(?:autoexec|local-vars|mac-.*)\.ipxe", r"hostname-.*",
    r".*\.(?:mod|lst|pf2|ttf|fon|sig)",
    r"(?:revocations|shim_certificate).*\.efi",
    r"bootsig\.bin", r"recovery\.elf", r"recover4\.elf", r"dt-blob.*", r"autoboot\.txt", r"pieeprom\..*",
    r"(?:config|cmdline)\.txt", r"armstub.*",
    r".*\.(?:png|jpe?g|tga|bmp|lss)", r"theme\.txt", r"grubenv", r"(?:custom|user)\.cfg", r"hiberfil\.sys",
)  # fmt: skip
"""Asked for in case they are there: by iPXE menus, GRUB, shim, bootmgr and the Raspberry Pi; and artwork."""
_MODULE_SEARCH = _base(r"ldlinux\.(?:c32|e32|e64)")

_LOADER = _base(
    r"[lg]?pxelinux.*", r"(?:sys|iso)linux.*", r"grub.*", r"core\.(?:0|efi)", r"shim.*", r"bootnet(?:x64|aa64)\.efi",
    r"i?pxe.*", r"undionly.*", r"snp(?:only.*|\.efi)", r".*\.k{1,3}pxe", r"netboot\.xyz.*", r"wdsnbp.*", r"wdsmgfw.*",
    r"bootmg.*", r"pxeboot.*", r"abortpxe.*", r".*\.n12", r"mboot.*", r"u-?boot.*", r"barebox.*", r"mlo", r"t?spl.*",
    r"tiboot3\.bin", r"bootcode\.bin", r"start[0-9a-z_]{0,4}\.elf",
)  # fmt: skip
"""Programs that load others, and are no system themselves."""
_LOADER_CONFIG = _base(r"grub\.cfg.*", r".*\.[gi]pxe", r"boot\.scr.*", r"extlinux\.conf", r"(?:sys|iso)linux\.cfg")
_ARTIFACTS = (
    ("config", _LOADER_CONFIG),
    ("config", _base(
        r"config\.txt", r"cmdline\.txt", r"elilo\.conf", r"menu\.cfg", r"preseed.*", r".*\.preseed", r".*\.ks",
        r"ks\.cfg", r"kickstart.*", r"(?:user|meta|vendor)-data", r"(?:auto)?unattend\.xml", r"autoyast.*",
        r"autoinst\.xml",
    )),
    ("wim", _base(r".*\.s?wim")),
    ("ramdisk", _base(r".*\.sdi", r"bcd", r".*\.bcd")),
    ("module", _base(r".*\.(?:c32|mod|lst)", r"ldlinux\.e(?:32|64)")),
    ("dtb", _base(r".*\.dtbo?", r"fixup[0-9a-z]*\.dat")),
    ("kernel", _base(
        r"vmlinu[xz].*", r".*\.(?:vmlinuz|lkrn|itb|krn)", r"bzimage.*", r"linux(?:[-_.].*|[0-9]*)", r"kernel.*",
        r"z?image(?:\.gz|\.lzma)?", r"uimage.*", r"fitimage.*", r"wimboot.*", r"memdisk", r"memtest.*",
        r"xen(?:[-.].*)?",
    )),
    ("boot-program", _base(
        r".*\.(?:efi|0|k{0,3}pxe|n12|com)", r"undionly.*", r"snponly.*", r"ipxe.*", r"shim.*", r"grub.*",
        r"boot(?:x64|aa64|ia32|mgr).*", r"pxelinux.*", r"u-?boot.*", r"barebox.*", r"mlo", r"spl", r"tispl\.bin",
        r"tiboot3\.bin", r"bootcode\.bin", r"start[0-9a-z_]{0,4}\.elf",
    )),
    ("initrd", _base(r".*(?:initrd|initramfs).*", r".*\.(?:img|cpio|squashfs)", r".*\.cpio\..*", r"rootfs.*")),
)  # fmt: skip
"""In order: the first match names the kind (`kernel8.img` is a kernel, `grub.cfg` no boot program)."""
_BOOT_KINDS = frozenset(("boot-program", "kernel", "initrd", "wim", "ramdisk", "module", "dtb"))
_SHARED = _base(
    r"(?!initrd|initramfs).*\.img", r"(?!wdsnbp|abortpxe|pxeboot|startrom|hdls).*\.com", r"kernel.*", r"rootfs.*",
    r"(?:grub|ipxe|shim|u-?boot|linux).*\.(?:txt|log|conf|md)",
)  # fmt: skip
"""Names that a boot shares with switches, appliances and people; alone they prove no boot."""


def _plain(name: bytes) -> bytes:
    """A name in lower case with forward slashes, without a URL's query and fragment."""
    if b"://" in name:
        name = name.partition(b"#")[0].partition(b"?")[0]
    return name[-_LONGEST:].lower().replace(b"\\", b"/").replace(b"\n", b" ")


def base_name(name: bytes) -> bytes:
    """The last part of a path, in lower case; empty where the name ends with a slash."""
    return _plain(name).rpartition(b"/")[2]


def artifact(name: bytes) -> str | None:
    """What a file is for by its name: `boot-program`, `kernel`, `initrd`, `wim`, `ramdisk`, `dtb`, `config`, `module`.

    None where the name says nothing; what the first bytes of the file say counts for more.
    """
    if _in_pxelinux_folder(name):
        return "config"
    base = base_name(name)
    return next((kind for kind, pattern in _ARTIFACTS if re.fullmatch(pattern, base)), None)


def config_search(name: bytes) -> str | None:
    """Whose configuration search the name belongs to: `pxelinux`, `grub`, `ipxe` or `u-boot`; else None.

    Loaders try such names in turn and expect most of them to be missing (`is_last_config` tells the one that counts).
    """
    base = base_name(name)
    if _in_pxelinux_folder(name) and re.fullmatch(_PXELINUX_CONFIG, base):
        return "pxelinux"
    return next((loader for loader, pattern in _CONFIG_SEARCHES if re.fullmatch(pattern, base)), None)


def is_last_config(name: bytes) -> bool:
    """The name ends its loader's search: `pxelinux.cfg/default`, `grub.cfg`. Without it the loader has nothing."""
    base = base_name(name)
    return base == b"grub.cfg" or (base == b"default" and _in_pxelinux_folder(name))


def optional_file(name: bytes) -> bool:
    """The boot goes on when this file is missing."""
    return re.fullmatch(_OPTIONAL, base_name(name)) is not None or b"overlays/" in _plain(name)


def module_search(name: bytes) -> bool:
    """PXELINUX's own module, looked for in up to six folders: missing in some, needed in one."""
    return re.fullmatch(_MODULE_SEARCH, base_name(name)) is not None


def is_loader_name(name: bytes) -> bool:
    """The program of this name loads a system and is none."""
    return re.fullmatch(_LOADER, base_name(name)) is not None


def is_boot_name(name: bytes) -> bool:
    """Only network boots fetch a file of this name.

    False for what switches, phones and routers fetch (`startup.cfg`, `image.bin`) and for installers' answer files.
    """
    base = base_name(name)
    if re.fullmatch(_SHARED, base):
        return False
    return _in_pxelinux_folder(name) or re.fullmatch(_LOADER_CONFIG, base) is not None or artifact(name) in _BOOT_KINDS


def _in_pxelinux_folder(name: bytes) -> bool:
    plain = _plain(name)
    return plain.startswith(_PXELINUX_FOLDER) or b"/" + _PXELINUX_FOLDER in plain
