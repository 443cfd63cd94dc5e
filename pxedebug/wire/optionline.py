"""One decoded option as a line to show; options inside an option are its children."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["OptionLine"]


class OptionLine(NamedTuple):
    """An option or sub-option of a DHCP or DHCPv6 message in readable form."""

    code: int
    name: str
    """The option's name in its registry, or `Option N`."""
    raw: bytes
    """The option's data as sent, without code and length."""
    text: str
    """The value in words; holds text from the wire, so whoever shows it must escape it."""
    children: tuple[OptionLine, ...] = ()
    secret: bool = False
    """True where the value is a credential: reports mask it unless asked to show secrets."""
