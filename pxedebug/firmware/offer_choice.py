"""Which reply a client acts on: the offer it takes, and the message that gives it file and server.

EDK2 gathers offers through its window and then goes by class, the first of the best class winning
(PxeBcSelectDhcp4Offer); iPXE takes the last offer of the highest priority before its REQUEST; U-Boot, GRUB and systems
take the first one.
Two servers can thus break one machine and leave its neighbour alone [measured with EDK2 and iPXE].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, NamedTuple

from pxedebug.firmware.offers import boot_file, boot_url_address, is_proxy, next_server, offer_class
from pxedebug.firmware.programs import OfferClass, Program
from pxedebug.wire.dhcp.message import UNSPECIFIED

if TYPE_CHECKING:
    from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["OFFER_CHOICE", "BootSource", "OfferChoice", "choose_boot_source", "choose_offer", "usable"]

_DNS = 6


class OfferChoice(StrEnum):
    """How a program chooses among several offers."""

    FIRST = "first"
    LAST = "last"
    """Of the highest priority (option 175 sub-option 1; 0 without it)."""
    BY_CLASS = "by-class"
    """The first of the best class."""


OFFER_CHOICE: dict[Program, OfferChoice] = {
    Program.INTEL_ROM: OfferChoice.BY_CLASS,
    Program.EDK2: OfferChoice.BY_CLASS,
    Program.EDK2_HTTP: OfferChoice.FIRST,
    Program.IPXE: OfferChoice.LAST,
    Program.U_BOOT: OfferChoice.FIRST,
    Program.GRUB: OfferChoice.FIRST,
}
"""Programs that are not in the table take the first offer."""
_ASKS_ONE_SERVER = frozenset((Program.U_BOOT, Program.GRUB, Program.OS))
"""Programs that know neither proxies nor boot servers."""


class BootSource(NamedTuple):
    """What a client boots, and which messages told it."""

    file: bytes | None
    server: IPv4Address | None
    file_from: DhcpMessage | None
    server_from: DhcpMessage | None
    """The same message but for iPXE, which takes a missing server from another reply."""


def usable(message: DhcpMessage, program: Program, proxies_present: bool) -> bool:
    """Whether `program` would take its address from this offer; proxy offers give none.

    `proxies_present` says that a proxy offer of the client's class came within the same window. EDK2 wants boot
    information from one side or the other; its HTTP boot wants the class `HTTPClient` and a URL that it can resolve.
    iPXE, ROMs, U-Boot and systems take any address and see later.
    """
    if message.yiaddr is UNSPECIFIED:
        return False
    if program is Program.EDK2_HTTP:
        return proxies_present or _boots_over_http(message)
    if program is not Program.EDK2:
        return True
    kind = offer_class(message)
    if kind in (OfferClass.PXE10, OfferClass.BINL):
        return True
    if kind is OfferClass.WFM11A:
        return False
    return boot_file(message) is not None or (proxies_present and kind is OfferClass.DHCP_ONLY)


def choose_offer(offers: Sequence[DhcpMessage], program: Program) -> int | None:
    """The index of the offer that `program` REQUESTs among `offers` (proxies too), oldest first; None for none."""
    proxies = [offer for offer in offers if is_proxy(offer) and _same_class(offer, program)]
    candidates = [index for index, offer in enumerate(offers) if usable(offer, program, bool(proxies))]
    if not candidates:
        return None
    choice = OFFER_CHOICE.get(program, OfferChoice.FIRST)
    if choice is OfferChoice.LAST:
        return max(candidates, key=lambda index: (_priority(offers[index]), index))
    if choice is OfferChoice.BY_CLASS:
        rank = _ranks(proxies)
        return min(candidates, key=lambda index: (rank(offers[index]), index))
    return candidates[0]


def choose_boot_source(
    program: Program,
    ack: DhcpMessage | None,
    proxy_offers: Sequence[DhcpMessage] = (),
    replies: Sequence[DhcpMessage] = (),
    request: DhcpMessage | None = None,
) -> BootSource:
    """The message that gives `program` its boot file and server.

    `ack` is the ACK (or BOOTREPLY) that was accepted, `proxy_offers` the proxy OFFERs of its exchange and `replies` the
    ACKs from port 4011 and of boot server discovery, each oldest first. Firmware prefers the newest reply, then a
    proxy, then the ACK; an ACK of class PXE10 makes EDK2 pass over the proxies. `request` is the client's own message:
    U-Boot asks for the name in it when no reply names one.
    """
    order = _source_order(program, ack, proxy_offers, replies)
    for message in order:
        file = boot_file(message)
        if file is not None:
            return _from_message(program, file, message, order)
    own = boot_file(request) if request is not None and program is Program.U_BOOT else None
    if own is not None and ack is not None:
        return BootSource(own, next_server(ack, program), request, ack)
    return BootSource(None, None, None, None)


def _from_message(program: Program, file: bytes, message: DhcpMessage, order: Sequence[DhcpMessage]) -> BootSource:
    server = next_server(message, program)
    if server is not None or program is not Program.IPXE:
        return BootSource(file, server, message, message if server is not None else None)
    other = next((reply for reply in order if reply.siaddr is not UNSPECIFIED), None)
    return BootSource(file, None if other is None else other.siaddr, message, other)


def _source_order(
    program: Program, ack: DhcpMessage | None, proxy_offers: Sequence[DhcpMessage], replies: Sequence[DhcpMessage]
) -> list[DhcpMessage]:
    own = [] if ack is None else [ack]
    if program in _ASKS_ONE_SERVER:
        return own
    newest = list(replies[::-1])
    proxies = sorted([offer for offer in proxy_offers if _same_class(offer, program)], key=_proxy_rank)
    if program is Program.EDK2_HTTP:
        return [message for message in (*own, *proxies) if _boots_over_http(message)]
    if proxies and program is Program.EDK2 and ack is not None and offer_class(ack) is OfferClass.PXE10:
        return [*newest, *own, *proxies]
    return [*newest, *proxies, *own]


def _ranks(proxies: Sequence[DhcpMessage]) -> Callable[[DhcpMessage], int]:
    """EDK2's order of offers with an address, given the proxies of the window."""
    classes = {offer_class(offer) for offer in proxies}
    order = {OfferClass.PXE10: 0, OfferClass.WFM11A: 1, OfferClass.BINL: 3, OfferClass.BOOTP: 6}
    order[OfferClass.DHCP_ONLY] = 2 if OfferClass.PXE10 in classes else 4 if classes else 5
    return lambda offer: order[offer_class(offer)]


