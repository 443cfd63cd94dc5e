"""Whose transfer is it: from addresses to clients."""

from __future__ import annotations

from typing import Protocol

from pxedebug.track.clients import ClientLog, ClientRegistry
from pxedebug.wire.packet import Address, Packet

__all__ = ["OwnerFinder"]

_FIRST_HOP_TTL = frozenset((16, 20, 30, 32, 60, 64, 100, 128, 150, 200, 255))
"""Initial TTLs of firmware and systems: a packet that still has one was not routed, or by so many hops that it looks
like one that was not."""
_VIRTUAL_ROUTERS = (b"\x00\x00\x0c\x07\xac", b"\x00\x00\x0c\x9f", b"\x00\x00\x5e\x00\x01", b"\x00\x00\x5e\x00\x02")
"""How hardware addresses of HSRP (its two versions) and VRRP (RFC 5798 section 7.3) begin."""


class _Endpoints(Protocol):
    @property
    def source(self) -> Address: ...
    @property
    def source_mac(self) -> bytes: ...
    @property
    def ttl(self) -> int: ...


class OwnerFinder:
    """Finds the log of the client that sent a request: by its address, by its MAC, else a log of its own."""

    def __init__(self, clients: ClientRegistry) -> None:
        self._clients = clients

    def owner(self, sent: _Endpoints, time: int | None = None) -> ClientLog:
        """The client behind the request `sent`."""
        at = sent.time if isinstance(sent, Packet) else time or 0
        own = self._clients.known(sent.source_mac)
        # Who was given the address and speaks from it is the client, whoever else it is given to later.
        mine = own is not None and bool(own.messages) and sent.source in own.addresses
        known = own if mine else self._clients.by_address(sent.source)
        on_link = bool(sent.source_mac) and sent.ttl in _FIRST_HOP_TTL and not self._forwards(sent)
        if known is not None and (not on_link or known.relayed or known.mac in (b"", sent.source_mac)):
            log = known
        elif on_link:
            log = self._clients.client(sent.source_mac, sent.source_mac, at)
            self._clients.bind(log, sent.source)
        else:
            log = self._clients.client(b"\x01" + sent.source.packed, b"", at)
            self._clients.bind(log, sent.source)
        log.last = max(log.last, at)
        self._clients.note_boots(log, at)
        return log

    def _forwards(self, sent: _Endpoints) -> bool:
        """The source MAC is a router's: it relayed DHCP, is a virtual router's, or speaks for several addresses."""
        clients, mac = self._clients, sent.source_mac
        if mac in clients.routers or mac.startswith(_VIRTUAL_ROUTERS):
            return True
        log = clients.known(mac)
        if log is None or log.messages or sent.source.version != 4:
            return False
        if any(held.version == 4 and held != sent.source for held in log.addresses):
            clients.note_router(mac)
            return True
        return False
