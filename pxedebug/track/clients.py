"""Who is who: every client's log of messages and transfers, found by hardware address, UUID, DUID or IP address.

A client is known by its hardware address (chaddr). A client that puts its UUID there (hlen 16), and a DHCPv6
client, are joined to it by the Ethernet source, the DUID's MAC or option 97; a UUID of all 00 or FF, or a
board maker's placeholder, names nobody (catalogue 1.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pxedebug.track.limits import Limits
from pxedebug.wire.frames import endpoint_key
from pxedebug.wire.packet import Address, Packet

if TYPE_CHECKING:
    from pxedebug.track.http.connection import HttpTransfer
    from pxedebug.track.tftp.transfer import TftpTransfer
    from pxedebug.wire.dhcp import DhcpMessage
    from pxedebug.wire.dhcpv6 import Dhcp6Message

Kept = TypeVar("Kept")
Name = TypeVar("Name")

__all__ = ["ClientLog", "ClientRegistry", "LoggedMessage"]


_URL_PORT = re.compile(rb"https?://[^/\0\s]{1,255}:([0-9]{1,5})/")
_NAMES_OF_A_CLIENT = 4
"""Addresses, UUIDs and DUIDs remembered, each for as many clients as there may be."""
_MESSAGES_OF_A_TRANSFER = 3
"""Memory of a transfer's record in messages."""


class LoggedMessage(NamedTuple):
    """A DHCP or DHCPv6 message as it is kept: what a `Message` of the story is made of."""

    packet: Packet
    dhcp: DhcpMessage | Dhcp6Message | None
    """None is decoded again when the story is told (`Limits.decoded_options`)."""
    type: str
    xid: int
    copy_of: int | None
    from_client: bool
    port: int


@dataclass(slots=True, eq=False)
class ClientLog:
    """All that one client did, in capture order."""

    mac: bytes
    first: int
    """Time of its first frame here."""
    last: int
    messages: list[LoggedMessage] = field(default_factory=list)
    tftp: list[TftpTransfer] = field(default_factory=list)
    http: list[HttpTransfer] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    uuid: bytes | None = None
    duid: bytes | None = None
    boots: bool = False
    """A message or transfer of it belongs to a network boot."""
    boots_since: int = 0
    """Time of the first that does."""
    relayed: bool = False
    """Its DHCP went through a relay (giaddr): beyond it, its frames carry a router's address."""
    lost: int = 0
    """Messages and transfers beyond the caps."""


