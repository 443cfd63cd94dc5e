"""DHCPv4 and BOOTP messages with other identifiers, every field and option as long as it was."""

from __future__ import annotations

from itertools import chain
from typing import Literal

from pxedebug.report.extract.anonymise.dhcp_options import OptionRewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.dhcp import DhcpMessage, decode_message
from pxedebug.wire.dhcp.areas import END, FILE, OPTIONS_START, PAD, SNAME, Instance

__all__ = ["DhcpRewriter"]

_VENDOR_CLASS = 60
_TRANSACTION = slice(4, 8)
_ADDRESSES = slice(12, 28)
_HARDWARE = slice(28, 44)
_LONGEST = 255
"""Bytes of one part of an option."""
_TRIES = 1 << 16
"""How far a transaction id made of a MAC address may have been counted on."""


class DhcpRewriter:
    """Messages of one run."""

    def __init__(self, identities: Identities, names: Names) -> None:
        self._identities = identities
        self._names = names
        self._options = OptionRewriter(identities, names)

    def message(self, payload: bytes) -> bytes:
        """The message that stands for one. Raises MalformedFrame where it is none."""
        message = decode_message(payload)
        made = bytearray(payload)
        made[_ADDRESSES] = self._identities.ips(payload[_ADDRESSES])
        made[_HARDWARE] = self._hardware(message)
        made[_TRANSACTION] = _transaction(message, bytes(made[_HARDWARE]))
        if not message.overload & 2:
            made[SNAME] = self._names.strict(message.sname)
        if not message.overload & 1:
            made[FILE] = self._names.text(message.file)
        if message.magic:
            self._replace_options(message, made)
        else:
            made[OPTIONS_START:] = bytes(len(payload[OPTIONS_START:]))
        return bytes(made)

    def _hardware(self, message: DhcpMessage) -> bytes:
        field = message.chaddr_raw
        used = min(message.hlen, len(field))
        return self._identities.mac(field[:used]) + bytes(len(field) - used)

    def _replace_options(self, message: DhcpMessage, made: bytearray) -> None:
        vendor_class = message.options.get(_VENDOR_CLASS)
        parts: dict[int, list[Instance]] = {}
        for instance in message.instances:
            parts.setdefault(instance.code, []).append(instance)
        for code, instances in parts.items():
            self._replace_option(code, instances, vendor_class, made)
        self._clear_tail(message, vendor_class, made)

    def _replace_option(
        self, code: int, instances: list[Instance], vendor_class: bytes | None, made: bytearray
    ) -> None:
        """A long option in parts is one value (RFC 3396 section 7); parts that are not full are values of their own."""
        if any(len(instance.value) < _LONGEST for instance in instances[:-1]):
            for instance in instances:
                self._replace_option(code, [instance], vendor_class, made)
            return
        value = bytes(chain.from_iterable(instance.value for instance in instances))
        new = self._options.option(code, value, vendor_class)
        at = 0
        for instance in instances:
            size = len(instance.value)
            made[instance.offset + 2 : instance.offset + 2 + size] = new[at : at + size]
            at += size

    def _clear_tail(self, message: DhcpMessage, vendor_class: bytes | None, made: bytearray) -> None:
        """What follows END says nothing; what forms no option, because it is cut, keeps its code and length."""
        start = len(message.payload) - len(message.trailing)
        if message.end_seen or len(message.trailing) < 2 or message.trailing[0] in (PAD, END):
            made[start:] = bytes(len(message.trailing))
            return
        code, value = message.trailing[0], message.trailing[2:]
        made[start + 2 :] = self._options.option(code, value, vendor_class)


def _transaction(message: DhcpMessage, hardware: bytes) -> bytes:
    """The transaction id: firmware makes it of the last four bytes of its MAC address, and counts on."""
    orders: tuple[Literal["big", "little"], ...] = ("big", "little")
    for order in orders:
        counted = (message.xid - int.from_bytes(message.chaddr_raw[2:6], order)) % (1 << 32)
        if any(message.chaddr_raw[2:6]) and min(counted, (1 << 32) - counted) < _TRIES:
            return ((int.from_bytes(hardware[2:6], order) + counted) % (1 << 32)).to_bytes(4)
    return message.payload[_TRANSACTION]
