"""Servers whose leases are whole, so that nothing but their boot information is judged."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from tests.track.machines import Machine
from tests.track.scene import NOBODY, Options, Scene
from tests.track.servers import Server

MASK_OPTION = 1


@dataclass(frozen=True)
class Leasing(Server):
    """A DHCP server that sends a subnet mask with every address, unless told another (or none: empty)."""

    mask: str = "255.255.255.0"

    def _send(
        self, scene: Scene, client: Machine, at: float | None, kind: int, xid: int, address: str, options: Options,
        *, port: int = 67, name: bool = True,
    ) -> None:  # fmt: skip
        if self.mask and address != NOBODY and all(code != MASK_OPTION for code, _ in options):
            options = ((MASK_OPTION, IPv4Address(self.mask).packed), *options)
        super()._send(scene, client, at, kind, xid, address, options, port=port, name=name)


dnsmasq = Leasing()
kea = Leasing("10.77.0.2", gives="10.77.0.100", siaddr="10.77.0.2")
