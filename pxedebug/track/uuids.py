"""UUIDs of machines, and those that are none: what board makers write into every board (catalogue 1.2)."""

from __future__ import annotations

__all__ = ["other_order", "own_uuid", "valid_uuid"]

_PLACEHOLDERS = frozenset(
    bytes.fromhex(written)
    for written in (
        "03000200040005000006000700080009",  # boards with AMI firmware, of many makers
        "030201000504070608090a0b0c0d0e0f",
        "000102030405060708090a0b0c0d0e0f",
        "0102030405060708090a0b0c0d0e0f10",
        "07090201010303010807060504030201",
        "11111111222233334444555555555555",
        "00112233445566778899aabbccddeeff",
        "4c4c454400002010802080c04f202020",  # Dell without a service tag
        "890e2d14cacd45d1ae66bc80e8bfeb0f",
        "8e275844178f44a8aceba7d7e5178c63",
        "dc698397fa544cf282c8b1b5307a6a7f",
    )
)
"""What makers of boards leave in the SMBIOS UUID of all of them, as it is written (big-endian)."""
_COUNTED_UP = bytes.fromhex("123456781234")
"""How further placeholders begin: 12345678-1234-..."""


def valid_uuid(value: bytes | None) -> bytes | None:
    """`value` if it is a 16-byte UUID that says something, else None."""
    if value is None or len(value) != 16 or value in (b"\x00" * 16, b"\xff" * 16):
        return None
    return value


def own_uuid(value: bytes | None) -> bytes | None:
    """`value` if it is a UUID that names one machine, else None: placeholders are worth showing, not joining by."""
    uuid = valid_uuid(value)
    if uuid is None or len(set(uuid)) == 1:
        return None
    orders = uuid, other_order(uuid)
    return None if any(one in _PLACEHOLDERS or one.startswith(_COUNTED_UP) for one in orders) else uuid


def other_order(uuid: bytes) -> bytes:
    """The other byte order of a UUID's first three fields: option 97 and DUID-UUID differ in some firmware."""
    return uuid[3::-1] + uuid[5:3:-1] + uuid[7:5:-1] + uuid[8:]
