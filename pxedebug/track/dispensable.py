"""What a boot goes on without: names that may be missing, by what they are, by the text that asks, or behind a menu."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pxedebug.firmware import optional_file
from pxedebug.firmware.file_names import base_name
from pxedebug.track.loaded import role
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["behind_menu", "may_be_missing", "offers_choice"]

_TEXTS = frozenset(("ipxe-script", "config-text", "text"))
_NEEDED = frozenset(("kernel", "initrd", "wim", "ramdisk", "boot-program", "module"))
_MENU_MODULE = re.compile(rb"(?:vesa)?menu\.c32")
_CHOICE = re.compile(rb"^[ \t]*(?:menu|menuentry|submenu|choose)\b", re.IGNORECASE | re.MULTILINE)
"""Lines that make a menu in PXELINUX, GRUB and iPXE."""
_TESTED = re.compile(rb"\[ +-[efs] +[\"']?([^\s\"'\]]+)")
"""GRUB's `if [ -f NAME ]`."""
_GIVES_UP = re.compile(rb"\s*(?:shell|exit|reboot|poweroff|prompt|goto +\S*(?:err|fail)\S*)\b", re.IGNORECASE)
"""What an iPXE script does after `||` where it cannot go on."""
_VARIABLE = re.compile(rb"\$(?:\{[^}]*\}|\w+)")


def may_be_missing(transfers: Sequence[Transfer], missing: Transfer) -> bool:
    """The name is optional, or a text among `transfers` that was read before says what to do without the file:
    `|| ...` in an iPXE script, `if [ -f ... ]` in GRUB's."""
    if optional_file(missing.file or b""):
        return True
    if role(missing) in _NEEDED:
        return False
    name = base_name(missing.file or b"")
    return any(pattern.fullmatch(name) for text in _texts(transfers, missing) for pattern in _excused(text.head))


def behind_menu(transfers: Sequence[Transfer], missing: Transfer) -> bool:
    """A menu was delivered before, and it works without this file: no kernel, module or boot program."""
    if role(missing) in _NEEDED and not optional_file(missing.file or b""):
        return False
    return any(offers_choice(transfer) for transfer in _before(transfers, missing))


def offers_choice(transfer: Transfer) -> bool:
    """PXELINUX's menu, or a text that makes one."""
    if _MENU_MODULE.fullmatch(base_name(transfer.file or b"")):
        return True
    return _is_text(transfer) and _CHOICE.search(transfer.head) is not None


def _excused(text: bytes) -> Iterator[re.Pattern[bytes]]:
    """Patterns of the last parts of the names that the text can do without."""
    for line in text.splitlines():
        asked, bars, instead = line.partition(b"||")
        names = asked.split() if bars and not _GIVES_UP.match(instead) else _TESTED.findall(line)
        for name in names:
            last = _VARIABLE.sub(b"\0", name).rpartition(b"/")[2].lower()
            if last.strip(b"\0"):
                yield re.compile(b".+".join(re.escape(part) for part in last.split(b"\0")))


def _texts(transfers: Sequence[Transfer], missing: Transfer) -> Iterator[Transfer]:
    yield from (transfer for transfer in _before(transfers, missing) if _is_text(transfer))


def _before(transfers: Sequence[Transfer], missing: Transfer) -> Iterator[Transfer]:
    """What was delivered before the missing file was asked for."""
    for transfer in transfers:
        if transfer.status is TransferStatus.COMPLETE and transfer.first_frame < missing.first_frame:
            yield transfer


def _is_text(transfer: Transfer) -> bool:
    return transfer.content_type in _TEXTS or role(transfer) == "config"
