"""What the rest of the capture says: the vantage, neighbour frames around a time, and what servers did for others.

The index of clients is made only when a rule first asks for it, and then once: a capture in which every boot works
never pays for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from ipaddress import IPv4Address
from itertools import chain, islice
from typing import NamedTuple

from pxedebug.diagnose.case import dhcp_of
from pxedebug.firmware import server_identity
from pxedebug.track.story import (
    Boot,
    Client,
    Exchange,
    Message,
    OtherClient,
    SeenEvent,
    Story,
    Transfer,
    TransferStatus,
)
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.neighbours import Arp
from pxedebug.wire.packet import Address

__all__ = ["ClientRecord", "Fetched", "Grant", "Network"]

_CLIENTS_INDEXED = 10_000
"""Clients that rules compare; of more the rest are left out of comparisons."""
_COMPARED = 32
"""Grants, or clients without one, that one boot is compared with."""
_NOTHING: tuple[SeenEvent, ...] = ()


class Grant(NamedTuple):
    """A server gave or offered a client an address."""

    server: Address | None
    address: Address
    time: int
    frame: int
    type: str
    """`OFFER`, `ACK` or `BOOTREPLY`."""
    renewal: bool
    """An ACK to a REQUEST of a client that had the address already (no DISCOVER before it)."""


class Fetched(NamedTuple):
    """A transfer in few words."""

    server: Address
    file: bytes | None
    status: TransferStatus
    time: int
    frame: int
    protocol: str


class ClientRecord(NamedTuple):
    """One client's part in a boot (or beside any boot), in few words."""

    boot: int | None
    """The boot's number; None for a client that did not boot."""
    client: Client
    discovers: tuple[tuple[int, int], ...]
    """Time and frame of each DISCOVER."""
    first_discover: DhcpMessage | None
    """To compare options by."""
    grants: tuple[Grant, ...]
    named: tuple[Address, ...]
    """DHCP servers that its REQUESTs name (option 54): they made it an offer, seen or not."""
    proxies: tuple[tuple[Address | None, int, int], ...]
    """Server, time and frame of proxy offers and of answers on port 4011."""
    answers_4011: tuple[tuple[Address, int, int], ...]
    """Server, time and frame of answers from port 4011 alone."""
    fetched: tuple[Fetched, ...]


