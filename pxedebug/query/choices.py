"""Values of `--where` that have a form of their own: as the boots spell them, and not what no boot can have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address

from pxedebug.wire.packet import parse_mac

__all__ = ["address_choice", "mac_choice"]

_WILD = re.compile(r"[*?[]")
_HEX = "0123456789abcdef"
_MAC = [":" if place % 3 == 2 else _HEX for place in range(17)]
"""What may stand in each place of a MAC address."""
_PART_OF_IPV6 = re.compile(r"[0-9a-f:.*?]*", re.IGNORECASE)
_PART_OF_IPV4 = re.compile(r"[0-9*?]*")


def mac_choice(choice: str) -> str:
    """A MAC address, or a pattern of one, with colons; raises ValueError for what no MAC address can match."""
    if "[" in choice:
        return choice
    if not _WILD.search(choice):
        try:
            return parse_mac(choice).hex(":")
        except ValueError:
            raise _no_mac(choice) from None
    pattern = choice.replace("-", ":")
    if not _fits(pattern.lower(), _MAC):
        raise _no_mac(choice)
    return pattern


def address_choice(choice: str) -> str:
    """An IP address in its usual spelling, or a pattern of one; raises ValueError for what no address can match."""
    if "[" in choice:
        return choice
    try:
        return choice if _WILD.search(choice) and _part_of_address(choice) else str(ip_address(choice))
    except ValueError:
        raise ValueError(f"{choice!r} is no IP address; write it like 10.0.0.5 or 10.0.*") from None


def _no_mac(choice: str) -> ValueError:
    return ValueError(f"{choice!r} is no MAC address; write it like 52:54:00:77:00:20 or 52:54:*")


def _part_of_address(pattern: str) -> bool:
    """Some address may match the pattern."""
    if ":" in pattern or "." not in pattern:
        return _PART_OF_IPV6.fullmatch(pattern) is not None
    groups = pattern.split(".")
    enough = len(groups) == 4 or (len(groups) < 4 and "*" in pattern)
    numbers = [int(group) for group in groups if group.isdecimal()]
    return enough and all(_PART_OF_IPV4.fullmatch(group) for group in groups) and max(numbers, default=0) <= 255


def _fits(pattern: str, places: Sequence[str]) -> bool:
    """Some text with these signs allowed in each place matches a pattern of `*`, `?` and plain signs."""
    reached = {0}
    for sign in pattern:
        if sign == "*":
            reached = set(range(min(reached), len(places) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(places) and (sign == "?" or sign in places[at])}
        if not reached:
            return False
    return len(places) in reached
