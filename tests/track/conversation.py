"""Boot conversations that read like the protocol, told to a real `Tracker` as real frames.

    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x.efi", at=0.1), edk2.request(at=3.9), dnsmasq.ack())
    assert told.boot.outcome == "in-progress"

Each step is said after the one before it (a hundredth of a second later, or `at` seconds from the start). Servers answer
the client that spoke last, or the one named by `to`. What a machine knows (its xid, its offers, its address) is kept in
the scene, so machines and servers are constants that any test may use.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, ip_address

import numpy as np

from pxedebug.track import Limits, Tracker
from pxedebug.track.story import Boot, Exchange, Message, OtherClient, Stage, Story, Transfer
from pxedebug.wire.batch import Batch, frame_number, frame_ref
from pxedebug.wire.dhcp import build_message, encode_options

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
"""Capture time of the scene's second 0."""
PAUSE = 0.01
BROADCAST = b"\xff" * 6
NOBODY = "0.0.0.0"
UDP, TCP, ICMP = 17, 6, 1


@dataclass
class Wire:
    """One frame before it becomes bytes."""

    at: float
    source_mac: bytes
    target_mac: bytes
    source: str
    target: str
    source_port: int
    target_port: int
    payload: bytes
    protocol: int = UDP
    ttl: int = 64
    ident: int = 0
    vlans: tuple[int, ...] = ()
    file: int = 0
    ether: bytes | None = None
    """A whole Ethernet payload with its type, instead of an IP packet."""

    def bytes(self) -> bytes:
        tags = b"".join(struct.pack("!HH", 0x8100, vlan) for vlan in self.vlans)
        return self.target_mac + self.source_mac + tags + (self.ether or self._ip())

    def _ip(self) -> bytes:
        body = self.payload
        if self.protocol == UDP:
            body = struct.pack("!HHHH", self.source_port, self.target_port, 8 + len(body), 0) + body
        ends = ip_address(self.source).packed + ip_address(self.target).packed
        if len(ends) == 32:
            head = struct.pack("!IHBB", 0x60000000, len(body), self.protocol, self.ttl)
            return b"\x86\xdd" + head + ends + body
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), self.ident, 0, self.ttl, self.protocol, 0)
        return b"\x08\x00" + head + ends + body


@dataclass
class Talk:
    """What one machine (by its MAC) knows of its own conversation."""

    xid: int = 0
    address: str = NOBODY
    offers: list[tuple[str, str, int]] = field(default_factory=list)
    """Server, address and xid of each offer heard."""
    files: dict[str, tuple[bytes, bool]] = field(default_factory=dict)
    """Boot file that each server offered, and whether in the header."""
    port: int = 1024
    asked_from: int = 68
    relay: str = NOBODY
    flags: int = 0


@dataclass
class Scene:
    """A conversation while it is being said."""

    now: float = 0.0
    wires: list[Wire] = field(default_factory=list)
    talks: dict[bytes, Talk] = field(default_factory=dict)
    speaker: Machine | None = None
    ident: int = 100
    xids: int = 0x10000000

    def talk(self, machine: Machine) -> Talk:
        return self.talks.setdefault(machine.mac, Talk())

    def clock(self, at: float | None) -> float:
        self.now = self.now + PAUSE if at is None else at
        return self.now

    def say(self, wire: Wire) -> None:
        self.ident += 1
        wire.ident = wire.ident or self.ident
        self.wires.append(wire)

    def next_xid(self) -> int:
        self.xids += 0x101
        return self.xids


Step = Callable[[Scene], None]
Options = Sequence[tuple[int, object]]


