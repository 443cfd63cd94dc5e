"""Pieces of conversations about DHCP addressing."""

from __future__ import annotations

from tests.track.conversation import together
from tests.track.machines import Machine
from tests.track.programs import relay
from tests.track.scene import Scene, Step
from tests.track.servers import Server

EDK2_TRIES = (0.0, 3.9, 11.9, 27.9)
IPXE_TRIES = (0.0, 1.0, 3.0, 7.1)
U_BOOT_TRIES = (0.0, 0.25, 0.75, 1.75, *(3.75 + 2.0 * n for n in range(13)))


def asks(machine: Machine, *times: float, after: float = 0.0) -> Step:
    """DISCOVERs at these seconds, `after` added."""
    return together(*(machine.discover(at=after + time) for time in times))


def offered(machine: Machine, server: Server, *times: float, file: str = "x.efi", wait: float = 0.01) -> Step:
    """DISCOVERs at these seconds, each answered by an OFFER after `wait`."""
    return together(
        *(step for time in times for step in (machine.discover(at=time), server.offer(at=time + wait, file=file)))
    )


def leased(machine: Machine, server: Server, at: float, *, file: str = "", wait: float = 3.9) -> Step:
    """A whole exchange: DISCOVER, OFFER, REQUEST after `wait`, ACK."""
    return together(machine.discover(at=at), server.offer(file=file), machine.request(at=at + wait), server.ack())


def upstream(said: Step, server: Server) -> Step:
    """What a client says, as the relay sends it on and seen there only."""

    def step(scene: Scene) -> None:
        said(scene)
        relay.forward(server)(scene)
        del scene.wires[-2]

    return step
