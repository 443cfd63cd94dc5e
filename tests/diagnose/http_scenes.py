"""HTTP boot on the wire: a TCP connection whose every method is one segment, and UEFI HTTP boot up to its lease.

web = Connection(edk2_http)
tell(leased(), web.open(), web.ask("HEAD", "/x.efi"), web.answer(404, "Not Found"))
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import ip_address

from tests.track.conversation import together
from tests.track.machines import Machine
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import TCP, Options, Scene, Step, Wire, mac_of
from tests.track.servers import Server

__all__ = [
    "AGENT", "BOOT_URL", "Connection", "chained", "client_hello", "dns_message", "http_server", "leased", "query",
    "resolved",
]  # fmt: skip

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
SERVER = "10.77.0.1"
BOOT_URL = f"http://{SERVER}/boot/snponly.efi"
AGENT = "UefiHttpBoot/1.0"
_WINDOW = 4096

_MASK = (1, bytes((255, 255, 255, 0)))

http_server = Server(vendor_class=b"HTTPClient")
_dhcp = Server()


def leased(url: str = BOOT_URL, at: float = 0, options: Options = ()) -> Step:
    """UEFI HTTP boot gets its address and the URL, in four seconds and four frames."""
    return together(
        edk2_http.afresh(at=at),
        http_server.offer(at=at + 0.1, file=url, options=(_MASK, *options)),
        edk2_http.request(at=at + 3.9),
        http_server.ack(at=at + 4, file=url, options=(_MASK, *options)),
    )


def chained(url: str = f"http://{SERVER}/boot.ipxe", at: float = 0) -> Step:
    """An iPXE ROM gets its address and the URL of a script, in three seconds and six frames."""
    return together(
        ipxe.afresh(at=at), _dhcp.offer(at=at + 0.1, file=url, options=(_MASK,)), ipxe.discover(at=at + 1),
        _dhcp.offer(at=at + 1.1, file=url, options=(_MASK,)), ipxe.request(at=at + 2.9),
        _dhcp.ack(at=at + 3, file=url, options=(_MASK,)),
    )  # fmt: skip


class Connection:
    """One TCP connection of a client; each object is said once, in order."""

    def __init__(self, client: Machine, server: str = SERVER, port: int = 80, agent: str = AGENT) -> None:
        self.client, self.server, self.port, self.agent = client, server, port, agent
        self._from = 0
        self._up, self._down = 1000, 5000

    def syn(self, at: float | None = None) -> Step:
        """The SYN, or the same again."""

        def step(scene: Scene) -> None:
            if not self._from:
                scene.talk(self.client).port += 1
                self._from = scene.talk(self.client).port
            self._up = 1000
            self._say(scene, at, True, SYN, b"")

        return step

    def syn_ack(self, at: float | None = None) -> Step:
        return self._server(at, SYN | ACK)

    def open(self, at: float | None = None) -> Step:
        """The three segments of the handshake."""
        return together(self.syn(at), self.syn_ack(), self.ack())

    def ack(self, at: float | None = None, *, window: int = _WINDOW) -> Step:
        return lambda scene: self._say(scene, at, True, ACK, b"", window=window)

    def ask(self, method: str, path: str, *headers: str, at: float | None = None, host: str = "") -> Step:
        """A request head."""
        lines = (f"{method} {path} HTTP/1.1", f"Host: {host or self.server}", f"User-Agent: {self.agent}", *headers)
        return self.send("\r\n".join([*lines, "", ""]).encode(), at)

    def send(self, data: bytes, at: float | None = None) -> Step:
        """Bytes of the client."""
        return lambda scene: self._say(scene, at, True, PSH | ACK, data)

    def answer(
        self, status: int, reason: str, *headers: str, length: int | None = None, body: bytes = b"",
        at: float | None = None,
    ) -> Step:  # fmt: skip
        """A response head with the first bytes of its body."""
        size = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status} {reason}", *([f"Content-Length: {size}"] if size >= 0 else []), *headers]
        return self.data("\r\n".join([*lines, "", ""]).encode() + body, at)

    def data(self, data: bytes, at: float | None = None) -> Step:
        """Bytes of the server."""
        return self._server(at, PSH | ACK, data)

    def data_again(self, data: bytes, at: float | None = None) -> Step:
        """The server's last bytes, which were `data`, once more."""

        def step(scene: Scene) -> None:
            self._down -= len(data)
            self._say(scene, at, False, PSH | ACK, data)

        return step

    def fin(self, at: float | None = None) -> Step:
        return self._server(at, FIN | ACK)

    def rst(self, at: float | None = None) -> Step:
        return self._server(at, RST | ACK)

    def client_fin(self, at: float | None = None) -> Step:
        return lambda scene: self._say(scene, at, True, FIN | ACK, b"")

    def client_rst(self, at: float | None = None) -> Step:
        return lambda scene: self._say(scene, at, True, RST, b"")

    def fetch(self, path: str, body: bytes, *headers: str, at: float | None = None) -> Step:
        """A whole file by GET on this connection."""
        return together(
            self.open(at), self.ask("GET", path), self.answer(200, "OK", *headers, body=body), self.ack(),
            self.client_fin(), self.fin(),
        )  # fmt: skip

    def _server(self, at: float | None, flags: int, data: bytes = b"") -> Step:
        return lambda scene: self._say(scene, at, False, flags, data)

    def _say(self, scene: Scene, at: float | None, up: bool, flags: int, data: bytes, window: int = _WINDOW) -> None:
        talk = scene.talk(self.client)
        if up:
            scene.speaker = self.client
        ports = (self._from, self.port) if up else (self.port, self._from)
        numbers = (self._up, self._down) if up else (self._down, self._up)
        head = struct.pack("!HHIIBBHHH", *ports, *numbers, 0x50, flags, window, 0, 0)
        macs = (self.client.mac, mac_of(self.server)) if up else (mac_of(self.server), self.client.mac)
        ends = (talk.address, self.server) if up else (self.server, talk.address)
        scene.say(Wire(scene.clock(at), *macs, *ends, *ports, head + data, protocol=TCP))
        moved = len(data) + bool(flags & (SYN | FIN))
        if up:
            self._up += moved
        else:
            self._down += moved


