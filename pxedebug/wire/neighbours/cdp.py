"""Cisco Discovery Protocol: which switch port a client hangs on (field layout as Cisco and Wireshark document it)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame

__all__ = ["Cdp", "decode_cdp"]

_DEVICE, _PORT, _PLATFORM, _NATIVE_VLAN = 0x01, 0x03, 0x06, 0x0A


class Cdp(NamedTuple):
    """What a Cisco neighbour tells of itself and of the port it sent this from; None for what it leaves out."""

    device: str | None
    port: str | None
    native_vlan: int | None
    platform: str | None = None


def decode_cdp(data: bytes) -> Cdp:
    """The CDP packet after its SNAP header. Raises MalformedFrame when not even the header is there."""
    if len(data) < 4:
        raise MalformedFrame(f"CDP packet of {len(data)} bytes")
    values: dict[int, bytes] = {}
    at = 4
    while at + 4 <= len(data):
        kind, length = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
        if length < 4 or at + length > len(data):
            break
        values.setdefault(kind, data[at + 4 : at + length])
        at += length
    vlan = values.get(_NATIVE_VLAN, b"")
    return Cdp(
        _text(values.get(_DEVICE)),
        _text(values.get(_PORT)),
        int.from_bytes(vlan) if len(vlan) == 2 else None,
        _text(values.get(_PLATFORM)),
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "backslashreplace")