class Network:
    """Everything beside the case at hand."""

    def __init__(self, story: Story, boots: Iterable[Boot], allowed_servers: frozenset[Address] = frozenset()) -> None:
        self.story = story
        self._boots = boots
        self.allowed_servers = allowed_servers
        """The servers that the user named as legitimate; empty when none was named."""
        vantages = [source.vantage for source in story.sources]
        self.sees_unicast = any(vantage.unicast_seen for vantage in vantages)
        """Unicast frames of clients are visible to at least one capture point."""
        self.relay_side = bool(vantages) and all(vantage.kind == "relay-uplink" for vantage in vantages)
        """Only the relay's far side was captured: nothing is known of the client's own segment."""
        self.one_way = bool(vantages) and all(vantage.kind == "one-direction" for vantage in vantages)
        """Only one direction was captured: answers would not show, or questions."""
        self.ports_hidden = bool(vantages) and not any(vantage.high_ports_seen for vantage in vantages)
        """A filter on ports leaves nothing but DHCP and TFTP requests to be seen."""
        self.vantage_words = next((v.text for v in vantages if v.kind != "both-directions"), "")
        """One sentence on what this capture could not see; empty when it saw both directions."""
        self.several_points = len(story.sources) > 1

    # Neighbour frames

    def events(self, kind: type, since: int | None = None, until: int | None = None) -> Sequence[SeenEvent]:
        """Link and neighbour frames of one class (`wire.neighbours`: `Bpdu`, `Lacp`, `Eapol`, `Lldp`, ...) in
        capture order, between two times in nanoseconds (both included)."""
        return _between(self.story.neighbours.events.get(kind, _NOTHING), since, until)

    def icmp(self, since: int | None = None, until: int | None = None) -> Sequence[SeenEvent]:
        """ICMP and ICMPv6 errors (`wire.neighbours.IcmpError`) in capture order."""
        return _between(self.story.neighbours.icmp, since, until)

    def asked(self, address: Address, since: int | None = None, until: int | None = None) -> Sequence[SeenEvent]:
        """ARP requests and neighbour solicitations for `address`."""
        return _between(self.story.neighbours.resolutions.get(address, (_NOTHING, _NOTHING))[0], since, until)

    def answered(self, address: Address, since: int | None = None, until: int | None = None) -> Sequence[SeenEvent]:
        """ARP replies and neighbour advertisements in which somebody claims `address`."""
        return _between(self.story.neighbours.resolutions.get(address, (_NOTHING, _NOTHING))[1], since, until)

    @cached_property
    def no_claims(self) -> bool:
        """Nobody said of any IPv4 address that it is its own: no ARP reply, no announcement."""
        neighbours = self.story.neighbours
        return not neighbours.events.get(Arp) and not any(said for _, said in neighbours.resolutions.values())

    def heard(self, mac: bytes) -> tuple[int, int] | None:
        """When any frame of this source MAC was first and last seen; None when it was not followed."""
        return self.story.presence(mac)

    def unheard(self, mac: bytes) -> bool:
        """No frame of this source MAC was seen, for certain."""
        return self.story.unheard(mac)

    def others_heard(self, source: int, mac: bytes, since: int, until: int) -> bool | None:
        """Somebody but `mac` sent anything but link control (BPDU, LACP, LLDP, CDP, EAPOL) between two times, as the
        source (`wire.batch.frame_source`) saw it; None where that is not known: no link control came before."""
        return self.story.bystanders(source, mac, since, until)

    @cached_property
    def tags_differ(self) -> bool:
        """Some client got its lease although its own messages and the server's answers carry different VLAN tags: it is
        the capture point that adds or removes them."""
        boots = (stage.exchanges for boot in self._boots for stage in boot.stages)
        others = (other.exchanges for other in self.story.others)
        return any(_tags_differ(exchange) for exchanges in chain(boots, others) for exchange in exchanges)

    # Other clients

    @cached_property
    def clients(self) -> tuple[ClientRecord, ...]:
        """What every client did, boots first; for comparisons between clients."""
        boots = (_of_boot(boot, number) for number, boot in enumerate(self._boots, start=1))
        others = (_of_other(other) for other in self.story.others)
        return tuple(islice(chain(boots, others), _CLIENTS_INDEXED))

    @cached_property
    def answers_unrelayed_82(self) -> bool:
        """Some client whose DISCOVER carries option 82 without a relay's address got an answer."""
        served = (record.first_discover for record in self.clients if record.grants)
        return any(first is not None and 82 in first.options and not int(first.giaddr) for first in served)

    @cached_property
    def boots_by_mac(self) -> dict[bytes, tuple[ClientRecord, ...]]:
        """By hardware address: what the client did in each of its boots, in order of their numbers."""
        found: dict[bytes, list[ClientRecord]] = {}
        for record in self.clients:
            if record.boot is not None and record.client.mac:
                found.setdefault(record.client.mac, []).append(record)
        return {mac: tuple(records) for mac, records in found.items()}

    @cached_property
    def answers_on_4011(self) -> dict[Address, tuple[tuple[ClientRecord, int], ...]]:
        """By server: whom it answered from port 4011, with the frame."""
        found: dict[Address, list[tuple[ClientRecord, int]]] = {}
        for record in self.clients:
            for server, _, frame in record.answers_4011:
                found.setdefault(server, []).append((record, frame))
        return {server: tuple(answered) for server, answered in found.items()}

    @cached_property
    def by_server(self) -> dict[Address, tuple[tuple[ClientRecord, Grant], ...]]:
        """By DHCP server: what it gave or offered, to whom, in order of time."""
        found: dict[Address, list[tuple[ClientRecord, Grant]]] = {}
        for record in self.clients:
            for grant in record.grants:
                if grant.server is not None:
                    found.setdefault(grant.server, []).append((record, grant))
        return {server: tuple(sorted(given, key=lambda pair: pair[1].time)) for server, given in found.items()}

    @cached_property
    def dhcp_servers(self) -> dict[Address, frozenset[bytes]]:
        """By DHCP server: the hardware addresses of the clients that it answered, as its answers show, or their
        REQUESTs."""
        found: dict[Address, set[bytes]] = {}
        for record in self.clients:
            for server in (*(grant.server for grant in record.grants), *record.named):
                if server is not None:
                    found.setdefault(server, set()).add(record.client.mac)
        return {server: frozenset(answered) for server, answered in found.items()}

    @cached_property
    def _grants_of(self) -> dict[bytes, list[Grant]]:
        """By hardware address: what the client was given or offered in all its boots, in order of time."""
        found: dict[bytes, list[Grant]] = {}
        for record in self.clients:
            found.setdefault(record.client.mac, []).extend(record.grants)
        return {mac: sorted(grants, key=lambda grant: grant.time) for mac, grants in found.items()}

    def grants_around(self, mac: bytes, time: int) -> tuple[Grant | None, Grant | None]:
        """What a client was given or offered last before a time, and first after it."""
        grants = self._grants_of.get(mac, [])
        at = bisect_left(grants, time, key=lambda grant: grant.time)
        return grants[at - 1] if at else None, grants[at] if at < len(grants) else None

    @cached_property
    def _granted(self) -> tuple[list[int], list[tuple[ClientRecord, Grant]]]:
        """All grants in order of time, and their times."""
        pairs = sorted(((r, g) for r in self.clients for g in r.grants), key=lambda pair: (pair[1].time, pair[1].frame))
        return [grant.time for _, grant in pairs], pairs

    def granted(self, since: int, until: int) -> Sequence[tuple[ClientRecord, Grant]]:
        """What DHCP servers gave or offered between two times, to whom, in order; of very many the latest."""
        times, pairs = self._granted
        stop = bisect_right(times, until)
        return pairs[max(bisect_left(times, since), stop - _COMPARED) : stop]

    @cached_property
    def _unserved(self) -> tuple[list[int], list[ClientRecord]]:
        """Clients that asked twice or more and got nothing, by the time of their second DISCOVER."""
        found = [record for record in self.clients if len(record.discovers) > 1 and not record.grants]
        found.sort(key=lambda record: record.discovers[1][0])
        return [record.discovers[1][0] for record in found], found

    def unserved(self, since: int, until: int) -> Sequence[ClientRecord]:
        """Clients that got nothing and whose second DISCOVER came between two times; of very many the first."""
        times, found = self._unserved
        start = bisect_left(times, since)
        return found[start : min(bisect_right(times, until), start + _COMPARED)]

    @cached_property
    def has_dhcp_server(self) -> bool:
        """Some DHCP server or proxy answered somebody."""
        return any(record.grants or record.proxies or record.answers_4011 for record in self.clients)

    @cached_property
    def files_by_server(self) -> dict[Address, tuple[tuple[ClientRecord, Fetched], ...]]:
        """By TFTP or HTTP server: what was asked of it, by whom, in order of time."""
        found: dict[Address, list[tuple[ClientRecord, Fetched]]] = {}
        for record in self.clients:
            for fetched in record.fetched:
                found.setdefault(fetched.server, []).append((record, fetched))
        return {server: tuple(sorted(asked, key=lambda pair: pair[1].time)) for server, asked in found.items()}

    @cached_property
    def delivered(self) -> dict[Address, dict[bytes, int]]:
        """By TFTP server: the names of files that it delivered whole, each with the frame that first asked for it."""
        found: dict[Address, dict[bytes, int]] = {}
        for server, asked in self.files_by_server.items():
            names = found.setdefault(server, {})
            for _, fetched in asked:
                if fetched.file and fetched.status is TransferStatus.COMPLETE and fetched.protocol == "tftp":
                    names.setdefault(fetched.file.rstrip(b"\0"), fetched.frame)
        return found


