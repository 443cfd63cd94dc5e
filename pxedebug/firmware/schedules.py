"""How often each program sends, and when it gives up: the clocks that turn silence into a verdict.

Times are seconds after the first send of a phase, from the PXE 2.1 specification, the programs' sources and, where
both were at hand, recordings of real firmware (TCG machines: some 10 ms of wobble). The interface counts in integer
nanoseconds, as captures do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from pxedebug.firmware.programs import Program

__all__ = [
    "Phase", "Schedule", "UNKNOWN_SCHEDULE", "exhausted", "gives_up_after_ns", "next_action_ns", "schedule",
]  # fmt: skip

_SECOND_NS = 1_000_000_000
_UNKNOWN_SENDS = 3
_UNKNOWN_SPAN_NS = 10 * _SECOND_NS


class Phase(StrEnum):
    """What is being repeated until an answer comes."""

    DISCOVER = "discover"
    """DHCPDISCOVER, or a BOOTP request."""
    REQUEST = "request"
    """DHCPREQUEST to port 67."""
    PROXY = "proxy"
    """DHCPREQUEST to port 4011 of a server that made an offer."""
    BOOT_SERVER = "boot-server"
    """PXE boot server discovery: the same with a boot item (43.71), unicast, multicast or broadcast."""
    SOLICIT = "solicit"
    """DHCPv6 SOLICIT."""
    TFTP_REQUEST = "tftp-request"
    """The same read or write request from the same port."""
    TFTP_ACK = "tftp-ack"
    """The same ACK, inside a transfer."""
    ARP = "arp"
    """ARP requests for one address."""
    TCP_CONNECT = "tcp-connect"
    """SYN of one connection."""


class Schedule(NamedTuple):
    """Sends of one phase and its end, in seconds after the first send."""

    sends: tuple[float, ...]
    """Times of all sends, the first at 0; empty where the number is not known."""
    gives_up: float | None
    """When the program stops waiting; None where not known."""


def _steps(*gaps: float) -> tuple[float, ...]:
    """Times of sends from the gaps between them."""
    times = [0.0]
    for gap in gaps:
        times.append(round(times[-1] + gap, 3))
    return tuple(times)


UNKNOWN_SCHEDULE = Schedule((), None)
"""A program whose clock is not known: `exhausted` wants three sends over ten seconds."""

_PXE_DISCOVER = Schedule((0, 4, 12, 28), 60)
"""Waits of 4, 8, 16 and 32 s (PXE 2.1 section 2.2.3); both Intel's ROM and EDK2."""
_PXE_REQUEST = Schedule((0, 1, 3, 6), 10)
"""Waits of 1, 2, 3 and 4 s; EDK2's PXEBC_BOOT_REQUEST_RETRIES."""
_IPXE_BACKOFF = Schedule((0, 0.25, 0.8, 1.85, 3.9, 8), 16)
"""Doubling from 0.25 s, stretched by the timer's tick [measured]."""
_GRUB_DHCP = Schedule((0, 0.2, 0.6, 1.4, 3.0, 6.2), 12.6)
_PXELINUX_TICKS = (
    2, 2, 3, 3, 4, 5, 6, 7, 9, 10, 12, 15, 18, 21, 26, 31, 37, 44, 53, 64, 77, 92, 110, 132, 159, 191, 229,
    255, 255, 255, 255,
)  # fmt: skip
"""Waits in BIOS ticks of 1/18.2 s (syslinux core/fs/pxe)."""
_PXELINUX_TFTP = Schedule(_steps(*(ticks / 18.2 for ticks in _PXELINUX_TICKS[:-1])), 131)
_GRUB_TRIES = 40
_GRUB_TFTP = Schedule(_steps(*(0.4 + 0.02 * n for n in range(_GRUB_TRIES - 1))), 31.6)
_EDK2_TFTP = Schedule((0, 4, 8, 12, 16, 20), 24)
_EDK2_SOLICIT = Schedule((0, 4.5, 13.5, 30.5), 60)
"""IRT 4, MRT 32, MRC 4, MRD 60 with RFC 8415's randomisation."""
_U_BOOT_TFTP = Schedule(tuple(5.0 * n for n in range(11)), 55)
_U_BOOT_DISCOVER = Schedule((0, 0.25, 0.75, 1.75, *(3.75 + 2.0 * n for n in range(13))), 30)
_INTEL_TFTP = Schedule((), 60)
"""Only its give-up time is known, and that from memory."""
_EDK2_ARP = Schedule(tuple(4.0 * n + step for n in range(6) for step in (0, 0.5, 1.0)), 24)
_EDK2_TCP = Schedule((), 75)