def client_hello(host: bytes = b"", version: int = 0x0303) -> bytes:
    """A ClientHello record with one cipher suite and, with `host`, the extension server_name."""
    names = b"\0" + struct.pack("!H", len(host)) + host
    extension = struct.pack("!HHH", 0, len(names) + 2, len(names)) + names if host else b""
    body = struct.pack("!H", version) + bytes(32) + b"\0" + b"\0\2\xc0\x2f" + b"\1\0"
    body += struct.pack("!H", len(extension)) + extension
    return b"\x16\x03\x01" + struct.pack("!H", len(body) + 4) + b"\1" + len(body).to_bytes(3, "big") + body


def dns_message(
    host: bytes, *, kind: int = 1, ident: int = 7, response: bool = False, rcode: int = 0, addresses: Sequence[str] = ()
) -> bytes:
    """A DNS query for `host`, or its answer."""
    labels = b"".join(bytes((len(label),)) + label for label in host.split(b".")) + b"\0"
    flags = 0x8180 | rcode if response else 0x0100
    records = b""
    for one in addresses:
        packed = ip_address(one).packed
        records += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(packed)) + packed
    return struct.pack("!6H", ident, flags, 1, len(addresses), 0, 0) + labels + struct.pack("!HH", kind, 1) + records


def query(client: Machine, host: bytes, at: float | None = None, *, server: str = SERVER, ident: int = 7) -> Step:
    """A client asks for the address of `host`."""
    return _dns(client, at, server, True, dns_message(host, ident=ident))


def resolved(
    client: Machine, host: bytes, *addresses: str, at: float | None = None, rcode: int = 0, server: str = SERVER,
    ident: int = 7,
) -> Step:  # fmt: skip
    """The name server's answer."""
    payload = dns_message(host, ident=ident, response=True, rcode=rcode, addresses=addresses)
    return _dns(client, at, server, False, payload)


def _dns(client: Machine, at: float | None, server: str, up: bool, payload: bytes) -> Step:
    def step(scene: Scene) -> None:
        ends = (client.mac, mac_of(server), scene.talk(client).address, server, 4096, 53)
        if not up:
            ends = (ends[1], ends[0], ends[3], ends[2], ends[5], ends[4])
        scene.say(Wire(scene.clock(at), *ends, payload))

    return step
