"""The multicast option of an OACK: address, port and whether this client is the master (RFC 2090 section 3)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple

from pxedebug.wire.packet import Address

__all__ = ["Multicast", "parse_multicast"]


class Multicast(NamedTuple):
    """The three fields of the option; an empty field (unchanged since the last OACK) is None."""

    address: Address | None
    port: int | None
    master: bool


def parse_multicast(value: bytes) -> Multicast | None:
    """The fields of `addr,port,mc`, or None where the value (a request's empty one, too) is nothing of the kind."""
    fields = value.decode("ascii", "replace").split(",")
    if len(fields) != 3 or fields[2] not in ("0", "1"):
        return None
    address, port = fields[0].strip(), fields[1].strip()
    if port and not (port.isdecimal() and port.isascii() and len(port) <= 5):
        return None
    try:
        return Multicast(ip_address(address) if address else None, int(port) if port else None, fields[2] == "1")
    except ValueError:
        return None
