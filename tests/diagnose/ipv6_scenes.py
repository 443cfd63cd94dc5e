"""EDK2 over IPv6 against servers that refuse, say too little or say it wrongly, and the routers of its link."""

from __future__ import annotations

import struct
from ipaddress import IPv6Address, IPv6Network

from tests.track.conversation import together
from tests.track.programs import MAC, Six
from tests.track.scene import Scene, Step, Wire, mac_of

ICMP6 = 58
ROUTER = "fe80::fe"
_ALL_NODES, _ALL_ROUTERS = "ff02::1", "ff02::2"


def status(code: int, text: bytes = b"") -> tuple[int, bytes]:
    return 13, struct.pack("!H", code) + text


class Boot6(Six):
    """The same machine, whose server also refuses and sends other options."""

    def refuse(
        self, at: float | None = None, *, xid: int = 0xC4E115, kind: int = 7, code: int = 2, text: bytes = b"",
        inside: tuple[int, bytes] | None = None,
    ) -> Step:  # fmt: skip
        """A REPLY (or ADVERTISE, 2) with a status and an association without address, with a status `inside` it."""
        within = b"" if inside is None else struct.pack("!HH", inside[0], len(inside[1])) + inside[1]
        association = 3, b"\xff\xdc\x74\x7f" + bytes(8) + within
        return self._server(kind, xid, at, ((2, self.server_duid), association, status(code, text)))

    def named(self, at: float | None = None, *, xid: int = 0xC3E115, url: bytes) -> Step:
        """The ADVERTISE of a server that names a file and has no addresses."""
        return self._server(2, xid, at, ((2, b"\0\3\0\1" + bytes(6)), (59, url)))

    def told(self, at: float | None = None, *, url: bytes, extra: tuple[tuple[int, bytes], ...]) -> Step:
        """A REPLY with more options."""
        return self._server(7, 0xC4E115, at, (*self._lease(url), *extra))


def leased(who: Six, url: bytes, *, advertised: bytes | None = None) -> Step:
    """The whole exchange that boots: from 0 to 5.01 s; `advertised` where the ADVERTISE names another URL."""
    told = url if advertised is None else advertised
    return together(who.solicit(at=0), who.advertise(url=told), who.request(at=5), who.reply(url=url))


def icmp6(at: float, mac: bytes, source: str, target: str, body: bytes) -> Step:
    to = b"\x33\x33" + IPv6Address(target).packed[-4:]
    return lambda scene: scene.say(
        Wire(scene.clock(at), mac, to, source, target, 0, 0, body, protocol=ICMP6, ttl=255)
    )  # fmt: skip


def router_solicitation(at: float, mac: bytes = MAC, source: str = "::") -> Step:
    """EDK2's has no source and no link address [measured]."""
    return icmp6(at, mac, source, _ALL_ROUTERS, b"\x85" + bytes(7))


def router_advertisement(at: float, *, managed: bool = True, lifetime: int = 1800, prefix: str = "") -> Step:
    """Of the link's only router, with an on-link `prefix`."""
    body = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0x80 * managed, lifetime, 0, 0)
    if prefix:
        network = IPv6Network(prefix)
        body += struct.pack("!BBBBIII", 3, 4, network.prefixlen, 0x80, 3600, 3600, 0) + network.network_address.packed
    return icmp6(at, mac_of(ROUTER), ROUTER, _ALL_NODES, body)


def duplicate_check(at: float, address: str, mac: bytes = MAC) -> Step:
    """A neighbour solicitation for the address that it is about to take."""
    target = IPv6Address(address).packed
    group = "ff02::1:ff" + target[-3:-2].hex() + ":" + target[-2:].hex()
    return icmp6(at, mac, "::", group, b"\x87" + bytes(7) + target)


def ordered(*steps: Step) -> Step:
    """In the order of their times."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        for one in steps:
            one(scene)
        scene.wires[before:] = sorted(scene.wires[before:], key=lambda wire: wire.at)
        scene.now = max(wire.at for wire in scene.wires)

    return step


class Ipxe6(Boot6):
    """iPXE, which says so in its user class (option 15)."""

    def __init__(self) -> None:
        super().__init__()
        self.boots = ((15, b"\0\4iPXE"), *self.boots)


boot6, boot6_http, ipxe6 = Boot6(), Boot6(http=True), Ipxe6()
