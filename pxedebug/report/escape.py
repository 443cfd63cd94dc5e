r"""Bytes from the wire as text that is safe to carry on, and to show.

Two steps, because two readers need different things. `text` gives what JSON carries: UTF-8 stays as it is and
every other byte becomes `\xNN` (lower case). A backslash of the name itself stays a backslash, as Windows' boot
files are full of them (`\Boot\x64\wdsnbp.com`); who needs the very bytes has them as hex beside every name.
`printable` goes further, for terminals: control, format (bidirectional and zero-width) and other characters that
do not print become `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
"""

from __future__ import annotations

import re

__all__ = ["ascii_json", "printable", "text"]

# DEL, C1 controls, zero-width and bidirectional marks, line separators, overrides, isolates, byte order mark.
_UNSAFE_UTF8 = re.compile(
    rb"\x7f|\xc2[\x80-\x9f\xad]|\xd8\x9c|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf"
)


def text(value: bytes) -> str:
    r"""`value` as UTF-8 with other bytes as `\xNN`."""
    return value.decode("utf-8", "backslashreplace")


def printable(value: str) -> str:
    """`value` without any character that a terminal might act on or hide; spaces stay."""
    return value if value.isprintable() else "".join(map(_shown, value))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def ascii_json(encoded: bytes) -> bytes:
    r"""JSON in which characters that a terminal acts on or hides are `\uNNNN`: the same values, safe to print."""
    return encoded if encoded.isascii() and b"\x7f" not in encoded else _UNSAFE_UTF8.sub(_as_unicode_escape, encoded)


def _as_unicode_escape(match: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(match[0].decode())