_SCHEDULES: dict[tuple[Program, Phase], Schedule] = {
    (Program.INTEL_ROM, Phase.DISCOVER): _PXE_DISCOVER,
    (Program.INTEL_ROM, Phase.REQUEST): _PXE_REQUEST,
    (Program.INTEL_ROM, Phase.PROXY): _PXE_REQUEST,
    (Program.INTEL_ROM, Phase.BOOT_SERVER): _PXE_REQUEST,
    (Program.INTEL_ROM, Phase.TFTP_REQUEST): _INTEL_TFTP,
    (Program.INTEL_ROM, Phase.TFTP_ACK): _INTEL_TFTP,
    (Program.EDK2, Phase.DISCOVER): _PXE_DISCOVER,
    (Program.EDK2, Phase.REQUEST): _PXE_DISCOVER,
    (Program.EDK2, Phase.PROXY): _PXE_REQUEST,
    (Program.EDK2, Phase.BOOT_SERVER): _PXE_REQUEST,
    (Program.EDK2, Phase.SOLICIT): _EDK2_SOLICIT,
    (Program.EDK2, Phase.TFTP_REQUEST): _EDK2_TFTP,
    (Program.EDK2, Phase.TFTP_ACK): _EDK2_TFTP,
    (Program.EDK2, Phase.ARP): _EDK2_ARP,
    (Program.EDK2_HTTP, Phase.DISCOVER): _PXE_DISCOVER,
    (Program.EDK2_HTTP, Phase.REQUEST): _PXE_DISCOVER,
    (Program.EDK2_HTTP, Phase.SOLICIT): _EDK2_SOLICIT,
    (Program.EDK2_HTTP, Phase.TCP_CONNECT): _EDK2_TCP,
    (Program.IPXE, Phase.DISCOVER): Schedule((0, 1, 3, 7), 16),
    (Program.IPXE, Phase.REQUEST): _IPXE_BACKOFF,
    (Program.IPXE, Phase.PROXY): Schedule((0, 0.25, 0.75, 1.75), 3.75),
    (Program.IPXE, Phase.BOOT_SERVER): Schedule((0, 1), 3),
    (Program.IPXE, Phase.SOLICIT): Schedule((0, 0.25, 0.75, 1.75, 3.75, 7.75), 15.75),
    (Program.IPXE, Phase.TFTP_REQUEST): _IPXE_BACKOFF,
    (Program.IPXE, Phase.TFTP_ACK): _IPXE_BACKOFF,
    # Five tries that end after 3.9 s, and five more when the request on top of them is tried again.
    (Program.IPXE, Phase.ARP): Schedule((0, 0.13, 0.41, 0.96, 2.0, 7.93, 8.1, 8.37, 8.92, 9.97), 15.75),
    (Program.IPXE, Phase.TCP_CONNECT): Schedule((0, 0.25, 0.75, 1.75, 3.75, 7.75), 15.75),
    (Program.PXELINUX, Phase.TFTP_REQUEST): _PXELINUX_TFTP,
    (Program.PXELINUX, Phase.TFTP_ACK): _PXELINUX_TFTP,
    (Program.GRUB, Phase.DISCOVER): _GRUB_DHCP,
    (Program.GRUB, Phase.REQUEST): _GRUB_DHCP,
    (Program.GRUB, Phase.SOLICIT): Schedule((0, 0.2, 0.6, 1.4, 3.0, 6.2), 25),
    (Program.GRUB, Phase.TFTP_REQUEST): _GRUB_TFTP,
    (Program.GRUB, Phase.TFTP_ACK): _GRUB_TFTP,
    (Program.GRUB, Phase.ARP): _GRUB_TFTP,
    (Program.U_BOOT, Phase.DISCOVER): _U_BOOT_DISCOVER,
    # One REQUEST; after 5 s without an ACK it starts over with DISCOVER, until its 30 s are over.
    (Program.U_BOOT, Phase.REQUEST): Schedule((), 30),
    (Program.U_BOOT, Phase.TFTP_REQUEST): _U_BOOT_TFTP,
    (Program.U_BOOT, Phase.TFTP_ACK): _U_BOOT_TFTP,
    (Program.U_BOOT, Phase.ARP): Schedule((0, 5, 10, 15, 20), 25),
}


def schedule(program: Program, phase: Phase) -> Schedule:
    """The clock of a program in a phase; `UNKNOWN_SCHEDULE` where none is known."""
    return _SCHEDULES.get((program, phase), UNKNOWN_SCHEDULE)


def gives_up_after_ns(plan: Schedule) -> int | None:
    """Nanoseconds from the first send to the end of waiting; None where not known."""
    return None if plan.gives_up is None else round(plan.gives_up * _SECOND_NS)


def next_action_ns(plan: Schedule, sent: int) -> int | None:
    """When the program acts next after `sent` sends, in nanoseconds after the first: it sends again or gives up.

    None where the schedule does not tell.
    """
    if sent < len(plan.sends):
        return round(plan.sends[sent] * _SECOND_NS)
    return gives_up_after_ns(plan)


def exhausted(plan: Schedule, sends: Sequence[int], now: int) -> bool:
    """Whether silence is proved: every send of the schedule was seen, or its end has passed.

    `sends` are the times of the unanswered sends, oldest first, and `now` is the time that the capture has reached,
    all in nanoseconds. The full count suffices by itself, because recordings tend to stop right after the last send.
    Without a known schedule it takes three sends over ten seconds. That a client has moved on to its next boot option
    proves as much, but only the tracker sees it.
    """
    if not sends:
        return False
    if plan == UNKNOWN_SCHEDULE:
        return len(sends) >= _UNKNOWN_SENDS and sends[-1] - sends[0] >= _UNKNOWN_SPAN_NS
    if plan.sends and len(sends) >= len(plan.sends):
        return True
    end = gives_up_after_ns(plan)
    return end is not None and now - sends[0] >= end
