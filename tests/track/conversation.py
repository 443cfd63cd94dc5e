"""Boot conversations that read like the protocol, told to a real `Tracker` as real frames.

    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x.efi", at=0.1), edk2.request(at=3.9), dnsmasq.ack())
    assert told.outcome == "in-progress"

Each step is said after the one before it (a hundredth of a second later, or `at` seconds from the start). Servers
answer the client that spoke last, or the one named by `to`. What a machine knows (its xid, its offers, its address) is
kept in the scene, so machines and servers are constants that any test may use (`programs`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pxedebug.track import Limits, Tracker
from pxedebug.track.story import Boot, Exchange, Message, OtherClient, Stage, Story, Transfer
from pxedebug.wire.batch import Batch, frame_number, frame_ref
from tests.track.machines import Machine
from tests.track.scene import ICMP, SECOND, START, Scene, Step, Wire, arp_wire, mac_of


def arp_reply(owner: str, asker: Machine, at: float | None = None) -> Step:
    def step(scene: Scene) -> None:
        wire = arp_wire(scene.clock(at), 2, mac_of(owner), owner, scene.talk(asker).address)
        scene.say(replace(wire, target_mac=asker.mac))

    return step


def port_unreachable(at: float | None = None) -> Step:
    """The server's ICMP answer to the last packet."""

    def step(scene: Scene) -> None:
        heard = scene.wires[-1]
        quoted = heard.encoded()[14:][:28]
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
            wire
            for first in seen
            for wire in (first, replace(first, at=first.at + after, **changes))  # type: ignore[arg-type]
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


@dataclass
class Told:
    """The story of a conversation, as it stands at its last frame (or later, see `after`)."""

    wires: list[Wire]
    limits: Limits | None = None
    until: float | None = None
    size: int = 1000
    """Frames of a batch."""

    def __post_init__(self) -> None:
        self.tracker = Tracker(self.limits)
        for batch in batches(self.wires, self.size):
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
        frames = [wire.encoded() for wire in part]
        refs = []
        for wire in part:
            numbers[wire.file] = numbers.get(wire.file, 0) + 1
            refs.append(frame_ref(wire.file, numbers[wire.file]))
        whole = np.array([len(frame) for frame in frames], np.int32)
        frames = [frame[: wire.snap] for wire, frame in zip(part, frames, strict=True)]
        lengths = np.array([len(frame) for frame in frames], np.int32)
        yield Batch(
            buffer=np.frombuffer(b"".join(frames), np.uint8).copy(),
            ref=np.array(refs, np.int64),
            time=np.array([nanoseconds(wire.at) for wire in part], np.int64),
            offset=np.cumsum(lengths.astype(np.int64)) - lengths,
            captured=lengths,
            wire_length=whole,
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
