"""Collects every DHCP, BOOTP and DHCPv6 message into the log of its client."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from pxedebug.errors import MalformedFrame
from pxedebug.track.clients import ClientLog, ClientRegistry, LoggedMessage
from pxedebug.track.copies import original_of
from pxedebug.track.sources import SourceCounter
from pxedebug.track.uuids import other_order, own_uuid
from pxedebug.track.vantage import Sights
from pxedebug.wire import dhcpv6
from pxedebug.wire.batch import frame_source
from pxedebug.wire.dhcp import UNSPECIFIED, DhcpMessage, decode_message
from pxedebug.wire.frames import Columns
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import read_packets

__all__ = ["DHCP_PORTS", "DHCPV6_PORTS", "DhcpCollector"]

DHCP_PORTS = (67, 68, 4011)
DHCPV6_PORTS = (546, 547)

_IS_DHCP = np.zeros(65536, bool)
_IS_DHCP[list(DHCP_PORTS + DHCPV6_PORTS)] = True

_BOOT_OPTIONS = frozenset((93, 94, 97, 175))
"""Options that only a network boot's client sends (RFC 4578, Etherboot's 175)."""

_V6_CLIENT_TYPES = frozenset(
    ("SOLICIT", "REQUEST", "CONFIRM", "RENEW", "REBIND", "RELEASE", "DECLINE", "INFORMATION-REQUEST")
)
_ASKED_LATELY = 64
"""Requests remembered for replies whose hardware address nobody has."""
_ANSWERED_WITHIN = 10_000_000_000
_RASPBERRY_PI_XID = 0x26F30339
"""All boards use it (catalogue 1.2): it tells no client from another."""
_SERVER_TYPES = frozenset(("OFFER", "ACK", "NAK"))
"""Whatever their op says: a home-made server may send its replies as requests."""
_SERVER_IDENTIFIER = 54
_GIVING = frozenset(("ACK", "OFFER", "BOOTREPLY"))
_NO_ADDRESS = frozenset(bytes(length) for length in range(17))

Observe = Callable[[Packet, "DhcpMessage | dhcpv6.Dhcp6Message"], None]


class DhcpCollector:
    """Fed with the columns of each batch; `sources` holds what each source has shown so far, by its index, and
    `observe`, where given, is told of every decoded message."""

    def __init__(
        self, clients: ClientRegistry, sources: Mapping[int, SourceCounter], observe: Observe | None = None
    ) -> None:
        self._clients = clients
        self._observe = observe
        self._sources = sources
        self._asked: deque[tuple[int, int, ClientLog]] = deque(maxlen=_ASKED_LATELY)
        """The latest requests: transaction id, time, client."""
        self.malformed = 0
        """Packets on DHCP ports that are no DHCP."""
        self.cut = 0
        """Messages of clients that end, in the capture, before the class of the client."""

    def feed(self, columns: Columns, whole: list[Packet]) -> None:
        """Take the messages of one batch; `whole` are those that were put together from fragments."""
        rows = _dhcp_rows(columns)
        packets = read_packets(columns, rows) if len(rows) else []
        if whole:
            wanted = [p for p in whole if _IS_DHCP[p.destination_port] or _IS_DHCP[p.source_port]]
            packets = sorted([*packets, *wanted], key=lambda packet: packet.time)
        for packet in packets:
            try:
                if packet.destination_port in DHCPV6_PORTS or packet.source_port in DHCPV6_PORTS:
                    self._take_v6(packet)
                else:
                    self._take_v4(packet)
            except MalformedFrame:
                self.malformed += 1

    def _take_v4(self, packet: Packet) -> None:
        message = decode_message(packet.payload, packet.length)
        if self._observe:
            self._observe(packet, message)
        log = self._client_of(packet, message)
        kind, xid, from_client = message.type, message.xid, message.op == 1 and message.type not in _SERVER_TYPES
        sights = self._sources[frame_source(packet.frame)].sights
        if message.giaddr is not UNSPECIFIED:
            log.relayed = True
            if from_client:
                self._clients.note_router(packet.source_mac)
        if from_client:
            self.cut += message.truncated and 60 not in message.options
            self._note_client(log, message)
            self._see_client(sights, message, kind)
        else:
            sights.replies += 1
            self._clients.note_urls(packet)
            # The ACK gives what the OFFER offered, and `address` gives the same object for the same bytes.
            if kind in _GIVING and not (log.addresses and log.addresses[-1] is message.yiaddr):
                self._clients.bind(log, message.yiaddr)
        copy_of = original_of(packet, kind, xid, log.messages) if log.messages else None
        port = 4011 if packet.destination_port == 4011 or packet.source_port == 4011 else 67
        self._clients.keep_message(log, LoggedMessage(packet, message, kind, xid, copy_of, from_client, port))

    def _client_of(self, packet: Packet, message: DhcpMessage) -> ClientLog:
        identity = mac = message.chaddr
        if message.op == 2 and self._clients.known(mac) is None and (meant := self._meant(packet, message)) is not None:
            return meant
        if message.hlen == 16 or mac in _NO_ADDRESS:
            # The hardware field holds a GUID (EDK2's SendGUID) or nothing: the Ethernet source names the client.
            known = self._clients.by_uuid(mac) if len(mac) == 16 else None
            if known is not None:
                return known
            direct = message.op == 1 and message.giaddr is UNSPECIFIED and packet.source_mac
            client_id = message.options.get(61, b"")
            mac = packet.source_mac if direct else b""
            identity = mac or b"\x00" + (client_id or message.chaddr)
        return self._clients.client(identity, mac if len(mac) == 6 else b"", packet.time)

    def _meant(self, packet: Packet, message: DhcpMessage) -> ClientLog | None:
        """The client that asked shortly before with the transaction id of a reply to an address that nobody has: a
        server that alters chaddr or its length."""
        xid, since = message.xid, packet.time - _ANSWERED_WITHIN
        if xid == _RASPBERRY_PI_XID:
            return None
        asked = (log for number, time, log in reversed(self._asked) if number == xid and since <= time <= packet.time)
        return next(asked, None)

    def _note_client(self, log: ClientLog, message: DhcpMessage) -> None:
        """What a client's message says about it."""
        options = message.options
        self._asked.append((message.xid, log.last, log))
        if not log.boots and not _BOOT_OPTIONS.isdisjoint(options):
            self._clients.note_boots(log)
        if message.ciaddr is not UNSPECIFIED:
            self._clients.bind(log, message.ciaddr)
        if message.hlen == 16:
            self._note_uuid(log, message.chaddr)
        if 97 in options:
            self._note_uuid(log, options[97][1:17])

    def _note_uuid(self, log: ClientLog, name: bytes) -> None:
        if log.uuid != name and own_uuid(name) is not None:
            self._clients.note_uuid(log, name)

    def _see_client(self, sights: Sights, message: DhcpMessage, kind: str) -> None:
        """What a client's message says about the capture point."""
        if message.giaddr is UNSPECIFIED:
            sights.client_messages += 1
        else:
            sights.relayed_messages += 1
        if kind == "REQUEST" and _SERVER_IDENTIFIER in message.options:
            sights.answered_requests += 1

    def _take_v6(self, packet: Packet) -> None:
        message = dhcpv6.decode_message(packet.payload)
        if self._observe:
            self._observe(packet, message)
        log = self._client_of_v6(packet, message)
        if log is None:
            return
        kind, xid = message.type, message.transaction_id
        copy_of = original_of(packet, kind, xid, log.messages)
        self._clients.keep_message(
            log, LoggedMessage(packet, message, kind, xid, copy_of, kind in _V6_CLIENT_TYPES, 547)
        )
        self._clients.note_urls(packet)
        if message.relays:
            log.relayed = True
            if kind in _V6_CLIENT_TYPES:
                self._clients.note_router(packet.source_mac)
        if message.architectures:
            self._clients.note_boots(log)
        for address in message.addresses:
            self._clients.bind(log, address)
        if packet.destination_port == 547 and not message.relays:
            self._clients.bind(log, packet.source)

    def _client_of_v6(self, packet: Packet, message: dhcpv6.Dhcp6Message) -> ClientLog | None:
        uuid = own_uuid(message.duid_uuid)
        duid = message.client_duid if uuid is not None or message.duid_uuid is None else None
        if duid is not None and (log := self._clients.by_duid(duid)) is not None:
            return self._clients.client(log.mac, log.mac, packet.time) if log.mac else log
        from_client = packet.destination_port == 547 and not message.relays
        to_client = packet.destination_port == 546 and not message.relays and not packet.destination.is_multicast
        here = packet.source_mac if from_client else packet.destination_mac if to_client else b""
        mac = message.duid_mac or here
        log = self._clients.known(mac) if mac else None
        if log is None and uuid is not None:
            log = self._clients.by_uuid(other_order(uuid)) or self._clients.by_uuid(uuid)
        if log is None and not (mac or duid):
            return None
        if log is None:
            log = self._clients.client(mac or duid or b"", mac, packet.time)
        if duid is not None:
            self._clients.note_duid(log, duid)
        if uuid is not None and log.uuid is None:
            self._clients.note_uuid(log, uuid)
        log.last = max(log.last, packet.time)
        return log


def _dhcp_rows(columns: Columns) -> NDArray[np.int64]:
    datagrams = columns.datagrams
    port = np.uint64(0xFFFF)
    hit = _IS_DHCP[(datagrams.destination & port).astype(np.int64)]
    hit |= _IS_DHCP[(datagrams.source & port).astype(np.int64)]
    return np.flatnonzero(hit & ~datagrams.fragment)
