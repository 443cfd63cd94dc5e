"""Splitting the options of a DHCP message: three areas, long options, and what goes wrong in them.

The options area comes first; option 52 there may say that the header fields `file` and `sname` hold options too
(RFC 2132 section 9.3). Read in that order, the areas form one buffer in which an option that occurs again continues
the one before (RFC 3396 section 7).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "END",
    "FILE",
    "MAGIC",
    "OPTIONS_START",
    "PAD",
    "SNAME",
    "Area",
    "Instance",
    "Split",
    "split_area",
    "split_message",
]

MAGIC = b"\x63\x82\x53\x63"
"""The magic cookie in front of the options (RFC 2131 section 3)."""
OPTIONS_START = 240
"""Where the options area starts in a message: 236 bytes of header and the cookie."""
SNAME = slice(44, 108)
FILE = slice(108, 236)
PAD = 0
END = 255
_OVERLOAD = 52
_OVERLOAD_FILE = 1
_OVERLOAD_SNAME = 2


class Area(StrEnum):
    """Where in the message an option stands."""

    OPTIONS = "options"
    FILE = "file"
    SNAME = "sname"


class Instance(NamedTuple):
    """One option as it stands on the wire: a code, a length and at most 255 bytes."""

    code: int
    value: bytes
    area: Area
    offset: int
    """Of the code, in bytes from the start of the message."""


class Split(NamedTuple):
    """The options of one message, area by area."""

    instances: tuple[Instance, ...]
    """In the order of RFC 3396: options area, `file`, `sname`; pads left out."""
    problems: tuple[str, ...]
    end_seen: bool
    """The options area ends with option 255."""
    tail: int
    """Offset of the first byte behind END, or of the first byte that forms no option."""

    def aggregate(self) -> dict[int, bytes]:
        """Values by code, in the order of first occurrence, those of a repeated code joined (RFC 3396 section 7)."""
        parts: dict[int, list[bytes]] = {}
        for instance in self.instances:
            parts.setdefault(instance.code, []).append(instance.value)
        return {code: b"".join(values) for code, values in parts.items()}


def split_area(payload: bytes, start: int, stop: int, area: Area) -> tuple[list[Instance], int, bool, str | None]:
    """Split `payload[start:stop]` into its options.

    Returns the options, the offset behind the last byte understood, whether END was seen, and what is wrong.
    """
    found: list[Instance] = []
    position = start
    while position < stop:
        code = payload[position]
        if code == END:
            return found, position + 1, True, None
        if code == PAD:
            position += 1
            continue
        if position + 1 == stop:
            return found, position, False, f"option {code} at byte {position} of the message has no length byte"
        length = payload[position + 1]
        left = stop - position - 2
        if length > left:
            wrong = f"option {code} at byte {position} of the message claims {length} bytes, {left} are left"
            return found, position, False, wrong
        found.append(Instance(code, payload[position + 2 : position + 2 + length], area, position))
        position += 2 + length
    return found, position, False, None


def split_message(payload: bytes, cut: bool) -> Split:
    """The options of a message that carries the magic cookie; `cut` says that the capture lacks its last bytes.

    Never raises: what does not form an option ends its area and stands in `problems`.
    """
    instances, tail, end_seen, wrong = split_area(payload, OPTIONS_START, len(payload), Area.OPTIONS)
    problems: list[str] = []
    if wrong and not cut:
        problems.append(wrong)
    elif not end_seen and not cut:
        problems.append("the options area has no END (option 255)")
    overload = next((instance.value for instance in instances if instance.code == _OVERLOAD), None)
    if overload is not None:
        instances = instances + _overloaded(payload, overload, problems)
    return Split(tuple(instances), tuple(problems), end_seen, tail)


def _overloaded(payload: bytes, overload: bytes, problems: list[str]) -> list[Instance]:
    """The options in the header fields that option 52 names; adds to `problems`."""
    if len(overload) != 1 or not 1 <= overload[0] <= 3:
        problems.append(f"option 52 (overload) has the invalid value {overload.hex() or 'nothing'}")
        return []
    found: list[Instance] = []
    for bit, place, area in ((_OVERLOAD_FILE, FILE, Area.FILE), (_OVERLOAD_SNAME, SNAME, Area.SNAME)):
        if not overload[0] & bit:
            continue
        inside, _, end_seen, wrong = split_area(payload, place.start, place.stop, area)
        if wrong:
            problems.append(f"{wrong} of the overloaded {area} field")
        elif not end_seen:
            problems.append(f"the overloaded {area} field has no END (option 255)")
        if any(instance.code == _OVERLOAD for instance in inside):
            problems.append(f"option 52 (overload) stands inside the overloaded {area} field, where it means nothing")
        found += inside
    return found
