"""pcapng block types, and the fields and options of the blocks that are read one by one.

Source: draft-ietf-opsawg-pcapng (PCAP Next Generation Capture File Format), sections 3.5 and 4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum

from pxedebug.capture.interfaces import ticks_per_second
from pxedebug.capture.records import Interface

__all__ = [
    "BYTE_ORDER_MAGIC", "NUMBERED", "BlockType", "Option", "SECTION_MAGIC", "parse_interface", "parse_options",
    "parse_section", "parse_statistics",
]  # fmt: skip

SECTION_MAGIC = b"\n\r\r\n"
"""Type of the section header block, the same in both byte orders."""

BYTE_ORDER_MAGIC = {b"\x1a\x2b\x3c\x4d": "big", b"\x4d\x3c\x2b\x1a": "little"}


class BlockType(IntEnum):
    """Block types that matter here (section 11.1 of the draft)."""

    INTERFACE = 0x1
    OBSOLETE_PACKET = 0x2
    SIMPLE_PACKET = 0x3
    STATISTICS = 0x5
    ENHANCED_PACKET = 0x6
    JOURNAL = 0x9
    SYSDIG_EVENT = 0x204
    SYSDIG_EVENT_2 = 0x216
    SYSDIG_EVENT_2_LARGE = 0x221
    CUSTOM = 0xBAD
    CUSTOM_PRIVATE = 0x40000BAD
    SECTION = 0x0A0D0D0A


NUMBERED = (
    BlockType.ENHANCED_PACKET,
    BlockType.SIMPLE_PACKET,
    BlockType.OBSOLETE_PACKET,
    BlockType.JOURNAL,
    BlockType.SYSDIG_EVENT,
    BlockType.SYSDIG_EVENT_2,
    BlockType.SYSDIG_EVENT_2_LARGE,
    BlockType.CUSTOM,
    BlockType.CUSTOM_PRIVATE,
)
"""Blocks to which Wireshark gives a frame number, although only the first three hold packets (wiretap/pcapng.c)."""


class Option(IntEnum):
    """Option codes; those of one block type mean nothing in another."""

    END = 0
    COMMENT = 1
    IF_NAME = 2
    IF_TSRESOL = 9
    IF_FILTER = 11
    IF_FCSLEN = 13
    IF_TSOFFSET = 14
    EPB_FLAGS = 2
    ISB_IFDROP = 5


def parse_options(data: bytes, big_endian: bool) -> Iterator[tuple[int, bytes]]:
    """The options at the end of a block (section 3.5); a length that leads out of the block ends the list."""
    layout = struct.Struct(">HH" if big_endian else "<HH")
    position = 0
    while position + 4 <= len(data):
        code, length = layout.unpack_from(data, position)
        if code == Option.END or position + 4 + length > len(data):
            return
        yield code, data[position + 4 : position + 4 + length]
        position += 4 + (length + 3 & ~3)


def parse_section(block: bytes, big_endian: bool) -> tuple[int, int, list[str]]:
    """Major version, minor version and comments of a section header block (section 4.1), given whole."""
    major, minor = struct.unpack_from(">HH" if big_endian else "<HH", block, 12)
    comments = [_text(value) for code, value in parse_options(block[24:-4], big_endian) if code == Option.COMMENT]
    return major, minor, comments


def parse_interface(block: bytes, big_endian: bool) -> tuple[Interface, list[str]]:
    """An interface description block (section 4.2), given whole, and its comments."""
    order = ">" if big_endian else "<"
    link_type, _, snap_length = struct.unpack_from(order + "HHI", block, 8)
    interface = Interface(link_type, snap_length, 1_000_000)
    comments = []
    for code, value in parse_options(block[16:-4], big_endian):
        if code == Option.COMMENT:
            comments.append(_text(value))
        elif code == Option.IF_NAME:
            interface.name = _text(value)
        elif code == Option.IF_FILTER and value[:1] == b"\0":
            interface.filter = _text(value[1:])
        elif code == Option.IF_TSRESOL and len(value) == 1:
            interface.ticks_per_second = ticks_per_second(value[0])
        elif code == Option.IF_TSOFFSET and len(value) == 8:
            (interface.offset_seconds,) = struct.unpack(order + "q", value)
        elif code == Option.IF_FCSLEN and len(value) == 1:
            interface.fcs_length = value[0]
    return interface, comments


def parse_statistics(block: bytes, big_endian: bool) -> tuple[int, int | None]:
    """Interface number in its section and isb_ifdrop of an interface statistics block (section 4.6), given whole."""
    order = ">" if big_endian else "<"
    (interface,) = struct.unpack_from(order + "I", block, 8)
    for code, value in parse_options(block[20:-4], big_endian):
        if code == Option.ISB_IFDROP and len(value) == 8:
            return interface, int(struct.unpack(order + "Q", value)[0])
    return interface, None


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "backslashreplace")
