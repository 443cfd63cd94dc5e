"""What every part of a report needs to know: where time starts, how frames are named, what must stay hidden."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from msgspec import UNSET, UnsetType

from pxedebug.report import escape
from pxedebug.report.masking import mask
from pxedebug.track.story import Story
from pxedebug.wire.batch import frame_source
from pxedebug.wire.packet import Address

__all__ = ["Context", "address_text", "mac_text", "uuid_text"]


class Context(NamedTuple):
    """How one report writes times, frames and names."""

    first_time: int
    """Nanoseconds since the Unix epoch of the capture's first frame; 0 without frames."""
    many_sources: bool
    """Frames need the index of their file."""
    show_secrets: bool = False
    last_time: int | None = None
    """Nanoseconds since the Unix epoch of the capture's last frame; None without frames."""

    @classmethod
    def of(cls, story: Story, *, show_secrets: bool = False) -> Context:
        """The context of a report on `story`."""
        return cls(story.first_time or 0, len(story.sources) > 1, show_secrets, story.last_time)

    def source(self, ref: int) -> int | UnsetType:
        """The index of the file that holds the frame `ref`, left out where there is one file."""
        return frame_source(ref) if self.many_sources else UNSET

    def visible(self, value: bytes) -> bytes:
        """`value` as it may be shown: secrets in URLs are masked unless they were asked for."""
        return value if self.show_secrets else mask(value)

    def text(self, value: bytes | None) -> str | None:
        """A string from the wire as the report writes it."""
        return None if value is None else _named(value, self.show_secrets)[0]

    def prose(self, value: str) -> str:
        r"""A sentence that quotes names or comments of files as the report writes it: undecodable bytes are `\xNN`."""
        return self.visible(value.encode("utf-8", "surrogateescape")).decode("utf-8", "backslashreplace")

    def named(self, value: bytes | None) -> tuple[str | None, str | None]:
        """A file's name as text and, for rules that need the bytes, as hex."""
        return (None, None) if value is None else _named(value, self.show_secrets)


@lru_cache(maxsize=8192)
def _named(value: bytes, show_secrets: bool) -> tuple[str, str]:
    """Text and hex of a string; cached, as many clients ask for the same few files."""
    seen = value if show_secrets else mask(value)
    return escape.text(seen), seen.hex()


_CACHED_ADDRESSES = 65536
_addresses: dict[int, tuple[Address, str]] = {}


def address_text(value: Address | None) -> str | None:
    """An address in its usual spelling, or None.

    Cached by identity: `wire.packet.address` gives one object for one address, and hashing the object itself costs
    more than all the rest of a message's record. The cache holds the objects, so an identity cannot be reused.
    """
    if value is None:
        return None
    known = _addresses.get(id(value))
    if known is not None:
        return known[1]
    if len(_addresses) >= _CACHED_ADDRESSES:
        _addresses.clear()
    text = str(value)
    _addresses[id(value)] = (value, text)
    return text


def mac_text(value: bytes) -> str | None:
    """A hardware address in lower case with colons; None when unknown."""
    return value.hex(":") if value else None


def uuid_text(value: bytes | None) -> str | None:
    """Option 97's 16 bytes as a UUID.

    RFC 4578 section 2.3 says nothing of byte order; firmware copies SMBIOS' structure, whose first three fields are
    little-endian (SMBIOS 2.6 section 7.2.1), and that is how it shows the UUID on its own screens.
    """
    if value is None or len(value) != 16:
        return None
    first, second, third = value[3::-1].hex(), value[5:3:-1].hex(), value[7:5:-1].hex()
    return f"{first}-{second}-{third}-{value[8:10].hex()}-{value[10:].hex()}"
