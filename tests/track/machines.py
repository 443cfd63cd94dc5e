"""A program on a machine, and what it says: DHCP, BOOTP, TFTP, HTTP, ARP."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from pxedebug.wire.dhcp import build_message
from tests.track.scene import BROADCAST, NOBODY, TCP, Options, Scene, Step, Talk, Wire, arp_wire, client_of, mac_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.track.servers import Server


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
    file: bytes = b""
    """The file that it asks for in its own messages (U-Boot)."""
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

    def acknowledge(self, block: int, at: float | None = None, *, server: str = "10.77.0.1") -> Step:
        return lambda scene: self._tftp(scene, struct.pack("!HH", 4, block), server, at)

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

    def arp(self, target: str, at: float | None = None, *, sender: str | None = None) -> Step:
        def step(scene: Scene) -> None:
            scene.say(arp_wire(scene.clock(at), 1, self.mac, sender or scene.talk(self).address, target))

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
            Wire(
                scene.clock(at), self.mac, mac_of(server), talk.address, server, talk.port, port, payload, ttl=self.ttl
            )
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
            ciaddr=IPv4Address(ciaddr), file=file or self.file,
        )  # fmt: skip
        if not options:
            payload = payload[:236] + bytes(64)
        scene.say(
            Wire(
                scene.clock(at), self.mac, mac_of(target.ip) if target else BROADCAST, own,
                target.ip if target else "255.255.255.255", source_port, port, payload, ttl=self.ttl,
            )
        )  # fmt: skip


def tftp_reply(payload: bytes, server: str = "10.77.0.1", at: float | None = None, port: int = 40000) -> Step:
    """A TFTP packet of the server to the client that asked last."""

    def step(scene: Scene) -> None:
        client = client_of(scene, None)
        talk = scene.talk(client)
        scene.say(
            Wire(scene.clock(at), mac_of(server), client.mac, server, talk.address, port, talk.port, payload)
        )  # fmt: skip

    return step