def _proxy_rank(offer: DhcpMessage) -> int:
    """A proxy that carries discovery data is acted on directly; one without has to be asked on port 4011 first."""
    return 0 if offer_class(offer) is OfferClass.PXE10 else 1


def _same_class(offer: DhcpMessage, program: Program) -> bool:
    """HTTP boot takes HTTPClient proxies only, and PXE never does."""
    over_http = offer.options.get(60, b"").startswith(b"HTTPClient")
    return over_http == (program is Program.EDK2_HTTP)


def _boots_over_http(message: DhcpMessage) -> bool:
    """Class HTTPClient and a URL, with a DNS server (option 6) where the URL's host is a name."""
    file = boot_file(message)
    if file is None or not message.options.get(60, b"").startswith(b"HTTPClient") or b"://" not in file:
        return False
    return boot_url_address(file) is not None or _DNS in message.options


def _priority(offer: DhcpMessage) -> int:
    """iPXE's `priority` setting: option 175 sub-option 1, signed."""
    raw = offer.options.get(175, b"")
    position = 0
    while position + 1 < len(raw):
        stop = position + 2 + raw[position + 1]
        if raw[position] == 1 and stop <= len(raw):
            return int.from_bytes(raw[position + 2 : stop], "big", signed=True)
        position = stop
    return 0
