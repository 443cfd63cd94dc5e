"""The first bytes of a file, put together from its first blocks, to say later what the file is."""

from __future__ import annotations

__all__ = ["Head"]


class Head:
    """Collects the blocks at a file's start; blocks may come in any order and more than once."""

    __slots__ = ("_blocks", "_cap", "_next", "_size")

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._blocks: list[bytes] = []
        self._next: dict[int, bytes] = {}
        self._size = 0

    @property
    def full(self) -> bool:
        """True when `cap` bytes without a hole are there."""
        return self._size >= self._cap

    def add(self, block: int, content: bytes) -> None:
        """Take block number `block` (from 1)."""
        wanted = len(self._blocks) + 1
        if block < wanted or self.full:
            return
        if block != wanted:
            if len(self._next) * len(content) < self._cap:
                self._next[block] = content
            return
        self._append(content)
        while (following := self._next.pop(len(self._blocks) + 1, None)) is not None:
            self._append(following)

    @property
    def first(self) -> bytes:
        """The first block, empty while it is missing."""
        return self._blocks[0] if self._blocks else b""

    def content(self) -> bytes:
        """What there is without a hole, at most `cap` bytes."""
        return b"".join(self._blocks)[: self._cap]

    def _append(self, content: bytes) -> None:
        self._blocks.append(content)
        self._size += len(content)
