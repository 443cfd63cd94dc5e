"""The key of one run, and what is drawn from it: without the key nothing leads back."""

from __future__ import annotations

import hmac

__all__ = ["KEY_BYTES", "Secret"]

KEY_BYTES = 32


class Secret:
    """Numbers and bytes that depend on a key and on what they are drawn for (HMAC-SHA256, RFC 2104)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def draw(self, purpose: str, data: bytes, size: int = 32) -> bytes:
        """`size` bytes, the same for the same purpose and data."""
        block = hmac.digest(self._key, purpose.encode() + b"\0" + data, "sha256")
        parts = [block]
        while len(parts) * 32 < size:
            block = hmac.digest(self._key, block + data, "sha256")
            parts.append(block)
        return b"".join(parts)[:size]

    def number(self, purpose: str, data: bytes, below: int) -> int:
        """A number from 0 to `below` - 1."""
        return int.from_bytes(self.draw(purpose, data, 8)) % below

    def opaque(self, data: bytes) -> bytes:
        """Other bytes of the same length; nothing but zeros, and nothing at all, stay what they are."""
        return self.draw("opaque", data, len(data)) if any(data) else data
