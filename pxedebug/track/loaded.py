"""What was loaded, and what that means: an operating system, the same loader again, or the order to use the disk."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pxedebug.firmware import artifact, pxe_suboptions
from pxedebug.firmware.programs import StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Stage, Transfer, TransferStatus
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["booted", "handed_to_disk", "loops", "role"]

_INITRD_TYPES = frozenset(("gzip", "xz", "zstd", "lz4", "cpio", "bzip2", "lzma"))
_TEXT_TYPES = frozenset(("ipxe-script", "config-text", "text"))
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
    """A kernel with its initrd, a WIM, or a message of the operating system was delivered."""
    if any(stage.kind is StageKind.OS and stage.exchanges for stage in stages):
        return True
    whole = {role(transfer) for stage in stages for transfer in stage.transfers if _whole(transfer)}
    return "wim" in whole or {"kernel", "initrd"} <= whole


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
