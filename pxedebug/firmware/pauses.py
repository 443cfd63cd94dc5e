"""How long programs pause between two steps of a boot: what is missing after that will not come.

Clocks of repeats are in `schedules`; these are the silences in between, by what the program does meanwhile. Times are
nanoseconds, each the longest that was measured or that the program's source allows, with room to spare.
"""

from __future__ import annotations

__all__ = [
    "AFTERMATH", "BCD", "FIRMWARE", "FIRST_WORDS", "IPV6_FILE", "IPV6_REFUSED", "IPV6_ROUTE", "IPXE", "NAME_SEARCH",
    "PASSED_OVER", "PROGRAM", "PROMPT", "RAM_DISK", "REFERRAL", "SIZE_PROBE", "UEFI_HTTP", "WEB_PROGRAM",
]  # fmt: skip

_SECOND_NS = 1_000_000_000

FIRMWARE = 5 * _SECOND_NS
"""From its ACK (or REPLY) until a ROM or EDK2 asks for its file, or shows its menu."""
IPXE = 16 * _SECOND_NS
"""From its ACK to iPXE's first request for a file, without router advertisements [measured]."""
PROGRAM = 20 * _SECOND_NS
"""From its ACK until any program that was loaded acts: iPXE's pause, and a script that begins it late."""
IPV6_FILE = 20 * _SECOND_NS
"""From its REPLY (DHCPv6) until EDK2 asks for its file: within 12 s [measured]."""
IPV6_ROUTE = 25 * _SECOND_NS
"""The same where no router advertises itself: ten seconds for a route, and what EDK2 needs to check its address for a
duplicate."""
IPV6_REFUSED = 20 * _SECOND_NS
"""From a server's refusal (DHCPv6) to another try."""
PROMPT = 20 * _SECOND_NS
"""At a prompt of firmware: after it nobody presses a key."""
REFERRAL = 10 * _SECOND_NS
"""From the order to ask another boot server until that one answers."""
SIZE_PROBE = 2 * _SECOND_NS
"""From EDK2's size probe to the request that reads, which it sends at once (B-01)."""
UEFI_HTTP = 5 * _SECOND_NS
"""UEFI's own timeout of an HTTP request; a client that follows a redirect asks at once."""
PASSED_OVER = 5 * _SECOND_NS
"""From a program's last block until it shows itself or is left: EDK2 goes on within 0.1 s of one that it refuses."""
WEB_PROGRAM = 10 * _SECOND_NS
"""The same for what came over HTTP: what runs has spoken by then as a rule, what is refused is left within
milliseconds."""
FIRST_WORDS = 30 * _SECOND_NS
"""From a program's last block to its own first packet: iPXE's comes after 2 s, others' within this time, if ever."""
AFTERMATH = 5 * _SECOND_NS
"""What a loader itself still says after the last block that it loaded: ICMP to a late server, ARP."""
NAME_SEARCH = 10 * _SECOND_NS
"""Between two names of a search: GRUB and PXELINUX take less than a second for all, a Raspberry Pi no longer."""
BCD = 30 * _SECOND_NS
"""Until Windows' boot manager has its boot configuration data; its own clock is not known."""
RAM_DISK = 60 * _SECOND_NS
"""Within the transfer of Windows' RAM disk; the same."""
