"""Packets of TFTP servers, routers and firewalls for conversations about transfers that go wrong.

told = tell(led("x.efi"), edk2.rrq("x.efi"), oack(blksize=1468), edk2.acknowledge(0), *blocks(edk2, 1, 3, 1468))
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import replace

from tests.track.conversation import together
from tests.track.machines import Machine, tftp_reply
from tests.track.programs import dnsmasq, edk2
from tests.track.scene import ICMP, Scene, Step, Wire, mac_of

__all__ = [
    "asked_again", "blocks", "data", "from_address", "icmp", "led", "oack", "refusal", "rrq", "split", "stops",
]  # fmt: skip

SERVER = "10.77.0.1"


def led(file: str, machine: Machine = edk2) -> Step:
    """A lease and a boot file; the request for it comes next, 4 seconds into the scene."""
    return together(machine.discover(at=0), dnsmasq.offer(file=file), machine.request(at=3.9), dnsmasq.ack())


def asked_again(machine: Machine, file: str, *at: float) -> Step:
    """The same request at these seconds, all from one port."""
    return together(*(machine.rrq(file, second, again=number > 0) for number, second in enumerate(at)))


def rrq(machine: Machine, file: str, at: float | None = None, **options: int | str) -> Step:
    """A request with these options instead of the program's own."""
    asked = tuple((name.encode(), str(value).encode()) for name, value in options.items())
    return machine.saying(read_options=asked).rrq(file, at)


def oack(at: float | None = None, *, port: int = 40000, **options: int | str) -> Step:
    words = b"".join(f"{name}\0{value}\0".encode() for name, value in options.items())
    return tftp_reply(b"\0\6" + words, at=at, port=port)


def data(block: int, size: int = 512, at: float | None = None, *, port: int = 40000, content: bytes = b"") -> Step:
    body = content or bytes([block % 251 + 1]) * size
    return tftp_reply(struct.pack("!HH", 3, block & 0xFFFF) + body, at=at, port=port)


def refusal(code: int, text: str, at: float | None = None) -> Step:
    """The server's ERROR."""
    return tftp_reply(struct.pack("!HH", 5, code) + text.encode() + b"\0", at=at)


def stops(machine: Machine, code: int, text: str, at: float | None = None) -> Step:
    """The client's ERROR."""

    def step(scene: Scene) -> None:
        machine._tftp(scene, struct.pack("!HH", 5, code) + text.encode() + b"\0", SERVER, at)

    return step


def blocks(machine: Machine, first: int, last: int, size: int = 512) -> Step:
    """DATA and ACK of each block."""
    pairs = ((data(block, size), machine.acknowledge(block & 0xFFFF)) for block in range(first, last + 1))
    return together(*(step for pair in pairs for step in pair))


def icmp(
    sender: str, kind: int = 3, code: int = 3, at: float | None = None, *, of: int = -1, mtu: int = 0, port: int = 0
) -> Step:
    """An ICMP error of `sender` to the one who sent the frame `of` (the latest); `port` changes the quoted target."""

    def step(scene: Scene) -> None:
        heard = scene.wires[of]
        heard = replace(heard, target_port=port or heard.target_port)
        payload = struct.pack("!BBHI", kind, code, 0, mtu) + heard.encoded()[14:][:28]
        ends = mac_of(sender), heard.source_mac, sender, heard.source
        scene.say(Wire(scene.clock(at), *ends, 0, 0, payload, protocol=ICMP))

    return step


def from_address(said: Step, address: str, mac: str | None = None) -> Step:
    """What `said` says comes from another address, or only from another MAC address (`mac` names its owner)."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        said(scene)
        scene.wires[before:] = [
            replace(wire, source=address, source_mac=mac_of(mac or address)) for wire in scene.wires[before:]
        ]

    return step


def split(said: Step, mtu: int = 1400, keep: Iterable[int] | None = None) -> Step:
    """The UDP datagrams of `said` in IP fragments; of each only those numbered in `keep` (all) are captured."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        said(scene)
        whole = scene.wires[before:]
        del scene.wires[before:]
        for wire in whole:
            packet = wire.encoded()[14:]
            head, body, size = packet[:20], packet[20:], (mtu - 20) // 8 * 8
            pieces = [body[start : start + size] for start in range(0, len(body), size)]
            for number, piece in enumerate(pieces):
                if keep is not None and number not in keep:
                    continue
                more = 0x2000 if number < len(pieces) - 1 else 0
                fields = struct.pack("!H", 20 + len(piece)) + head[4:6] + struct.pack("!H", more | number * size // 8)
                ether = b"\x08\x00" + head[:2] + fields + head[8:] + piece
                scene.wires.append(replace(wire, at=wire.at + number * 1e-5, ether=ether))

    return step
