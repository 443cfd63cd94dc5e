"""What was loaded, and what that means: an operating system, the same loader again, or the order to use the disk."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pxedebug.firmware import artifact, config_search, module_search, optional_file, pxe_suboptions
from pxedebug.firmware.file_names import base_name, is_loader_name
from pxedebug.firmware.programs import Program, StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Boot, Stage, Transfer, TransferStatus
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["boots_from_san", "booted", "handed_to_disk", "loaders", "loops", "role", "system_of_the_disk"]

_INITRD_TYPES = frozenset(("gzip", "xz", "zstd", "lz4", "cpio", "bzip2", "lzma"))
_TEXT_TYPES = frozenset(("ipxe-script", "config-text", "text", "html"))
_LOADERS_PARTS = frozenset(("config", "module", "dtb", "ramdisk"))
"""Files that a system needs and that are none."""
_LOADER_WORDS = ("iPXE", "GRUB", "shim", "PXELINUX", "SYSLINUX", "Windows", "U-Boot")
_SYSTEM_BYTES = 1 << 20
"""What is smaller and has no telling name is a part of something."""
_DISK_IMAGES = (b"efi-iso", b"efi-img", b"iso9660", b"x-iso", b"raw-disk")
"""Media types of disk images (UEFI 24.7.3.1), in part."""
_ENDED_BADLY = frozenset((
    TransferStatus.REFUSED, TransferStatus.ABORTED, TransferStatus.UNANSWERED, TransferStatus.STALLED,
    TransferStatus.UNREACHABLE,
))  # fmt: skip
_ROOT_PATH = 17
_SAN = (b"iscsi:", b"fcoe:", b"aoe:", b"ib_srp:")
"""Schemes of a root path (option 17) that make a disk of a server's (RFC 4173 section 5, iPXE)."""
_GIVES_UP = b"abortpxe.com"
"""The program by which WDS and ConfigMgr send a machine to its disk."""
_LOOP_FETCHES = 2
"""Times an iPXE stage fetches the very file it was loaded from before that is a loop (catalogue ipxe-boot-loop)."""
_QUIET = 5 * SECOND
_BOOT_MENU, _MENU_PROMPT = 9, 10
_WAIT_FOR_KEY = 255


def role(transfer: Transfer) -> str | None:
    """What a file is for: its name's word (`firmware.artifact`), corrected by what its first bytes say."""
    named = artifact(transfer.file or b"")
    if transfer.content_type == "wim":
        return "wim"
    if transfer.content_type in ("bzimage", "arm64-image") and named in (None, "kernel", "initrd"):
        return "kernel"
    if transfer.content_type in _INITRD_TYPES and named is None:
        return "initrd"
    return named


def booted(stages: Sequence[Stage]) -> bool:
    """A kernel with its initrd or a WIM was delivered, or a system spoke that had been delivered."""
    whole = {role(transfer) for stage in stages for transfer in stage.transfers if _whole(transfer)}
    if "wim" in whole or {"kernel", "initrd"} <= whole:
        return True
    before = loaders(stages)
    if len(before) == len(stages):
        return False
    return any(boots_from_san(stage) for stage in before[-1:]) or _system_delivered(before)


def loaders(stages: Sequence[Stage]) -> list[Stage]:
    """The stages without that of an operating system."""
    return [stage for stage in stages if stage.kind is not StageKind.OS or not stage.exchanges]


def boots_from_san(stage: Stage) -> bool:
    """The server named a disk on the network: no file is asked for."""
    granted = (m.dhcp for exchange in stage.exchanges for m in exchange.messages if m.type == "ACK")
    return any(
        isinstance(dhcp, DhcpMessage) and dhcp.options.get(_ROOT_PATH, b"").lower().startswith(_SAN) for dhcp in granted
    )


def system_of_the_disk(boot: Boot) -> Stage | None:
    """The stage of an operating system that this boot did not load: it belongs to none of the attempts."""
    attempted = [stage for attempt in boot.attempts for stage in attempt.stages]
    if not attempted:
        return None
    own = (s for s in boot.stages if s.kind is StageKind.OS and not any(s is stage for stage in attempted))
    return next(own, None)


def _system_delivered(stages: Sequence[Stage]) -> bool:
    """Something that a system starts from came whole, and what was asked for last did not fail: otherwise it is the
    disk's own system that speaks."""
    needed = [t for stage in stages for t in stage.transfers if t.operation == "read" and not _expected_to_fail(t)]
    if not needed or needed[-1].status in _ENDED_BADLY:
        return False
    return any(_holds_system(t, stage, last=stage is stages[-1]) for stage in stages for t in stage.transfers)