class ClientRegistry:
    """All client logs and the ways to find one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_identity: dict[bytes, ClientLog] = {}
        self._by_uuid: dict[bytes, ClientLog] = {}
        self._by_duid: dict[bytes, ClientLog] = {}
        self._by_address: dict[Address, ClientLog] = {}
        self.interesting: dict[int, int] = {}
        """`endpoint_key` >> 16 of the addresses of clients that boot, and since when (nanoseconds)."""
        self.url_ports: dict[int, int] = {}
        """TCP ports that boot URLs name, and since when (nanoseconds)."""
        self.routers: dict[bytes, None] = {}
        """Hardware addresses that forward the packets of others."""
        self.evicted_clients = 0
        self.lost = 0
        self._kept = 0
        self._decoded = 0
        """Options of the messages that are kept decoded."""

    def __iter__(self) -> Iterator[ClientLog]:
        return iter(dict.fromkeys(self._by_identity.values()))

    def __len__(self) -> int:
        return len(self._by_identity)

    def client(self, identity: bytes, mac: bytes, time: int) -> ClientLog:
        """The log of the client named by `identity` (its hardware address where there is one)."""
        log = self._by_identity.get(identity)
        if log is None:
            if len(self._by_identity) >= self._limits.clients:
                self._evict()
            log = self._by_identity[identity] = ClientLog(mac, time, time)
        if time > log.last:
            log.last = time
        if time < log.first:
            log.first = time
        return log

    def known(self, identity: bytes) -> ClientLog | None:
        """The log of `identity`, if there is one."""
        return self._by_identity.get(identity)

    def by_uuid(self, uuid: bytes) -> ClientLog | None:
        """The client that gave `uuid` last."""
        return self._by_uuid.get(uuid)

    def by_duid(self, duid: bytes) -> ClientLog | None:
        """The client that gave the DHCPv6 `duid`."""
        return self._by_duid.get(duid)

    def by_address(self, address: Address) -> ClientLog | None:
        """The client that holds or held `address`, the latest one."""
        return self._by_address.get(address)

    def bind(self, log: ClientLog, address: Address) -> None:
        """`log` was given `address`, or spoke from it."""
        if address.is_unspecified or self._by_address.get(address) is log:
            return
        gone = self._remember(self._by_address, address, log)
        if gone is not None:
            self.interesting.pop(endpoint_key(gone.packed, 0) >> 16, None)
        if log.boots:
            self.interesting[endpoint_key(address.packed, 0) >> 16] = max(log.last, log.boots_since)
        if address not in log.addresses and len(log.addresses) < self._limits.addresses_per_client:
            log.addresses.append(address)

    def note_router(self, mac: bytes) -> None:
        """`mac` forwards packets of others: a log that was made under it is that of the first of these."""
        if mac in self.routers or len(self.routers) >= self._limits.clients:
            return
        self.routers[mac] = None
        log = self._by_identity.get(mac)
        if log is not None and not log.messages and log.addresses:
            del self._by_identity[mac]
            self._by_identity[b"\x01" + log.addresses[0].packed] = log
            log.mac = b""

    def note_boots(self, log: ClientLog, time: int | None = None) -> None:
        """`log` is a client that boots: its connections are of interest from `time` on, or from its last frame."""
        since = log.last if time is None else time
        if log.boots and since >= log.boots_since:
            return
        log.boots, log.boots_since = True, since
        for address in log.addresses:
            key = endpoint_key(address.packed, 0) >> 16
            self.interesting[key] = min(since, self.interesting.get(key, since))

    def note_urls(self, packet: Packet) -> None:
        """A server's message, which may hold a boot URL with a port of its own."""
        if b"://" in packet.payload:
            for digits in _URL_PORT.findall(packet.payload):
                port = int(digits)
                if port in self.url_ports or len(self.url_ports) < self._limits.url_ports:
                    self.url_ports[port] = min(packet.time, self.url_ports.get(port, packet.time))

    def note_uuid(self, log: ClientLog, uuid: bytes) -> None:
        """`log` says that its machine's UUID is `uuid`."""
        log.uuid = uuid
        self._remember(self._by_uuid, uuid, log)

    def note_duid(self, log: ClientLog, duid: bytes) -> None:
        """`log` uses `duid` in DHCPv6."""
        log.duid = duid
        self._remember(self._by_duid, duid, log)

    def _remember(self, names: dict[Name, ClientLog], name: Name, log: ClientLog) -> Name | None:
        """`name` leads to `log`; gives the oldest name when it had to go. A client with ever new names is no memory."""
        names.pop(name, None)
        names[name] = log
        if len(names) <= _NAMES_OF_A_CLIENT * self._limits.clients:
            return None
        oldest = next(iter(names))
        del names[oldest]
        return oldest

    def keep_message(self, log: ClientLog, message: LoggedMessage) -> None:
        """Add a message to a log, up to the cap."""
        limits, messages = self._limits, log.messages
        if len(messages) >= limits.messages_per_client:
            log.lost += 1
            self.lost += 1
            return
        self._kept += 1
        if self._kept > limits.messages:
            self._make_room()
        if message.dhcp is None or self._decoded >= limits.decoded_options:
            message = message._replace(dhcp=None)
        else:
            self._decoded += len(message.dhcp.options)
        messages.append(message)

    def keep_transfer(self, log: ClientLog, transfers: list[Kept], transfer: Kept) -> None:
        """Add a transfer to one of the lists of a log, up to the cap."""
        if len(transfers) >= self._limits.transfers_per_client:
            log.lost += 1
            self.lost += 1
            return
        self._kept += _MESSAGES_OF_A_TRANSFER
        if self._kept > self._limits.messages:
            self._make_room()
        transfers.append(transfer)

    def _make_room(self) -> None:
        """As much is kept as may be, a transfer counting as several messages: forget some clients."""
        self._evict()
        self._kept = sum(len(log.messages) + _MESSAGES_OF_A_TRANSFER * (len(log.tftp) + len(log.http)) for log in self)

    def _evict(self) -> None:
        """Forget the tenth of all clients that has been silent for longest: one by one would cost a search each."""
        by_age = sorted(self._by_identity.items(), key=lambda item: item[1].last)
        gone = {id(log) for _, log in by_age[: max(1, len(by_age) // 10)]}
        self.evicted_clients += len(gone)
        self._by_identity = {key: log for key, log in self._by_identity.items() if id(log) not in gone}
        self._by_uuid = {key: log for key, log in self._by_uuid.items() if id(log) not in gone}
        self._by_duid = {key: log for key, log in self._by_duid.items() if id(log) not in gone}
        self._by_address = {key: log for key, log in self._by_address.items() if id(log) not in gone}
        decoded = (message.dhcp for log in self for message in log.messages)
        self._decoded = sum(len(dhcp.options) for dhcp in decoded if dhcp is not None)
        kept = (endpoint_key(a.packed, 0) >> 16 for a, log in self._by_address.items() if log.boots)
        self.interesting = {key: self.interesting.get(key, 0) for key in kept}
