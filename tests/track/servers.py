"""DHCP servers, proxies and relays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from pxedebug.wire.dhcp import build_message, encode_options
from tests.track.scene import BROADCAST, NOBODY, Options, Scene, Step, Wire, client_of, mac_of

if TYPE_CHECKING:
    from tests.track.machines import Machine


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
            client = client_of(scene, to)
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
            client = client_of(scene, to)
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
            client = client_of(scene, to)
            talk = scene.talk(client)
            talk.files[self.ip] = file.encode(), True
            self._send(scene, client, at, 5, talk.xid, NOBODY, options, port=4011)

        return step

    def nak(self, at: float | None = None, *, to: Machine | None = None) -> Step:
        def step(scene: Scene) -> None:
            client = client_of(scene, to)
            scene.talk(client).offers.clear()
            self._send(scene, client, at, 6, scene.talk(client).xid, NOBODY, ())

        return step

    def bootreply(self, at: float | None = None, *, file: str = "", to: Machine | None = None) -> Step:
        """A BOOTP reply: no options."""

        def step(scene: Scene) -> None:
            client = client_of(scene, to)
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