def _holds_system(transfer: Transfer, stage: Stage, *, last: bool) -> bool:
    """A system may start out of this file: a kernel, a disk image, or a program that is no known loader (nor shown to
    be one by a stage after it)."""
    if transfer.operation != "read" or transfer.status not in (TransferStatus.COMPLETE, TransferStatus.UNSEEN):
        return False
    media = (transfer.http.content_type or b"") if transfer.http else b""
    if any(word in media.lower() for word in _DISK_IMAGES):
        return True
    named = role(transfer)
    if named in ("kernel", "initrd", "wim") or named in _LOADERS_PARTS:
        return named not in _LOADERS_PARTS
    if not last or transfer.content_type in _TEXT_TYPES or is_loader_name(transfer.file or b""):
        return False
    if any(word in (transfer.content_detail or "") for word in _LOADER_WORDS):
        return False
    if transfer.content_type == "pe" and stage.program is Program.INTEL_ROM:
        return False  # a BIOS cannot start it
    program = named == "boot-program" or transfer.content_type == "pe" or transfer is stage.transfers[0]
    return program or transfer.size >= _SYSTEM_BYTES or transfer.status is TransferStatus.UNSEEN


def _expected_to_fail(transfer: Transfer) -> bool:
    """A name that may be missing was missing."""
    name = transfer.file or b""
    searched = optional_file(name) or config_search(name) is not None or module_search(name)
    return transfer.status is TransferStatus.REFUSED and searched


def loops(stages: Sequence[Stage]) -> bool:
    """A loader is handed to itself again and again."""
    again = 0
    for earlier, stage in pairwise(stages):
        if stage.kind is not StageKind.IPXE:
            continue
        before = {_content(transfer) for transfer in earlier.transfers if _program(transfer)}
        again += bool(before & {_content(transfer) for transfer in stage.transfers if _program(transfer)})
    return again >= _LOOP_FETCHES


def handed_to_disk(stage: Stage, now: int) -> bool:
    """The last thing fetched says to boot the local disk, or a menu's local item was taken (B-26)."""
    if now - stage.ended < _QUIET:
        return False
    if stage.transfers and base_name(stage.transfers[-1].file or b"") == _GIVES_UP:
        return _whole(stage.transfers[-1])
    texts = [transfer.head for transfer in stage.transfers if _whole(transfer) and role(transfer) == "config"]
    if texts:
        return _says_local(texts[-1])
    return not stage.transfers and _menu_took_local(stage, now)


def _whole(transfer: Transfer) -> bool:
    return transfer.operation == "read" and transfer.status is TransferStatus.COMPLETE


def _program(transfer: Transfer) -> bool:
    return _whole(transfer) and transfer.size > 0 and transfer.content_type not in _TEXT_TYPES


def _content(transfer: Transfer) -> tuple[bytes | None, int]:
    return transfer.file, transfer.size


def _says_local(text: bytes) -> bool:
    """A configuration whose only order is to leave: PXELINUX `localboot`, iPXE and GRUB `exit`."""
    words = text.lower().split()
    loads = (b"kernel", b"linux", b"chain", b"initrd", b"imgfetch", b"linuxefi", b"boot", b"append", b"chainloader")
    leaves = b"localboot" in words or b"exit" in words
    return leaves and not any(word in words for word in loads)


def _menu_took_local(stage: Stage, now: int) -> bool:
    """A menu with a local item was offered, the address was taken, and neither 4011 nor TFTP followed."""
    taken = any(m.type == "ACK" for exchange in stage.exchanges for m in exchange.messages)
    if not taken or any(exchange.port == 4011 for exchange in stage.exchanges):
        return False
    for exchange in stage.exchanges:
        for offer in exchange.offers:
            dhcp = offer.message.dhcp
            if not isinstance(dhcp, DhcpMessage):
                continue
            menu = pxe_suboptions(dhcp)
            prompt = menu.get(_MENU_PROMPT, b"\x00")
            timeout = prompt[0] if prompt else 0
            local = b"\x00\x00" in _menu_types(menu.get(_BOOT_MENU, b""))
            if local and timeout != _WAIT_FOR_KEY and now - stage.ended > timeout * SECOND + 2 * _QUIET:
                return True
    return False


def _menu_types(menu: bytes) -> list[bytes]:
    """Boot server types of a menu's items (type u16, length u8, text)."""
    types, at = [], 0
    while at + 3 <= len(menu):
        types.append(menu[at : at + 2])
        at += 3 + menu[at + 2]
    return types
