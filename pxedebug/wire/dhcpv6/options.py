"""DHCPv6 options as a list of code and data, and the shapes that recur inside them (RFC 8415 section 21)."""

from __future__ import annotations

import struct

__all__ = ["Options", "data_list", "encode_data_list", "encode_options", "find", "hardware_address", "split_options"]

Options = tuple[tuple[int, bytes], ...]
"""Code and data in the order sent."""


def split_options(data: bytes, problems: list[str]) -> tuple[Options, tuple[int, bytes] | None]:
    """All whole options of `data`, and code and first bytes of an option that reaches beyond its end, if any.

    What is wrong is appended to `problems`.
    """
    options: list[tuple[int, bytes]] = []
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(">HH", data, at)
        value = data[at + 4 : at + 4 + length]
        if len(value) < length:
            problems.append(f"option {code} holds {len(value)} of {length} bytes")
            return tuple(options), (code, value)
        options.append((code, value))
        at += 4 + length
    if at < len(data):
        problems.append(f"{len(data) - at} bytes after the last option")
    return tuple(options), None


def encode_options(options: Options) -> bytes:
    """The inverse of `split_options`. Raises struct.error for codes and lengths above 65535."""
    return b"".join(struct.pack(">HH", code, len(data)) + data for code, data in options)


def find(options: Options, code: int) -> bytes | None:
    """Data of the first option of that code, or None."""
    return next((data for key, data in options if key == code), None)


def data_list(data: bytes) -> tuple[bytes, ...] | None:
    """A list of 16-bit length and data (user class, vendor class, boot parameters); None where it does not add up."""
    items = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        if at + 2 > len(data) or end > len(data):
            return None
        items.append(data[at + 2 : end])
        at = end
    return tuple(items)


def encode_data_list(items: tuple[bytes, ...]) -> bytes:
    """The inverse of `data_list`."""
    return b"".join(struct.pack(">H", len(item)) + item for item in items)


def hardware_address(data: bytes) -> bytes | None:
    """The Ethernet address of a hardware type and address (DUID-LL after its type, option 79); None for others."""
    return data[2:] if len(data) == 8 and data[:2] == b"\0\1" else None
