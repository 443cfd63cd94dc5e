"""What every option codec is: decode, encode and text side by side, and the values they share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from pxedebug.errors import MalformedFrame
from pxedebug.wire.optionline import OptionLine

__all__ = ["Codec", "Text", "Undecoded", "printable", "show_bytes", "show_text"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Undecoded:
    """Bytes that do not fit their option's format."""

    raw: bytes
    reason: str


class Text(str):
    """An option's text: UTF-8 without trailing NULs, other bytes as `\\xNN`; `raw` keeps the bytes as sent."""

    __slots__ = ("raw",)
    raw: bytes

    def __new__(cls, raw: bytes) -> Self:
        """The text of `raw`."""
        text = super().__new__(cls, show_text(raw))
        text.raw = raw
        return text


class Codec(ABC, Generic[T]):
    """One option format. `decode` raises MalformedFrame where the bytes do not fit and nothing else."""

    size: int | None = None
    """The only length that the format allows, in bytes; None where it varies."""

    @abstractmethod
    def decode(self, raw: bytes) -> T:
        """The typed value of an option's data (without code and length)."""

    @abstractmethod
    def encode(self, value: T) -> bytes:
        """The inverse of `decode`."""

    @abstractmethod
    def text(self, value: T) -> str:
        """The value in words; may hold control characters from the wire."""

    def lines(self, value: T) -> tuple[OptionLine, ...]:
        """Options inside this option."""
        del value
        return ()

    def check_size(self, raw: bytes) -> None:
        """Raise MalformedFrame unless `raw` has the one length that the format allows."""
        if len(raw) != self.size:
            raise MalformedFrame(f"{len(raw)} bytes where the format has {self.size}")


def show_text(raw: bytes) -> str:
    """Bytes as text: trailing NULs off, bytes that are no UTF-8 as `\\xNN`."""
    return raw.rstrip(b"\0").decode("utf-8", "backslashreplace")


def printable(raw: bytes) -> bool:
    """True for one or more printable ASCII characters, with or without NULs behind them."""
    body = raw.rstrip(b"\0")
    return bool(body) and all(0x20 <= byte < 0x7F for byte in body)


def show_bytes(raw: bytes) -> str:
    """Bytes as hex, and as text too where they are printable."""
    if not raw:
        return "empty"
    return f"{raw.hex()} ({show_text(raw)})" if printable(raw) else raw.hex()
