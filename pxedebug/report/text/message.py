"""A DHCP, BOOTP or DHCPv6 message in the few words of a ladder's line."""

from __future__ import annotations

from ipaddress import IPv4Address

from rich.text import Text

from pxedebug.firmware.offers import boot_file
from pxedebug.report.context import Context
from pxedebug.report.events import MessageRun, client_sent
from pxedebug.report.text.output import Signs
from pxedebug.report.words import frame_name, middle, safe, seconds
from pxedebug.track.story import Exchange, Message, Offer
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["message_segments"]

_REQUESTED_ADDRESS, _SERVER_IDENTIFIER, _MESSAGE_TEXT = 50, 54, 56
_FILE_LIMIT = 48
_DHCP_PORT = 67
_LISTED_REPEATS = 8
_AT_ONCE = 50_000_000
"""Nanoseconds; repeats closer than this answer repeats of the other side and have no times worth reading."""
_STYLES = {"NAK": "bold red", "DECLINE": "bold red", "ACK": "bold", "OFFER": "bold", "REPLY": "bold"}


def message_segments(run: MessageRun, context: Context, signs: Signs) -> list[Text]:
    """The parts of the line: the message first, then notes."""
    message = run.messages[0]
    repeats = f" {signs.times}{len(run.messages)}" if len(run.messages) > 1 else ""
    head = Text.assemble((message.type, _STYLES.get(message.type, "")), repeats)
    notes = [] if run.exchange.port in (_DHCP_PORT, 547) else [Text(f"port {run.exchange.port}")]
    if run.offer is not None:
        notes += _offer_notes(run.offer, _repeated(run.offer, run.exchange), context)
        dim = "" if run.offer.chosen else "dim"
        head = Text.assemble(head, f" {run.offer.address}" if run.offer.address else "", style=dim)
    elif isinstance(message.dhcp, DhcpMessage):
        notes += _v4_notes(message, message.dhcp, run.exchange.port, context)
    else:
        notes += _v6_notes(message, context)
    return [head, *notes, *_repeats(run, context), *_copies(run, context)]


def _repeated(offer: Offer, exchange: Exchange) -> bool:
    """True when the server proposed the same once more and that was chosen: then this one was not turned down."""
    if offer.chosen:
        return False
    same = (offer.server, offer.address, offer.boot_file, offer.next_server)
    return any(
        other.chosen and (other.server, other.address, other.boot_file, other.next_server) == same
        for other in exchange.offers
    )


def _offer_notes(offer: Offer, repeated: bool, context: Context) -> list[Text]:
    fate = Text("chosen", "green") if offer.chosen else Text("not chosen", "dim")
    notes = [] if repeated else [fate]
    if offer.proxy:
        notes.append(Text("proxy, no address"))
    if offer.boot_file:
        notes.append(_file(offer.boot_file, context))
    if offer.next_server is not None and offer.next_server != offer.server:
        notes.append(Text(f"next server {offer.next_server}"))
    if (not offer.boot_file and offer.next_server is None) or (not offer.boot_file and not offer.proxy):
        notes.append(Text("no boot file", "yellow"))
    return [*notes, Text(offer.offer_class.value, "dim")]


def _file(name: bytes, context: Context) -> Text:
    return Text(f"file {middle(safe(context.visible(name)), _FILE_LIMIT)}")


def _v4_notes(message: Message, dhcp: DhcpMessage, port: int, context: Context) -> list[Text]:
    if client_sent(message):
        wanted = _address(dhcp, _REQUESTED_ADDRESS)
        server = _address(dhcp, _SERVER_IDENTIFIER)
        relay = f"via relay {dhcp.giaddr}" if int(dhcp.giaddr) else ""
        renewed = (
            f"renews {dhcp.ciaddr}" if message.type == "REQUEST" and port == _DHCP_PORT and int(dhcp.ciaddr) else ""
        )
        words = [renewed, f"asks for {wanted}" if wanted else "", f"of {server}" if server else "", relay]
        return [Text(" ".join(filter(None, words)))] if any(words) else []
    notes = [Text(str(dhcp.yiaddr))] if int(dhcp.yiaddr) else []
    name = boot_file(dhcp)
    if name:
        notes.append(_file(name, context))
    if _MESSAGE_TEXT in dhcp.options:
        notes.append(Text(f'"{middle(safe(context.visible(dhcp.options[_MESSAGE_TEXT])), _FILE_LIMIT)}"', "red"))
    return notes


def _address(dhcp: DhcpMessage, code: int) -> IPv4Address | None:
    value = dhcp.options.get(code, b"")
    return IPv4Address(value) if len(value) == 4 else None


def _v6_notes(message: Message, context: Context) -> list[Text]:
    dhcp = message.dhcp
    if isinstance(dhcp, DhcpMessage):
        return []
    notes = [Text(", ".join(map(str, dhcp.addresses)))] if dhcp.addresses and not client_sent(message) else []
    if dhcp.boot_file_url:
        notes.append(_file(dhcp.boot_file_url, context))
    if dhcp.status is not None and dhcp.status[0]:
        notes.append(Text(f"status {dhcp.status[0]} {safe(context.visible(dhcp.status[1]))}".rstrip(), "red"))
    return notes


def _repeats(run: MessageRun, context: Context) -> list[Text]:
    """When the message was sent again, in seconds from its first time, and in which frames."""
    again = run.messages[1:]
    if not again:
        return []
    together = again[-1].packet.time - run.started < _AT_ONCE
    sends = ", ".join(f"+{seconds(message.packet.time - run.started)}" for message in again[:_LISTED_REPEATS])
    frames = ", ".join(frame_name(message.packet.frame, context.many_sources) for message in again[:_LISTED_REPEATS])
    more = f" and {len(again) - _LISTED_REPEATS} more" if len(again) > _LISTED_REPEATS else ""
    when = [] if together else [Text(f"again at {sends} s{more}", "yellow")]
    return [*when, Text(f"frame{'s' if len(again) > 1 else ''} {frames}", "dim")]


def _copies(run: MessageRun, context: Context) -> list[Text]:
    """Frames that hold the same message again: a mirror's duplicate, a relay's forwarded copy."""
    if not run.copies:
        return []
    frames = ", ".join(frame_name(copy.packet.frame, context.many_sources) for copy in run.copies[:_LISTED_REPEATS])
    relays = {
        str(copy.dhcp.giaddr) for copy in run.copies if isinstance(copy.dhcp, DhcpMessage) and int(copy.dhcp.giaddr)
    }
    via = f" via relay {', '.join(sorted(relays))}" if relays else ""
    more = ", …" if len(run.copies) > _LISTED_REPEATS else ""
    return [Text(f"{'copies' if len(run.copies) > 1 else 'copy'} in {frames}{more}{via}", "dim")]
