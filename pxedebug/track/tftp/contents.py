"""What files are, remembered: a hundred clients read the same few files, and each is looked at once."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.track.limits import Limits
from pxedebug.track.tftp.transfer import TftpTransfer
from pxedebug.wire.bootprogram import identify

__all__ = ["Content", "ContentMemory"]

_ENTRIES = 512
_Key = tuple[object, ...]


class Content(NamedTuple):
    """The kind of a file and its first bytes."""

    type: str | None
    detail: str | None
    head: bytes


class ContentMemory:
    """Files by server, name, announced size and first block; the same in all of these is the same file."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[_Key, Content] = {}
        self._collecting: dict[_Key, TftpTransfer] = {}

    def begin(self, transfer: TftpTransfer, first_block: bytes) -> bool:
        """The file's first block came: False when another transfer of the same file was or is being looked at."""
        key = transfer.content_key = _key(transfer, first_block)
        if key in self._known or key in self._collecting:
            return False
        if len(self._collecting) < _ENTRIES:
            self._collecting[key] = transfer
        return True

    def of(self, transfer: TftpTransfer) -> Content | None:
        """What is known by now of the file that `transfer` reads."""
        known = self._known.get(transfer.content_key)
        if known is not None:
            return known
        collector = self._collecting.get(transfer.content_key)
        return self.identify(collector or transfer)

    def release(self, transfer: TftpTransfer) -> None:
        """`transfer` collects no longer: remember what it found."""
        if self._collecting.get(transfer.content_key) is not transfer:
            return
        del self._collecting[transfer.content_key]
        content = self.identify(transfer)
        if content is not None:
            if len(self._known) >= _ENTRIES:
                self._known.clear()
            self._known[transfer.content_key] = content

    def identify(self, transfer: TftpTransfer) -> Content | None:
        """Say what the collected start of a file is; None when nothing of it is there."""
        head = transfer.head.content()
        if not head:
            return None
        program = identify(head, transfer.oack.integer("tsize") if transfer.oack else None)
        kept = head[: self._limits.kept_head_bytes]
        return Content(program.type, program.detail, kept)


def _key(transfer: TftpTransfer, first_block: bytes) -> _Key:
    size = transfer.oack.integer("tsize") if transfer.oack else None
    return transfer.packet.destination.packed, transfer.file, size, first_block
