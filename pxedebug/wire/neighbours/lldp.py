"""LLDP: which switch port a client hangs on (IEEE 802.1AB-2016 clause 8; VLAN: 802.1Q annex D)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.packet import address, format_mac

__all__ = ["Lldp", "decode_lldp"]

_CHASSIS, _PORT, _TTL, _PORT_DESCRIPTION, _SYSTEM_NAME, _SYSTEM_DESCRIPTION, _ORGANISATION = 1, 2, 3, 4, 5, 6, 127
_PORT_VLAN = b"\x00\x80\xc2\x01"
_MAC_SUBTYPES = {_CHASSIS: 4, _PORT: 3}
_ADDRESS_SUBTYPES = {_CHASSIS: 5, _PORT: 4}


class Lldp(NamedTuple):
    """What a neighbour tells of itself and of the port it sent this from. Text is as sent, decoded as UTF-8."""

    chassis: str
    """Chassis id; a MAC or IP address in its usual form."""
    port: str
    """Port id, likewise: an interface name, a MAC address, ..."""
    system_name: str | None = None
    port_description: str | None = None
    vlan: int | None = None
    """Port VLAN id (untagged frames); None where it is not told, or 0: the port has none."""
    system_description: str | None = None
    ttl: int | None = None
    """Seconds for which this holds; 0 withdraws it."""


def decode_lldp(data: bytes) -> Lldp:
    """The LLDP data unit after its EtherType. Raises MalformedFrame without chassis and port id."""
    values: dict[int, bytes] = {}
    vlan = None
    for kind, value in _tlvs(data):
        if kind == _ORGANISATION and value[:4] == _PORT_VLAN and len(value) >= 6:
            vlan = int.from_bytes(value[4:6]) or None
        values.setdefault(kind, value)
    if _CHASSIS not in values or _PORT not in values:
        raise MalformedFrame("LLDP without chassis and port")
    return Lldp(
        _identifier(_CHASSIS, values[_CHASSIS]),
        _identifier(_PORT, values[_PORT]),
        _text(values.get(_SYSTEM_NAME)),
        _text(values.get(_PORT_DESCRIPTION)),
        vlan,
        _text(values.get(_SYSTEM_DESCRIPTION)),
        int.from_bytes(values[_TTL][:2]) if _TTL in values else None,
    )


def _tlvs(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Seven bits of type, nine of length; type 0 ends the list."""
    at = 0
    while at + 2 <= len(data):
        head = int.from_bytes(data[at : at + 2])
        kind, end = head >> 9, at + 2 + (head & 0x1FF)
        if kind == 0 or end > len(data):
            return
        yield kind, data[at + 2 : end]
        at = end


def _identifier(kind: int, value: bytes) -> str:
    subtype, rest = value[0] if value else 0, value[1:]
    if subtype == _MAC_SUBTYPES[kind] and len(rest) == 6:
        return format_mac(rest)
    if subtype == _ADDRESS_SUBTYPES[kind] and (rest[:1], len(rest)) in ((b"\1", 5), (b"\2", 17)):
        return str(address(rest[1:]))
    return _text(rest) or ""


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "backslashreplace")
