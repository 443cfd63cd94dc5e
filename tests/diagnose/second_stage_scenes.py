"""Beginnings that the tests of loaded programs share: firmware gets its lease and its first file."""

from __future__ import annotations

from tests.track.conversation import together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, pxelinux
from tests.track.scene import Step
from tests.wire.bootprogram.images import pe

UNSIGNED = pe().ljust(0x1400, b"\x90")
"""An EFI program for x64, whole, without a certificate table."""
SIGNED = pe(certificates=(0x1400, 0x200)).ljust(0x1600, b"\x90")
MASK = (1, bytes((255, 255, 255, 0)))
MAC_NAME = "01-52-54-00-77-00-20"


def leased(client: Machine, file: str) -> Step:
    """DISCOVER to ACK; dnsmasq names the file."""
    offer, ack = dnsmasq.offer(file=file, options=(MASK,)), dnsmasq.ack(options=(MASK,))
    return together(client.discover(at=0), offer, client.request(at=3.9), ack)


def bios(file: str = "pxelinux.0") -> Step:
    """A BIOS machine that has loaded `file`."""
    return together(leased(intel, file), intel.fetch(file))


def uefi(file: str = "snponly.efi", content: bytes = UNSIGNED) -> Step:
    """A UEFI machine that has loaded `file`."""
    return together(leased(edk2, file), edk2.fetch(file, content=content))


def search(loader: Machine, *names: str) -> Step:
    """Requests that the server refuses, one after the other."""
    return together(*(loader.missing(name) for name in names))


def pxelinux_search(folder: str = "") -> Step:
    """PXELINUX's whole search with every name missing: its MAC, its address digit by digit, `default`."""
    address = "0A4D0082"
    shorter = [address[:length] for length in range(8, 0, -1)]
    return search(pxelinux, *(f"{folder}pxelinux.cfg/{name}" for name in (MAC_NAME, *shorter, "default")))
