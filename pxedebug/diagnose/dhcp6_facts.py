"""What the DHCPv6 messages of a stage mean: what asks to boot, what grants an address, what refuses one."""

from __future__ import annotations

from collections.abc import Sequence

from pxedebug.diagnose.case import Turn, dhcp6_of
from pxedebug.diagnose.finding import name
from pxedebug.track.story import Message
from pxedebug.wire.dhcpv6 import STATUS_NAMES, Dhcp6Message

__all__ = ["answers", "boot_url", "granted", "grants", "questions", "refused", "solicits", "status_words"]

_ASKING = ("SOLICIT", "REQUEST", "INFORMATION-REQUEST")
_BOOT_FILE_URL = 59
_CLASSES = (b"PXEClient", b"HTTPClient")


def questions(turn: Turn) -> list[Message]:
    """What the client asked in order to boot: EDK2's first exchange only configures an address and is not among them
    (RFC 5970 section 3: the architecture, the class or a request for option 59)."""
    return [m for m in turn.messages6 if m.from_client and m.type in _ASKING and _asks_to_boot(dhcp6_of(m))]


def solicits(turn: Turn) -> list[Message]:
    """The SOLICITs among `questions`."""
    return [message for message in questions(turn) if message.type == "SOLICIT"]


def answers(turn: Turn, asked: Sequence[Message]) -> list[Message]:
    """The ADVERTISEs and REPLYs to these messages of the client."""
    ids = {message.dhcp.xid for message in asked}
    return [m for m in turn.messages6 if m.type in ("ADVERTISE", "REPLY") and m.dhcp.xid in ids]


def grants(message: Message) -> bool:
    """The message gives or offers an address."""
    dhcp = dhcp6_of(message)
    return dhcp.refusal is None and bool(dhcp.addresses)


def granted(turn: Turn) -> Message | None:
    """The REPLY that the client boots by: the last to what it asked in order to boot, if that gives an address or was
    not asked for one."""
    asked = questions(turn)
    stateless = {message.dhcp.xid for message in asked if message.type == "INFORMATION-REQUEST"}
    replies = [message for message in answers(turn, asked) if message.type == "REPLY"]
    if not replies or dhcp6_of(replies[-1]).refusal is not None:
        return None
    return replies[-1] if grants(replies[-1]) or replies[-1].dhcp.xid in stateless else None


def refused(turn: Turn) -> list[Message]:
    """The answers that grant nothing, since the last one that did; ADVERTISEs count where no other server offered an
    address to the same SOLICIT."""
    asked = [m for m in turn.messages6 if m.from_client and m.type in ("SOLICIT", "REQUEST")]
    heard = answers(turn, asked)
    offered = {message.dhcp.xid for message in heard if message.type == "ADVERTISE" and grants(message)}
    found: list[Message] = []
    for message in heard:
        if grants(message):
            found = []
        elif dhcp6_of(message).refusal and not (message.type == "ADVERTISE" and message.dhcp.xid in offered):
            found.append(message)
    return found


def boot_url(message: Message) -> bytes:
    """The boot file URL (option 59) without trailing NULs, which EDK2 does not mind; empty where there is none."""
    return (dhcp6_of(message).boot_file_url or b"").rstrip(b"\0")


def status_words(status: tuple[int, bytes]) -> str:
    """A status code by its name, with the server's text."""
    code, text = status
    known = STATUS_NAMES.get(code, f"status {code}")
    return f"{known}, {name(text)}" if text.rstrip(b"\0") else known


def _asks_to_boot(dhcp: Dhcp6Message) -> bool:
    named = (dhcp.vendor_class or b"").startswith(_CLASSES)
    return named or bool(dhcp.architectures) or _BOOT_FILE_URL in dhcp.requested
