# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Options inside an option: code, length, data, as options 43, 82, 175, 220 and 250 hold them.

Nothing here fails: what forms no sub-option ends the walk, stands in `problems` and stays in `rest`, so that encoding
gives back every byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import OpaqueCodec
from pxedebug.wire.dhcp.codec import Codec, Undecoded, show_bytes
from pxedebug.wire.optionline import OptionLine

__all__ = ["SubOption", "SubOptionCodec", "SubOptionSpec", "SubOptions", "decode_or_undecoded", "option_line"]

_OPAQUE = OpaqueCodec()
_PAD = 0
_END = 255


@dataclass(frozen=True, slots=True)
class SubOptionSpec:
    """What is known of one sub-option code."""

    name: str
    codec: Codec[Any] = _OPAQUE
    secret: bool = False


@dataclass(frozen=True, slots=True)
class SubOption:
    """One sub-option; a pad has code 0, no data and no value."""

    code: int
    raw: bytes
    value: object
    """Typed by the table of the option it stands in; `Undecoded` where the bytes do not fit."""


@dataclass(frozen=True, slots=True)
class SubOptions:
    """The sub-options of one option in wire order."""

    items: tuple[SubOption, ...]
    end: bool = False
    """Code 255 closes the list (where the option has such a code)."""
    rest: bytes = b""
    """What follows the end, or what could not be split."""
    problems: tuple[str, ...] = ()

    def get(self, code: int) -> SubOption | None:
        """The first sub-option with this code."""
        return next((item for item in self.items if item.code == code), None)

    def value(self, code: int) -> object | None:
        """The typed value of the first sub-option with this code; None when absent."""
        item = self.get(code)
        return None if item is None else item.value

    def raw(self, code: int) -> bytes | None:
        """The data of the first sub-option with this code; None when absent."""
        item = self.get(code)
        return None if item is None else item.raw


def decode_or_undecoded(codec: Codec[Any], raw: bytes) -> object:
    """The value that `codec` gives, or `Undecoded` with its reason."""
    try:
        value: object = codec.decode(raw)
    except MalformedFrame as error:
        return Undecoded(raw, str(error))
    return value


def option_line(code: int, spec: SubOptionSpec, raw: bytes, value: object) -> OptionLine:
    """One option or sub-option in words, with what is inside it."""
    if isinstance(value, Undecoded):
        return OptionLine(code, spec.name, raw, f"{show_bytes(raw)} [{value.reason}]", (), spec.secret)
    return OptionLine(code, spec.name, raw, spec.codec.text(value), spec.codec.lines(value), spec.secret)


S = TypeVar("S", bound=SubOptions)


class SubOptionCodec(Codec[S], Generic[S]):
    """An option that holds sub-options by the names and formats of a table.

    `padded` is for lists that know the codes 0 (pad) and 255 (end), as option 43 does (RFC 2132 section 8.4).
    """

    def __init__(self, kind: type[S], table: Mapping[int, SubOptionSpec], *, padded: bool) -> None:
        self.kind = kind
        self.table = table
        self.padded = padded

    def spec(self, code: int) -> SubOptionSpec:
        """Name and format of a sub-option code; opaque bytes where the table does not know it."""
        return self.table.get(code) or SubOptionSpec(f"Sub-option {code}")

    def decode(self, raw: bytes) -> S:
        items: list[SubOption] = []
        position = 0
        while position < len(raw):
            code = raw[position]
            if self.padded and code == _END:
                return self.kind(tuple(items), True, raw[position + 1 :])
            if self.padded and code == _PAD:
                items.append(SubOption(_PAD, b"", None))
                position += 1
                continue
            stop = position + 2 + raw[position + 1] if position + 1 < len(raw) else len(raw) + 1
            if stop > len(raw):
                problem = f"sub-option {code} at byte {position} runs past the option's {len(raw)} bytes"
                return self.kind(tuple(items), False, raw[position:], (problem,))
            data = raw[position + 2 : stop]
            items.append(SubOption(code, data, decode_or_undecoded(self.spec(code).codec, data)))
            position = stop
        return self.kind(tuple(items))

    def encode(self, value: S) -> bytes:
        parts = [self._encode_item(item) for item in value.items]
        return b"".join(parts) + (b"\xff" if value.end else b"") + value.rest

    def _encode_item(self, item: SubOption) -> bytes:
        if self.padded and item.code == _PAD:
            return b"\0"
        return bytes((item.code, len(item.raw))) + item.raw

    def pair(self, code: int, value: object) -> SubOption:
        """A sub-option from its typed value, for building a list."""
        raw = value.raw if isinstance(value, Undecoded) else self.spec(code).codec.encode(value)
        return SubOption(code, raw, decode_or_undecoded(self.spec(code).codec, raw))

    def text(self, value: S) -> str:
        shown = [item for item in value.items if item.code != _PAD or not self.padded]
        words = [f"{len(shown)} sub-option{'' if len(shown) == 1 else 's'}", *value.problems]
        if value.rest.strip(b"\0"):
            words.append(f"{len(value.rest)} bytes {'after the end' if value.end else 'not understood'}")
        return "; ".join(words)

    def lines(self, value: S) -> tuple[OptionLine, ...]:
        shown = (item for item in value.items if item.code != _PAD or not self.padded)
        return tuple(option_line(item.code, self.spec(item.code), item.raw, item.value) for item in shown)