@dataclass(frozen=True)
class Machine:
    """A program on a machine: what it puts into its messages."""

    mac: bytes
    options: tuple[tuple[int, bytes], ...] = ()
    """Options of all its messages, in order, but for 53, 50 and 54."""
    flags: int = 0
    takes_last: bool = False
    """REQUESTs the last offer (iPXE), not the first."""
    new_xid: bool = False
    """Takes a new xid for every DISCOVER (U-Boot)."""
    xid: int | None = None
    """Always this xid (Raspberry Pi)."""
    proxy_port: int = 68
    proxy_xid: int | None = None
    """xid of its requests to port 4011; None: a fresh one."""
    read_options: tuple[tuple[bytes, bytes], ...] = ()
    probe_options: tuple[tuple[bytes, bytes], ...] = ()
    """Of the request that only reads the size; empty where there is none."""
    probe_abort: tuple[int, bytes] = (8, b"User aborted the transfer")
    ttl: int = 64
    chaddr: bytes | None = None
    """What stands in chaddr instead of the MAC (EDK2's SendGUID)."""

    def on(self, mac: str) -> Machine:
        """The same program on another machine."""
        return replace(self, mac=bytes.fromhex(mac.replace(":", "")))

    def saying(self, **changes: object) -> Machine:
        """The same machine, changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def with_uuid(self, uuid: bytes) -> Machine:
        """The same machine with this UUID in option 97."""
        others = tuple(option for option in self.options if option[0] != 97)
        return replace(self, options=(*others, (97, b"\0" + uuid)))

    def discover(self, at: float | None = None, *, xid: int | None = None, secs: int = 0) -> Step:
        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            known = xid if xid is not None else self.xid
            if known is None and (self.new_xid or not talk.xid):
                known = scene.next_xid()
            talk.xid = talk.xid if known is None else known
            self._send(scene, at, 1, talk.xid, secs=secs)

        return step

    def afresh(self, at: float | None = None, *, xid: int | None = None, secs: int = 0) -> Step:
        """A DISCOVER with a new xid and nothing remembered: another power-on, another method, another program."""

        def step(scene: Scene) -> None:
            scene.talks[self.mac] = Talk(port=scene.talk(self).port + 100)
            self.discover(at, xid=xid, secs=secs)(scene)

        return step

    def request(
        self,
        at: float | None = None,
        *,
        of: Server | None = None,
        address: str | None = None,
        bare: bool = False,
        xid: int | None = None,
        secs: int = 0,
    ) -> Step:
        """A broadcast REQUEST for the offer that this program takes; `bare` has no option 54 (INIT-REBOOT)."""

        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            offers = [offer for offer in talk.offers if of is None or offer[0] == of.ip]
            server, given, number = offers[-1 if self.takes_last else 0] if offers else (NOBODY, NOBODY, talk.xid)
            talk.xid = number if xid is None else xid
            talk.xid = talk.xid or scene.next_xid()
            asked: list[tuple[int, object]] = [] if bare else [(54, IPv4Address(of.ip if of else server).packed)]
            asked.append((50, IPv4Address(address or given).packed))
            self._send(scene, at, 3, talk.xid, first=asked, secs=secs)

        return step

    def renew(self, server: Server, at: float | None = None, *, address: str = "10.77.0.50") -> Step:
        """A unicast REQUEST of a bound client (RFC 2131 section 4.3.2)."""

        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            talk.xid, talk.address = scene.next_xid(), address
            self._send(scene, at, 3, talk.xid, ciaddr=address, target=server)

        return step

    def inform(self, at: float | None = None, *, address: str = "10.77.0.50") -> Step:
        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            talk.xid, talk.address = scene.next_xid(), address
            self._send(scene, at, 8, talk.xid, ciaddr=address)

        return step

    def decline(self, at: float | None = None) -> Step:
        """Without a class, as firmware sends it."""

        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            server, address, _ = talk.offers[-1]
            parts = [(50, IPv4Address(address).packed), (54, IPv4Address(server).packed)]
            self.saying(options=())._send(scene, at, 4, talk.xid, first=parts)
            talk.offers.clear()

        return step

    def release(self, server: Server, at: float | None = None) -> Step:
        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            silent = self.saying(options=())
            silent._send(scene, at, 7, scene.next_xid(), ciaddr=talk.address, target=server)

        return step

    def bootp(self, at: float | None = None, *, file: bytes = b"", xid: int | None = None) -> Step:
        """A BOOTP request: no option 53, no options at all."""

        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            talk.xid = xid or talk.xid or scene.next_xid()
            self.saying(options=())._send(scene, at, 0, talk.xid, file=file)

        return step

    def ask_proxy(
        self, server: Server, at: float | None = None, *, item: bytes = b"", xid: int | None = None, again: bool = False
    ) -> Step:
        """A REQUEST to port 4011; `item` is a boot item (43.71); `again` repeats the request before it."""

        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            number = xid if xid is not None else self.proxy_xid
            if not again:
                talk.xid = scene.next_xid() if number is None else number
            first: list[tuple[int, object]] = [(43, b"\x47\x04" + item + b"\xff")] if item else []
            self._send(scene, at, 3, talk.xid, first=first, target=server, port=4011, source_port=self.proxy_port)

        return step

    def rrq(self, file: str, at: float | None = None, *, server: str = "10.77.0.1", again: bool = False) -> Step:
        """The read request of this program, from a new port unless `again`."""
        return self._rrq(file, self.read_options, at, server, again=again)

    def probe(self, file: str, at: float | None = None, *, server: str = "10.77.0.1", size: int = 1000) -> Step:
        """A size probe: request, OACK, ERROR of the client (B-01)."""

        def step(scene: Scene) -> None:
            self._rrq(file, self.probe_options, at, server)(scene)
            echo = [(n, str(size).encode() if n == b"tsize" else v) for n, v in self.probe_options]
            tftp_reply(b"\0\6" + b"".join(n + b"\0" + v + b"\0" for n, v in echo), server)(scene)
            code, text = self.probe_abort
            self._tftp(scene, struct.pack("!HH", 5, code) + text + b"\0", server, None)

        return step

    def fetch(
        self, file: str, at: float | None = None, *, content: bytes = b"", server: str = "10.77.0.1", probe: bool = True
    ) -> Step:
        """A whole file, preceded by this program's probe."""
        body = content or b"\x00\x01content of " + file.encode()

        def step(scene: Scene) -> None:
            begun = at
            if self.probe_options and probe:
                self.probe(file, begun, server=server, size=len(body))(scene)
                begun = None
            self.rrq(file, begun, server=server)(scene)
            size = 512
            if self.read_options:
                size = int(dict(self.read_options).get(b"blksize", b"512"))
                known = [(n, str(len(body)).encode() if n == b"tsize" else v) for n, v in self.read_options]
                tftp_reply(b"\0\6" + b"".join(n + b"\0" + v + b"\0" for n, v in known), server)(scene)
                self._tftp(scene, struct.pack("!HH", 4, 0), server, None)
            for number, start in enumerate(range(0, len(body) + 1, size), 1):
                tftp_reply(struct.pack("!HH", 3, number) + body[start : start + size], server)(scene)
                self._tftp(scene, struct.pack("!HH", 4, number), server, None)

        return step

    def missing(self, file: str, at: float | None = None, *, server: str = "10.77.0.1") -> Step:
        """A request that is answered by ERROR 1."""

        def step(scene: Scene) -> None:
            first = self.probe_options or self.read_options
            self._rrq(file, first, at, server)(scene)
            tftp_reply(b"\0\5\0\1File not found\0", server)(scene)

        return step

    def http_get(
        self, path: str, at: float | None = None, *, server: str = "10.77.0.1", body: bytes = b"", agent: str = ""
    ) -> Step:
        """GET on a connection of its own, answered with 200."""
        content = body or b"content of " + path.encode()

        def step(scene: Scene) -> None:
            talk = scene.talk(self)
            talk.port += 1
            scene.speaker = self
            request = f"GET {path} HTTP/1.1\r\nHost: {server}\r\nUser-Agent: {agent}\r\n\r\n".encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            up, down = 1 + len(request), 1 + len(head) + len(content)
            for sent_up, flags, sequence, data in (
                (True, 0x02, 0, b""), (False, 0x12, 0, b""), (True, 0x10, 1, b""), (True, 0x18, 1, request),
                (False, 0x18, 1, head + content), (True, 0x11, up, b""), (False, 0x11, down, b""),
            ):  # fmt: skip
                self._segment(scene, at if flags == 0x02 else None, server, sent_up, flags, sequence, data)

        return step

    def syn(self, at: float | None = None, *, server: str = "10.77.0.1", again: bool = False) -> Step:
        def step(scene: Scene) -> None:
            scene.talk(self).port += not again
            self._segment(scene, at, server, True, 0x02, 0, b"")

        return step

    def reset(self, at: float | None = None, *, server: str = "10.77.0.1") -> Step:
        """The server's RST on the last SYN."""
        return lambda scene: self._segment(scene, at, server, False, 0x14, 0, b"")

    def arp(self, target: str, at: float | None = None) -> Step:
        def step(scene: Scene) -> None:
            scene.say(_arp(scene.clock(at), 1, self.mac, scene.talk(self).address, target))

        return step

    def _segment(
        self, scene: Scene, at: float | None, server: str, up: bool, flags: int, sequence: int, data: bytes
    ) -> None:
        talk = scene.talk(self)
        ports = (talk.port, 80) if up else (80, talk.port)
        head = struct.pack("!HHIIBBHHH", *ports, sequence, 1, 0x50, flags, 4096, 0, 0)
        macs = (self.mac, mac_of(server)) if up else (mac_of(server), self.mac)
        ends = (talk.address, server) if up else (server, talk.address)
        scene.say(Wire(scene.clock(at), *macs, *ends, *ports, head + data, protocol=TCP))

    def _rrq(
        self, file: str, options: Sequence[tuple[bytes, bytes]], at: float | None, server: str, again: bool = False
    ) -> Step:
        def step(scene: Scene) -> None:
            scene.talk(self).port += not again
            asked = b"".join(name + b"\0" + value + b"\0" for name, value in options)
            self._tftp(scene, b"\0\1" + file.encode() + b"\0octet\0" + asked, server, at, port=69)

        return step

    def _tftp(self, scene: Scene, payload: bytes, server: str, at: float | None, port: int = 40000) -> None:
        talk, scene.speaker = scene.talk(self), self
        scene.say(
            Wire(scene.clock(at), self.mac, mac_of(server), talk.address, server, talk.port, port, payload, ttl=self.ttl)
        )

    def _send(
        self,
        scene: Scene,
        at: float | None,
        kind: int,
        xid: int,
        *,
        first: Options = (),
        secs: int = 0,
        ciaddr: str = NOBODY,
        file: bytes = b"",
        target: Server | None = None,
        port: int = 67,
        source_port: int = 68,
    ) -> None:
        talk, scene.speaker = scene.talk(self), self
        talk.asked_from, talk.flags = source_port, self.flags
        options = [(53, bytes((kind,))), *first, *self.options] if kind else []
        own = talk.address if port == 4011 else ciaddr
        payload = build_message(
            options, op=1, chaddr=self.chaddr or self.mac, xid=xid, secs=secs, flags=self.flags,
            ciaddr=IPv4Address(ciaddr), file=file,
        )  # fmt: skip
        if not options:
            payload = payload[:236] + bytes(64)
        scene.say(
            Wire(
                scene.clock(at), self.mac, mac_of(target.ip) if target else BROADCAST, own,
                target.ip if target else "255.255.255.255", source_port, port, payload, ttl=self.ttl,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A DHCP server, a proxy, or both; answers whoever spoke last."""

    ip: str = "10.77.0.1"
    gives: str = "10.77.0.130"
    siaddr: str = "10.77.0.1"
    vendor_class: bytes = b""
    """Option 60 of its replies."""

    def offer(
        self, at: float | None = None, *, file: str = "", gives: str | None = None, field: bool = False,
        options: Options = (), to: Machine | None = None, xid: int | None = None, name: bool = True,
    ) -> Step:  # fmt: skip
        """An OFFER; `field` puts the file into the header, `name` False leaves option 54 out."""

        def step(scene: Scene) -> None:
            client = _client(scene, to)
            talk = scene.talk(client)
            address = self.gives if gives is None else gives
            talk.files[self.ip] = file.encode(), field
            number = talk.xid if xid is None else xid
            if address != NOBODY:
                talk.offers.append((self.ip, address, number))
            self._send(scene, client, at, 2, number, address, options, name=name)

        return step

    def ack(
        self, at: float | None = None, *, file: str | None = None, gives: str | None = None, field: bool = False,
        options: Options = (), to: Machine | None = None,
    ) -> Step:  # fmt: skip
        """An ACK with the boot file of the offer, unless given."""

        def step(scene: Scene) -> None:
            client = _client(scene, to)
            talk = scene.talk(client)
            if file is not None:
                talk.files[self.ip] = file.encode(), field
            mine = next((offer[1] for offer in reversed(talk.offers) if offer[0] == self.ip), self.gives)
            talk.address = mine if gives is None else gives
            self._send(scene, client, at, 5, talk.xid, talk.address, options)

        return step

    def proxy_ack(
        self, at: float | None = None, *, file: str = "", to: Machine | None = None, options: Options = ()
    ) -> Step:
        """The answer of port 4011, to the port that asked."""

        def step(scene: Scene) -> None:
            client = _client(scene, to)
            talk = scene.talk(client)
            talk.files[self.ip] = file.encode(), True
            self._send(scene, client, at, 5, talk.xid, NOBODY, options, port=4011)

        return step

    def nak(self, at: float | None = None, *, to: Machine | None = None) -> Step:
        def step(scene: Scene) -> None:
            client = _client(scene, to)
            scene.talk(client).offers.clear()
            self._send(scene, client, at, 6, scene.talk(client).xid, NOBODY, ())

        return step

    def bootreply(self, at: float | None = None, *, file: str = "", to: Machine | None = None) -> Step:
        """A BOOTP reply: no options."""

        def step(scene: Scene) -> None:
            client = _client(scene, to)
            talk = scene.talk(client)
            talk.files[self.ip], talk.address = (file.encode(), True), self.gives
            self._send(scene, client, at, 0, talk.xid, self.gives, ())

        return step

    def _send(
        self, scene: Scene, client: Machine, at: float | None, kind: int, xid: int, address: str, options: Options,
        *, port: int = 67, name: bool = True,
    ) -> None:  # fmt: skip
        talk = scene.talk(client)
        file, in_header = talk.files.get(self.ip, (b"", False))
        own: list[tuple[int, object]] = [(53, bytes((kind,)))]
        own += [(54, IPv4Address(self.ip).packed)] if name else []
        own += [(51, b"\0\0\x0e\x10")] if address != NOBODY else []
        own += [(60, self.vendor_class)] if self.vendor_class else []
        own += [(67, file)] if file and not in_header and kind in (2, 5) else []
        payload = build_message(
            [*own, *options] if kind else [], op=2, chaddr=client.chaddr or client.mac, xid=xid,
            flags=talk.flags, yiaddr=IPv4Address(address), siaddr=IPv4Address(self.siaddr),
            giaddr=IPv4Address(talk.relay), file=file if in_header else b"",
        )  # fmt: skip
        if not kind:
            payload = payload[:236] + bytes(64)
        unicast = not talk.flags & 0x8000 and (address != NOBODY or port == 4011)
        target = (talk.address if port == 4011 else address) if unicast else "255.255.255.255"
        source_mac, mac, to_port = mac_of(self.ip), client.mac if unicast else BROADCAST, 68
        if talk.relay != NOBODY and port == 67:
            target, mac, to_port = talk.relay, mac_of(talk.relay), 67
        if port == 4011:
            to_port = talk.asked_from
        scene.say(Wire(scene.clock(at), source_mac, mac, self.ip, target, port, to_port, payload))


@dataclass(frozen=True)
class Relay:
    """A relay agent: repeats the last frame on its other side (RFC 1542 section 4, RFC 3046)."""

    ip: str = "10.77.0.254"
    agent: bytes = b"\x01\x04port"
    """Sub-options of its option 82."""

    def forward(self, server: Server, at: float | None = None, *, of: int = -1) -> Step:
        """The client's frame (the last one, or `of` by index) on its way to the server."""

        def step(scene: Scene) -> None:
            heard = scene.wires[of]
            assert scene.speaker is not None
            scene.talk(scene.speaker).relay = self.ip
            payload = bytearray(heard.payload)
            payload[3] += 1
            payload[24:28] = IPv4Address(self.ip).packed
            end = payload.rindex(b"\xff")
            payload[end:] = bytes((82, len(self.agent))) + self.agent + b"\xff"
            scene.say(
                replace(
                    heard, at=scene.clock(at), source_mac=mac_of(self.ip), target_mac=mac_of(server.ip), source=self.ip,
                    target=server.ip, source_port=67, payload=bytes(payload), ident=0,
                )
            )  # fmt: skip

        return step

    def back(self, at: float | None = None) -> Step:
        """The server's frame on its way to the client, without the relay's own option 82."""

        def step(scene: Scene) -> None:
            heard, client = scene.wires[-1], scene.speaker
            assert client is not None
            own = encode_options([(82, self.agent)], end=False)
            payload = heard.payload.replace(own, b"").ljust(len(heard.payload), b"\0")
            scene.say(
                replace(
                    heard, at=scene.clock(at), source_mac=mac_of(self.ip), target_mac=BROADCAST, source=self.ip,
                    target="255.255.255.255", target_port=68, payload=payload, ident=0,
                )
            )  # fmt: skip

        return step

    @property
    def echo(self) -> tuple[tuple[int, bytes], ...]:
        """Option 82 as a server returns it."""
        return ((82, self.agent),)


def tftp_reply(payload: bytes, server: str = "10.77.0.1", at: float | None = None, port: int = 40000) -> Step:
    """A TFTP packet of the server to the client that asked last."""

    def step(scene: Scene) -> None:
        client = _client(scene, None)
        talk = scene.talk(client)
        scene.say(
            Wire(scene.clock(at), mac_of(server), client.mac, server, talk.address, port, talk.port, payload)
        )  # fmt: skip

    return step


def arp_reply(owner: str, asker: Machine, at: float | None = None) -> Step:
    def step(scene: Scene) -> None:
        wire = _arp(scene.clock(at), 2, mac_of(owner), owner, scene.talk(asker).address)
        scene.say(replace(wire, target_mac=asker.mac))

    return step


def port_unreachable(at: float | None = None) -> Step:
    """The server's ICMP answer to the last packet."""

    def step(scene: Scene) -> None:
        heard = scene.wires[-1]
        quoted = heard.bytes()[14:][:28]
        payload = struct.pack("!BBHI", 3, 3, 0, 0) + quoted
        ends = heard.target_mac, heard.source_mac, heard.target, heard.source
        scene.say(Wire(scene.clock(at), *ends, 0, 0, payload, protocol=ICMP))

    return step


def mirrored(said: Step, after: float = 20e-6, **changes: object) -> Step:
    """Each frame of `said` seen twice: by a mirror port, or with `changes` at another place."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        said(scene)
        seen = scene.wires[before:]
        scene.wires[before:] = [
            wire for first in seen for wire in (first, replace(first, at=first.at + after, **changes))  # type: ignore[arg-type]
        ]

    return step


def changed(said: Step, **changes: object) -> Step:
    """The frames of `said` with other addresses, tags or bytes."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        said(scene)
        scene.wires[before:] = [replace(wire, **changes) for wire in scene.wires[before:]]  # type: ignore[arg-type]

    return step


def unseen(*said: Step) -> Step:
    """Steps that happen without being captured."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        for one in said:
            one(scene)
        del scene.wires[before:]

    return step


def together(*said: Step) -> Step:
    """Several steps as one."""

    def step(scene: Scene) -> None:
        for one in said:
            one(scene)

    return step


def mac_of(ip: str) -> bytes:
    """The hardware address of the server with this address."""
    return b"\x02\x00" + ip_address(ip).packed[-4:]


def _arp(at: float, operation: int, mac: bytes, ip: str, target: str) -> Wire:
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + mac + IPv4Address(ip).packed
    body += bytes(6) + IPv4Address(target).packed
    return Wire(at, mac, BROADCAST, ip, target, 0, 0, b"", ether=b"\x08\x06" + body)


def _client(scene: Scene, to: Machine | None) -> Machine:
    client = to or scene.speaker
    assert client is not None, "nobody has spoken yet"
    return client


@dataclass
class Told:
    """The story of a conversation, as it stands at its last frame (or later, see `after`)."""

    wires: list[Wire]
    limits: Limits | None = None
    until: float | None = None

    def __post_init__(self) -> None:
        self.tracker = Tracker(self.limits)
        for batch in batches(self.wires):
            self.tracker.feed(batch)
        if self.until is not None:
            self.tracker.advance(nanoseconds(self.until))

    @property
    def story(self) -> Story:
        return self.tracker.story()

    @property
    def boots(self) -> list[Boot]:
        return list(self.story.boots)

    @property
    def others(self) -> list[OtherClient]:
        return list(self.story.others)

    @property
    def boot(self) -> Boot:
        """The only boot."""
        (boot,) = self.boots
        return boot

    @property
    def stage(self) -> Stage:
        """The only stage of the only boot."""
        (stage,) = self.boot.stages
        return stage

    @property
    def exchange(self) -> Exchange:
        """The only exchange of the only stage."""
        (exchange,) = self.stage.exchanges
        return exchange

    @property
    def transfers(self) -> list[Transfer]:
        return [transfer for boot in self.boots for stage in boot.stages for transfer in stage.transfers]

    @property
    def outcome(self) -> str:
        return str(self.boot.outcome)

    def after(self, second: float) -> Told:
        """The same conversation, when nothing more has come by `second`."""
        return Told(self.wires, self.limits, second)

    def first(self, count: int) -> Told:
        """The same conversation, cut after its first frames."""
        return Told(self.wires[:count], self.limits, self.until)


def tell(*steps: Step, limits: Limits | None = None, until: float | None = None) -> Told:
    """Say the steps in order and hear what the tracker makes of them; `until` is when the capture ends, in seconds."""
    scene = Scene()
    for step in steps:
        step(scene)
    return Told(scene.wires, limits, until)


def batches(wires: Sequence[Wire], size: int = 1000) -> Iterator[Batch]:
    """The frames as a reader yields them, numbered from 1 in each file."""
    numbers: dict[int, int] = {}
    for start in range(0, len(wires), size):
        part = wires[start : start + size]
        frames = [wire.bytes() for wire in part]
        refs = []
        for wire in part:
            numbers[wire.file] = numbers.get(wire.file, 0) + 1
            refs.append(frame_ref(wire.file, numbers[wire.file]))
        lengths = np.array([len(frame) for frame in frames], np.int32)
        yield Batch(
            buffer=np.frombuffer(b"".join(frames), np.uint8).copy(),
            ref=np.array(refs, np.int64),
            time=np.array([nanoseconds(wire.at) for wire in part], np.int64),
            offset=np.cumsum(lengths.astype(np.int64)) - lengths,
            captured=lengths,
            wire_length=lengths.copy(),
            link_type=np.ones(len(part), np.int32),
            interface=np.zeros(len(part), np.int32),
        )


def nanoseconds(second: float) -> int:
    """Capture time of a second of the scene."""
    return START + round(second * SECOND)


def seconds(time: int) -> float:
    """The second of the scene, of a time in the story."""
    return round((time - START) / SECOND, 6)


def kinds(boot: Boot) -> list[str]:
    """The boot's stages as words."""
    return [str(stage.kind) for stage in boot.stages]


def methods(boot: Boot) -> list[str]:
    """The boot's firmware methods as words."""
    return [str(stage.method) for stage in boot.stages]


def types(messages: Sequence[Message]) -> list[str]:
    """The messages as words."""
    return [message.type for message in messages]


def numbers(messages: Sequence[Message]) -> list[int]:
    """The messages as frame numbers."""
    return [frame_number(message.packet.frame) for message in messages]
