"""Lists inside options: codes and lengths stay, values are replaced one by one."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["counted", "rewrite_list"]

_PAD, _END = 0, 255


def rewrite_list(
    raw: bytes,
    rewrite: Callable[[int, bytes], bytes],
    *,
    padded: bool,
    odd: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """A list of code (8 bits), length (8 bits) and value, each value by `rewrite`; `padded` lists know pad and end.

    What forms no sub-option keeps its code and length; where nothing does, all of it goes to `odd`.
    """
    made = bytearray()
    while len(made) < len(raw):
        at = len(made)
        code = raw[at]
        if padded and code == _PAD:
            made.append(code)
            continue
        if padded and code == _END:
            return bytes(made) + raw[at : at + 1] + bytes(len(raw) - at - 1)
        length = raw[at + 1] if at + 1 < len(raw) else 0
        value = raw[at + 2 : at + 2 + length]
        if len(value) < length:
            return bytes(made) + (odd(raw[at:]) if odd else raw[at : at + 2] + rewrite(code, value))
        made += raw[at : at + 2] + rewrite(code, value)
    return bytes(made)


def counted(raw: bytes, rewrite: Callable[[bytes], bytes], width: int) -> bytes | None:
    """A list of strings, each with its length in `width` bytes before it; None where the lengths do not add up."""
    made = bytearray()
    while len(made) < len(raw):
        at = len(made) + width
        item = raw[at : at + int.from_bytes(raw[len(made) : at])]
        if at > len(raw) or len(item) < int.from_bytes(raw[len(made) : at]):
            return None
        made += raw[len(made) : at] + rewrite(item)
    return bytes(made)
