"""What both sides say of a packet, in the words in which they are compared."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DhcpPacket", "TftpPacket"]


class DhcpPacket(NamedTuple):
    """A DHCP or BOOTP message."""

    frame: int
    kind: int | None
    """Option 53."""
    xid: int
    chaddr: str
    """Hexadecimal."""
    options: tuple[tuple[int, str], ...]
    """Code and value (hexadecimal) of every option, repeated ones too, sorted; without pads and END."""


class TftpPacket(NamedTuple):
    """A TFTP packet; fields that its opcode does not have are None or empty."""

    frame: int
    opcode: int
    block: int | None
    file: str | None
    options: tuple[tuple[str, str], ...]
    """Names and values in wire order."""
    error: int | None
