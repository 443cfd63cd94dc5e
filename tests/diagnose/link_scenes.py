"""What a switch says on its ports: spanning tree, LACP, 802.1X, LLDP; and frames said in the order of their times."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from tests.track.conversation import together
from tests.track.machines import Machine
from tests.track.scene import BROADCAST, Scene, Step, Wire, arp_wire, mac_of

SWITCH = bytes.fromhex("001c5754dd80")
NEIGHBOUR = "10.77.0.77"
_BRIDGE = b"\x80\x01" + SWITCH
DISCARDING, LEARNING, FORWARDING = 0x0E, 0x1E, 0x3C
"""Flags of a designated port in RSTP (IEEE 802.1Q-2018 clause 14.2.8)."""


def in_time(*steps: Step) -> Step:
    """Several runs of frames as one, in the order of their times."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        for one in steps:
            one(scene)
        scene.wires[before:] = sorted(scene.wires[before:], key=lambda wire: wire.at)
        scene.now = max(wire.at for wire in scene.wires)

    return step


def frame(at: float, target: str, ether: bytes, file: int = 0) -> Step:
    def step(scene: Scene) -> None:
        to = bytes.fromhex(target)
        scene.say(Wire(scene.clock(at), SWITCH, to, "", "", 0, 0, b"", ether=ether.ljust(48, b"\0"), file=file))

    return step


def bpdu(at: float, flags: int | None = None, port: int = 0x8002, file: int = 0) -> Step:
    """A configuration BPDU; with `flags` one of RSTP."""
    head = b"\0\0\0\0\0" if flags is None else bytes((0, 0, 2, 2, flags))
    data = head + _BRIDGE + bytes(4) + _BRIDGE + port.to_bytes(2, "big") + bytes.fromhex("0000140002000f00")
    body = b"\x42\x42\x03" + data
    return frame(at, "0180c2000000", len(body).to_bytes(2, "big") + body, file)


def bpdus(start: float, end: float, flags: int | None = None, *, port: int = 0x8002, file: int = 0) -> Step:
    """One every two seconds (IEEE 802.1Q hello time)."""
    return together(*(bpdu(start + 2 * number, flags, port, file) for number in range(int((end - start) / 2) + 1)))


def lacpdu(
    at: float, *, actor: int = 0x05, partner: bytes = bytes(6), partner_state: int = 0, system: bytes = SWITCH
) -> Step:  # fmt: skip
    """A LACPDU; the actor's state is active and aggregatable unless given."""
    ours = b"\x80\0" + system + b"\0\x0d\x80\0\0\7" + bytes((actor,)) + bytes(3)
    theirs = b"\xff\xff" + partner + b"\0\0\0\xff\0\0" + bytes((partner_state,)) + bytes(3)
    return frame(at, "0180c2000002", b"\x88\x09\1\1\1\x14" + ours + b"\2\x14" + theirs + b"\3\x10" + bytes(66))


def eap(at: float, code: int = 1, kind: int | None = 1) -> Step:
    """An EAP packet in EAPOL: request for an identity unless said otherwise; success and failure have no `kind`."""
    body = bytes((code, 7)) + (5 if kind else 4).to_bytes(2, "big") + (bytes((kind,)) if kind else b"")
    return frame(at, "0180c2000003", b"\x88\x8e\1\0" + len(body).to_bytes(2, "big") + body)


def lldp(at: float, port: str = "Gi1/0/7", system: str = "sw1", vlan: int = 0) -> Step:
    """What a port tells of itself; `vlan` 0 is none (IEEE 802.1Q annex D)."""

    def tlv(kind: int, value: bytes) -> bytes:
        return (kind << 9 | len(value)).to_bytes(2, "big") + value

    told = tlv(1, b"\4" + SWITCH) + tlv(2, b"\5" + port.encode()) + tlv(3, b"\0\x78") + tlv(5, system.encode())
    told += tlv(127, b"\x00\x80\xc2\x01" + vlan.to_bytes(2, "big"))
    return frame(at, "0180c200000e", b"\x88\xcc" + told)


def neighbour(at: float, file: int = 0) -> Step:
    """Some other host looks for somebody: an ordinary frame out of the port."""

    def step(scene: Scene) -> None:
        wire = arp_wire(scene.clock(at), 1, mac_of(NEIGHBOUR), NEIGHBOUR, "10.77.0.78")
        wire.target_mac, wire.file = BROADCAST, file
        scene.say(wire)

    return step


def claim(ip: str, mac: str, asker: Machine, at: float | None = None) -> Step:
    """An ARP reply in which the machine with this MAC says that it has the address."""

    def step(scene: Scene) -> None:
        owner = bytes.fromhex(mac.replace(":", ""))
        wire = arp_wire(scene.clock(at), 2, owner, ip, scene.talk(asker).address)
        assert wire.ether is not None
        to = asker.mac
        scene.say(replace(wire, target_mac=to, ether=wire.ether[:20] + to + wire.ether[26:]))

    return step


def announcement(ip: str, mac: str, at: float | None = None) -> Step:
    """A gratuitous ARP request (RFC 5227 section 3)."""

    def step(scene: Scene) -> None:
        scene.say(arp_wire(scene.clock(at), 1, bytes.fromhex(mac.replace(":", "")), ip, ip))

    return step


def declining(machine: Machine, at: float | None = None, *, text: bytes = b"", address: str | None = None) -> Step:
    """A DECLINE of the address that the machine has, or of `address`, which may be no address at all."""

    def step(scene: Scene) -> None:
        given = scene.talk(machine).address if address is None else address
        asked = IPv4Address(given).packed if "." in given else given.encode()
        options = [(50, asked), (54, b"\x0a\x4d\0\1"), *([(56, text)] if text else [])]
        machine.saying(options=())._send(scene, at, 4, scene.talk(machine).xid, first=options)

    return step
