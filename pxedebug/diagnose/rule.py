"""What a rule is: words for people, and one pure function.

A rule lies in a file of its own, `rules/<section>/<id>.py`, as `RULE`; `builtin.builtin_rules` lists them all.
`pxedebug explain` prints what stands in it, so the words are written for the person at the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, Flag, IntEnum, auto
from string import Template
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pxedebug.diagnose.finding import Found, Severity
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Outcome

if TYPE_CHECKING:
    from pxedebug.diagnose.case import Case
    from pxedebug.diagnose.network import Network

__all__ = [
    "ANY", "BAD", "EDK2", "EDK2_HTTP", "EXAMPLES", "GRUB", "INTEL", "IPXE", "PXELINUX", "TROUBLED", "UEFI", "U_BOOT",
    "Check", "Product", "Reach", "Remedy", "Rule", "Screen", "Step", "advice",
]  # fmt: skip


class Step(IntEnum):
    """How far a boot was when the fault struck, in order: what decides among several findings."""

    LINK = 0
    DHCP = 1
    PROXYDHCP = 2
    BOOTSERVER = 3
    TFTP = 4
    HTTP = 5
    POST_NBP = 6
    """After the network bootstrap program was delivered."""

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")


class Reach(Flag):
    """How far an attempt came as a whole: with the outcome, the index by which rules are picked."""

    ASKING = auto()
    """No lease yet."""
    ADDRESSED = auto()
    """A lease, and no file asked for in the stage that came last."""
    FETCHING = auto()
    """A file asked for, none delivered whole in the stage that came last."""
    LOADED = auto()
    """At least one file was delivered to the stage that came last."""

    ANYWHERE = ASKING | ADDRESSED | FETCHING | LOADED
    LEASED = ADDRESSED | FETCHING | LOADED
    FILES = FETCHING | LOADED


TROUBLED = frozenset((Outcome.FAILED, Outcome.STALLED, Outcome.IN_PROGRESS, Outcome.INCONCLUSIVE))
"""Outcomes of attempts in which something may be wrong: what most rules look at."""
BAD = frozenset((Outcome.FAILED, Outcome.STALLED))
"""Outcomes of attempts that came to nothing."""
ANY = frozenset(Outcome)
"""For rules that have something to say of boots that work, too."""


class Product(Enum):
    """Whose configuration a remedy is written for."""

    ANY = ""
    DNSMASQ = "dnsmasq"
    KEA = "Kea"
    ISC_DHCPD = "ISC dhcpd"
    NFTABLES = "nftables"
    WINDOWS_DHCP = "Windows DHCP"
    WDS = "WDS"
    CONFIGMGR = "ConfigMgr"
    TFTPD_HPA = "tftpd-hpa"
    CISCO_IOS = "Cisco IOS"
    CISCO_NXOS = "Cisco NX-OS"
    CISCO_ASA = "Cisco ASA"
    ARISTA_EOS = "Arista EOS"
    DELL_OS10 = "Dell OS10"
    HPE = "HPE/Aruba"
    JUNIPER = "Juniper"
    OPENWRT = "OpenWrt"
    LINUX = "Linux"
    IPXE = "iPXE"
    GRUB = "GRUB"
    DOCKER = "Docker"
    OTHER = "other"

    @property
    def checked(self) -> bool:
        """The product's own checker reads these lines in the tests."""
        return self in (Product.DNSMASQ, Product.KEA, Product.ISC_DHCPD, Product.NFTABLES)


class Remedy(NamedTuple):
    """A configuration line (or a few, in order) of one product, or plain advice (`Product.ANY`).

    `$server`, `$file` and the other placeholders of `EXAMPLES` are filled in from what the capture shows. Lines of
    `Product.KEA` are members of the `Dhcp4` object, as JSON; of `Product.NFTABLES` they are commands of `nft -f`.
    """

    product: Product
    text: str
    note: str = ""
    """When or where it applies."""

    def filled(self, values: Mapping[str, str]) -> Remedy:
        """The same with `values` for the placeholders; `EXAMPLES` will do where there is no capture."""
        return self._replace(text=Template(self.text).safe_substitute(values))

    @property
    def where(self) -> str:
        """Whose configuration, and whether its own checker has read the line; empty for plain advice."""
        about = self.product.value
        return f"{about} (not verified)" if about and not self.product.checked else about

    def __str__(self) -> str:
        about = f"{self.where}: " if self.where else ""
        return f"{about}{self.text}{f' ({self.note})' if self.note else ''}"


def advice(*texts: str) -> tuple[Remedy, ...]:
    """Remedies in plain words."""
    return tuple(Remedy(Product.ANY, text) for text in texts)


class Screen(NamedTuple):
    """What the person at the machine reads, and which programs print it (none: any)."""

    text: str
    programs: frozenset[Program] = frozenset()


INTEL = frozenset((Program.INTEL_ROM, Program.UNKNOWN))
EDK2 = frozenset((Program.EDK2,))
EDK2_HTTP = frozenset((Program.EDK2_HTTP,))
UEFI = EDK2 | EDK2_HTTP
IPXE = frozenset((Program.IPXE,))
U_BOOT = frozenset((Program.U_BOOT,))
GRUB = frozenset((Program.GRUB,))
PXELINUX = frozenset((Program.PXELINUX,))

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "server": "10.0.0.5",
        "dhcp": "10.0.0.2",
        "proxy": "10.0.0.5",
        "router": "10.0.0.1",
        "file": "snponly.efi",
        "mac": "52:54:00:12:34:56",
        "mac_dashes": "52-54-00-12-34-56",
        "address": "10.0.0.50",
        "subnet": "10.0.0.0",
        "mask": "255.255.255.0",
        "prefix": "24",
        "url": "http://10.0.0.5/boot.ipxe",
        "server6": "2001:db8::5",
        "interface": "eth0",
        "arch": "7",
        "vlan": "20",
        "mtu": "1500",
        "blksize": "1468",
    }
)
"""What stands for the placeholders of remedies where there is no capture: in `pxedebug explain`, and for checkers."""

Check = Callable[["Case", "Network"], Iterator[Found]]


class Rule(NamedTuple):
    """One failure mode: what people read, when it is looked for, and the function that looks."""

    id: str
    """The catalogue's name; the file has the same with underscores."""
    title: str
    severity: Severity
    """Unless a `Found` says otherwise."""
    step: Step
    check: Check
    reach: Reach = Reach.ANYWHERE
    """Attempts it looks at: how far they came ..."""
    outcomes: frozenset[Outcome] = TROUBLED
    """... and how they ended."""
    screens: tuple[Screen, ...] = ()
    causes: tuple[str, ...] = ()
    """The most likely first."""
    remedies: tuple[Remedy, ...] = ()
    sources: tuple[str, ...] = ()
    """RFC and section, or the program's source file."""
    next_measurement: str | None = None
    """What to capture or try where the finding is not certain."""
