"""Beginnings that the tests of proxyDHCP share: one server gives the address, another one the boot data."""

from __future__ import annotations

from tests.diagnose.second_stage_scenes import MASK
from tests.track.conversation import together
from tests.track.machines import Machine
from tests.track.programs import edk2, kea, proxy
from tests.track.scene import Step
from tests.track.servers import Server

stray = Server(vendor_class=b"PXEClient")
"""A DHCP server that says PXEClient though it has no boot service."""


def both_offer(client: Machine = edk2, file: str = "") -> Step:
    """Kea gives an address, the proxy says where to ask (`file` in the address offer), and the address is taken."""
    offer, ack = kea.offer(file=file, options=(MASK,)), kea.ack(options=(MASK,))
    return together(client.discover(at=0), offer, proxy.offer(), client.request(at=3.9, of=kea), ack)


def asks(client: Machine, server: Server, *times: float, item: bytes = b"") -> Step:
    """The same REQUEST to port 4011 at these times."""
    return together(*(client.ask_proxy(server, at=at, item=item, again=n > 0) for n, at in enumerate(times)))