def _tags_differ(exchange: Exchange) -> bool:
    types = {message.type for message in exchange.messages}
    if exchange.port != 67 or not {"REQUEST", "ACK"} <= types:
        return False
    asked = {m.packet.vlans for m in exchange.messages if m.from_client and m.packet.source_port == 68}
    came = {m.packet.vlans for m in exchange.messages if not m.from_client and m.packet.destination_port == 68}
    return bool(asked and came) and not asked & came


def _between(events: Sequence[SeenEvent], since: int | None, until: int | None) -> Sequence[SeenEvent]:
    start = 0 if since is None else bisect_left(events, since, key=lambda seen: seen.time)
    stop = len(events) if until is None else bisect_right(events, until, key=lambda seen: seen.time)
    return events[start:stop]


def _of_boot(boot: Boot, number: int) -> ClientRecord:
    exchanges = [exchange for stage in boot.stages for exchange in stage.exchanges]
    return _record(number, boot.client, exchanges, [t for stage in boot.stages for t in stage.transfers])


def _of_other(other: OtherClient) -> ClientRecord:
    return _record(None, other.client, other.exchanges, other.transfers)


def _record(
    boot: int | None, client: Client, exchanges: Iterable[Exchange], transfers: Iterable[Transfer]
) -> ClientRecord:
    messages = [m for e in exchanges for m in e.messages if m.copy_of is None and isinstance(m.dhcp, DhcpMessage)]
    messages.sort(key=lambda message: (message.packet.time, message.packet.frame))
    discovers = [m for m in messages if m.from_client and m.type in ("DISCOVER", "BOOTREQUEST")]
    return ClientRecord(
        boot,
        client,
        tuple((m.packet.time, m.packet.frame) for m in discovers),
        dhcp_of(discovers[0]) if discovers else None,
        tuple(_grants(messages)),
        tuple(dict.fromkeys(_named(messages))),
        tuple((_server(m), m.packet.time, m.packet.frame) for m in messages if _from_proxy(m)),
        tuple(
            (m.packet.source, m.packet.time, m.packet.frame) for m in messages if m.port == 4011 and not m.from_client
        ),
        tuple(Fetched(t.server, t.file, t.status, t.started, t.first_frame, t.protocol) for t in transfers),
    )


def _grants(messages: Sequence[Message]) -> Iterator[Grant]:
    discovered = False
    for message in messages:
        dhcp = dhcp_of(message)
        if message.from_client:
            discovered |= message.type in ("DISCOVER", "BOOTREQUEST")
            continue
        address = dhcp.yiaddr if int(dhcp.yiaddr) else dhcp.ciaddr
        if message.port == 67 and message.type in ("OFFER", "ACK", "BOOTREPLY") and int(address):
            renewal = message.type == "ACK" and not discovered
            yield Grant(_server(message), address, message.packet.time, message.packet.frame, message.type, renewal)


def _named(messages: Sequence[Message]) -> Iterator[Address]:
    for message in messages:
        server = dhcp_of(message).options.get(54, b"")
        if message.from_client and message.port == 67 and message.type == "REQUEST" and len(server) == 4:
            yield IPv4Address(server)


def _from_proxy(message: Message) -> bool:
    dhcp = dhcp_of(message)
    if message.from_client or (message.port != 4011 and message.type != "OFFER"):
        return False
    return not int(dhcp.yiaddr)


def _server(message: Message) -> Address | None:
    return server_identity(dhcp_of(message), message.packet.source)
