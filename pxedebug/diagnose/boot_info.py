"""Where a stage's boot information came from and what it says: the predicates of the rules in `rules/bootinfo`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import absent_for_good, is_firmware, quiet_for
from pxedebug.diagnose.network import Network
from pxedebug.firmware import Phase, boot_url_address, pauses
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Message, Transfer, TransferStatus
from pxedebug.wire.dhcp import DhcpMessage

__all__ = [
    "FIRMWARE_PXE", "announced", "asked_in_vain", "asks_for_pxe", "boot_server", "given_up", "named_reads",
    "option_addresses", "option_text", "pause_after_ack", "plain_address", "replies", "scheme", "sees_files",
    "subnet_of", "told_by", "unset_server",
]  # fmt: skip

FIRMWARE_PXE = frozenset((Program.INTEL_ROM, Program.EDK2, Program.UNKNOWN))
"""PXE firmware without iPXE's abilities: no URLs, no scripts, no name resolution."""
_SCHEME = re.compile(rb"([a-zA-Z][a-zA-Z0-9+.-]{1,15})://")
_CLASS_ARCHITECTURE = re.compile(rb"(?:PXE|HTTP)Client:Arch:(\d{5})")
_LONGEST_NAME = 4096
_BLIND = frozenset(("one-direction", "relay-uplink"))
"""Capture points that miss what clients send to servers by themselves, though they see unicast."""
_TRIES = 3
"""Requests for files without an answer that mean that none will come."""


def told_by(turn: Turn) -> Message | None:
    """The message that named the boot file (`turn.boot`); None without one. U-Boot's own request may be it."""
    if turn.boot is None:
        return None
    frame = turn.boot.source_frame
    return next((message for message in turn.messages if message.packet.frame == frame), None)


def asks_for_pxe(turn: Turn) -> bool:
    """The program calls itself a PXE client (option 60, PXE 2.1 table 2-1)."""
    return any(option_text(dhcp_of(m), 60).startswith(b"PXEClient") for m in turn.discovers + turn.requests)


def pause_after_ack(turn: Turn) -> int:
    """Nanoseconds after the ACK in which the turn's program acts, if ever: firmware sooner than what was loaded."""
    return pauses.FIRMWARE if is_firmware(turn) else pauses.PROGRAM


def given_up(case: Case, turn: Turn, pause: int) -> bool:
    """The client took the address and did nothing more for `pause` nanoseconds, or never took it."""
    if turn.ack is not None:
        return quiet_for(case, pause)
    return not turn.requests and absent_for_good(case, turn, turn.discovers, Phase.DISCOVER)


def replies(turn: Turn) -> list[Message]:
    """What servers told the client about its boot: offers, ACKs and the answers of port 4011."""
    return [m for m in turn.messages if not m.from_client and m.type in ("OFFER", "ACK", "BOOTREPLY")]


def announced(turn: Turn) -> tuple[int, ...]:
    """The architectures that the turn's program announced: option 93, else the number in option 60, else the
    machine's."""
    for message in turn.discovers + turn.requests + turn.proxy_requests:
        options = dhcp_of(message).options
        raw = options.get(93, b"")
        if len(raw) >= 2:
            return tuple(int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw) - 1, 2))
        named = _CLASS_ARCHITECTURE.match(options.get(60, b""))
        if named:
            return (int(named[1]),)
    return turn.case.client.architectures


def sees_files(network: Network) -> bool:
    """A request for a file, had there been one, would show in this capture."""
    vantages = [source.vantage for source in network.story.sources]
    return any(vantage.unicast_seen and vantage.kind not in _BLIND for vantage in vantages)


def named_reads(turn: Turn) -> Iterator[Transfer]:
    """The turn's reads whose file name is known, over either protocol."""
    return (t for t in turn.transfers if t.operation == "read" and t.file)


def scheme(file: bytes) -> str:
    """The scheme of a URL, in lower case; empty for a plain name."""
    match = _SCHEME.match(file)
    return match[1].decode("ascii").lower() if match else ""


def option_text(dhcp: DhcpMessage, code: int) -> bytes:
    """A text option without the NULs and blanks around it."""
    return dhcp.options.get(code, b"")[:_LONGEST_NAME].strip(b"\0 \t")


def option_addresses(dhcp: DhcpMessage, code: int) -> tuple[IPv4Address, ...]:
    """An option that lists addresses (3, 6, 150); a length that is no multiple of four loses its last bytes."""
    raw = dhcp.options.get(code, b"")
    return tuple(IPv4Address(raw[at : at + 4]) for at in range(0, len(raw) - 3, 4))


def plain_address(text: bytes) -> IPv4Address | None:
    """The dotted quad that a text holds; None for a host name."""
    try:
        return IPv4Address(text.decode("ascii"))
    except ValueError:
        return None


def subnet_of(ack: DhcpMessage) -> IPv4Network | None:
    """The client's subnet by an ACK's address and mask (option 1); None where either is missing or makes no sense."""
    raw = ack.options.get(1, b"")
    address = int(ack.yiaddr) or int(ack.ciaddr)
    if len(raw) < 4 or not raw[0] or not address:
        return None
    mask = int.from_bytes(raw[:4], "big")
    return _subnet(address & mask, mask)


@lru_cache(maxsize=256)
def _subnet(network: int, mask: int) -> IPv4Network | None:
    """Made once for each subnet, not for each client in it."""
    hosts = mask ^ 0xFFFFFFFF
    return None if hosts & (hosts + 1) else IPv4Network((network, 32 - hosts.bit_length()))


def boot_server(turn: Turn) -> IPv4Address | None:
    """The IPv4 address that the program asks for its boot file; None without one and for URLs with a host name."""
    if turn.boot is None or not isinstance(turn.boot.server, IPv4Address):
        return None
    file = turn.boot.file or b""
    return turn.boot.server if not scheme(file) or boot_url_address(file) == turn.boot.server else None


def unset_server(turn: Turn) -> Message | None:
    """The message that names a boot file but no server (siaddr 0.0.0.0), when the program is left with nothing, or
    with the DHCP server's own address (option 54); None when a server is named, or a URL."""
    message = told_by(turn)
    if message is None or message.from_client or turn.boot is None or scheme(turn.boot.file or b""):
        return None
    dhcp = dhcp_of(message)
    if int(dhcp.siaddr) or turn.boot.server not in (None, *option_addresses(dhcp, 54)):
        return None
    return message


def asked_in_vain(case: Case, turn: Turn, network: Network) -> list[Transfer] | None:
    """What the turn asked of its boot server without an answer: its reads that failed, or nothing at all though its
    time to ask is over; None while it may still ask, and where anything was delivered or refused in words."""
    asked = list(named_reads(turn))
    if not asked:
        return [] if sees_files(network) and quiet_for(case, pauses.IPXE) else None
    if not all(t.status in (TransferStatus.UNANSWERED, TransferStatus.UNREACHABLE) for t in asked):
        return None
    tries = sum(len(transfer.requests) for transfer in asked)
    proved = case.over or tries >= _TRIES or asked[-1].status is TransferStatus.UNREACHABLE
    return asked if proved else None
