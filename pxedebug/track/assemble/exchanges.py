"""The DHCP side of a stage: messages grouped to exchanges, offers with who was chosen, and what the client acted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from pxedebug.firmware import (
    OFFER_CHOICE,
    BootSource,
    OfferChoice,
    boot_file,
    boot_url_address,
    choose_boot_source,
    is_proxy,
    next_server,
    offer_class,
    server_identity,
)
from pxedebug.firmware.programs import OfferClass, Program
from pxedebug.track.limits import Limits
from pxedebug.track.story import BootInformation, Exchange, Message, Offer
from pxedebug.wire.dhcp import UNSPECIFIED, DhcpMessage
from pxedebug.wire.packet import Address, address

__all__ = ["dhcp_side"]

_COMPLETE = frozenset(("ACK", "NAK", "BOOTREPLY"))


@dataclass(slots=True)
class _Told:
    """Who told the client of one stage what, DHCPv4 only."""

    ack: Message | None = None
    proxies: list[Message] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)
    """Answers of port 4011 and of boot server discovery."""
    request: DhcpMessage | None = None
    """The client's latest message."""
    asked: set[Address] = field(default_factory=set)
    """Servers asked on port 4011."""

    def source(self, program: Program) -> BootSource:
        """What `program` boots, and who says so."""
        ack = self.ack.dhcp if self.ack is not None else None
        return choose_boot_source(
            program,
            cast(DhcpMessage | None, ack),
            cast(list[DhcpMessage], [message.dhcp for message in self.proxies]),
            cast(list[DhcpMessage], [message.dhcp for message in self.replies]),
            self.request,
        )


def dhcp_side(
    messages: Sequence[Message], program: Program, limits: Limits
) -> tuple[tuple[Exchange, ...], BootInformation | None]:
    """Messages of one stage by xid and server port, in order of their first frame; and the boot file and server that
    the stage's program took with the frame that told it, None without an answer."""
    groups: dict[tuple[int, int], list[Message]] = {}
    originals, requests, six = [], [], False
    for message in messages:
        dhcp = message.dhcp
        if isinstance(dhcp, DhcpMessage):
            key = (dhcp.xid, message.port)
        else:
            key, six = (dhcp.transaction_id, 547), True
        group = groups.get(key)
        if group is None:
            groups[key] = group = []
        group.append(message)
        if message.copy_of is None:
            originals.append(message)
            if message.from_client and message.type == "REQUEST":
                requests.append(message)
    told = _Told() if six else _listen(originals)
    source = None if six or (told.ack is None and not told.replies) else told.source(program)
    acted_on = _proxies_acted_on(told, source)
    exchanges = tuple(
        [_exchange(xid, port, group, requests, program, acted_on, limits) for (xid, port), group in groups.items()]
    )
    return exchanges, _from_v6(originals) if six else _boot_information(originals, source)


def _boot_information(messages: Sequence[Message], source: BootSource | None) -> BootInformation | None:
    if source is None or (source.file is None and source.server is None):
        return None
    told = source.file_from or source.server_from
    frame = next(message.packet.frame for message in messages if message.dhcp is told)
    return BootInformation(source.server, source.file, frame)


def _listen(messages: Sequence[Message]) -> _Told:
    """The last ACK, the proxy offers, the answers of port 4011, and the client's last message."""
    told = _Told()
    for message in messages:
        dhcp, kind = message.dhcp, message.type
        assert isinstance(dhcp, DhcpMessage)
        if message.from_client:
            told.request = dhcp
            if message.port == 4011:
                told.asked.add(message.packet.destination)
        elif kind in ("ACK", "BOOTREPLY"):
            if message.port == 4011 or _boot_server(message):
                told.replies.append(message)
            elif kind == "ACK" or told.ack is None:  # of several BOOTREPLYs the first is taken
                told.ack = message
        elif kind == "OFFER" and is_proxy(dhcp):
            told.proxies.append(message)
    return told


def _boot_server(message: Message) -> bool:
    """An ACK of boot server discovery on port 67: no address, class PXEClient."""
    dhcp = message.dhcp
    assert isinstance(dhcp, DhcpMessage)
    return (
        dhcp.yiaddr is UNSPECIFIED and dhcp.ciaddr is UNSPECIFIED and dhcp.options.get(60, b"").startswith(b"PXEClient")
    )


def _from_v6(messages: Sequence[Message]) -> BootInformation | None:
    found: BootInformation | None = None
    for message in messages:
        dhcp = message.dhcp
        if isinstance(dhcp, DhcpMessage) or message.type not in ("REPLY", "ADVERTISE") or not dhcp.boot_file_url:
            continue
        if found is None or message.type == "REPLY":
            url = dhcp.boot_file_url
            found = BootInformation(boot_url_address(url), url, message.packet.frame)
    return found


def _exchange(
    xid: int,
    port: int,
    messages: list[Message],
    requests: list[Message],
    program: Program,
    acted_on: set[int],
    limits: Limits,
) -> Exchange:
    answers = [m for m in messages if m.copy_of is None and m.type in ("OFFER", "BOOTREPLY", "ADVERTISE")]
    if port == 547:  # a DHCPv6 REQUEST has a transaction id of its own (RFC 8415 section 16.1)
        requests = [request for request in requests if request.packet.time >= messages[0].packet.time][:1]
    else:
        requests = [m for m in messages if m.copy_of is None and m.from_client and m.type == "REQUEST"]
    chosen = _chosen(requests, answers, program)
    offers = [
        _offer(message, chosen=message is chosen or id(message.dhcp) in acted_on)
        for message in answers[: limits.offers_per_exchange]
    ]
    complete = any(message.type in (("REPLY",) if port == 547 else _COMPLETE) for message in messages)
    complete |= port == 547 and chosen is not None  # the REQUEST that takes an ADVERTISE is an exchange of its own
    return Exchange(xid, port, tuple(messages), tuple(offers), complete)


def _offer(message: Message, *, chosen: bool) -> Offer:
    dhcp, packet = message.dhcp, message.packet
    if not isinstance(dhcp, DhcpMessage):
        url = dhcp.boot_file_url
        given = dhcp.addresses[0] if dhcp.addresses else None
        server = boot_url_address(url) if url else None
        return Offer(
            message, packet.source, packet.source_mac, OfferClass.DHCP_ONLY, given, None, server, url, False, chosen
        )
    lease = dhcp.options.get(51, b"")
    server_v4 = next_server(dhcp, Program.IPXE)  # siaddr, as every program reads it
    return Offer(
        message,
        server_identity(dhcp, packet.source),
        packet.source_mac,
        offer_class(dhcp),
        None if dhcp.yiaddr is UNSPECIFIED else dhcp.yiaddr,
        int.from_bytes(lease, "big") if len(lease) == 4 else None,
        server_v4,
        boot_file(dhcp),
        is_proxy(dhcp),
        chosen,
    )


def _chosen(requests: Sequence[Message], answers: Sequence[Message], program: Program) -> Message | None:
    """The offer that the client's REQUEST names (option 54, then 50); a BOOTREPLY is taken as it comes."""
    if not requests:
        return next((message for message in answers if message.type == "BOOTREPLY"), None)
    last = program in OFFER_CHOICE and OFFER_CHOICE[program] is OfferChoice.LAST
    # A repeated REQUEST names the same offer, a changed one another: the last choice counts, as it was first sent.
    final = _choice(requests[-1])
    request = next(request for request in requests if _choice(request) == final)
    fitting = [offer for offer in answers if _names(request, offer) and offer.packet.time <= request.packet.time]
    return fitting[-1 if last else 0] if fitting else None


def _choice(request: Message) -> tuple[bytes | None, ...]:
    """What a REQUEST names: server and address, or the server's DUID."""
    dhcp = request.dhcp
    return (dhcp.options.get(54), dhcp.options.get(50)) if isinstance(dhcp, DhcpMessage) else (dhcp.server_duid,)


def _names(request: Message, offer: Message) -> bool:
    asked, offered = request.dhcp, offer.dhcp
    if not isinstance(asked, DhcpMessage) or not isinstance(offered, DhcpMessage):
        if isinstance(asked, DhcpMessage) or isinstance(offered, DhcpMessage):
            return False
        return asked.server_duid is not None and asked.server_duid == offered.server_duid
    server, wanted = asked.options.get(54), asked.options.get(50)
    if server is not None and len(server) == 4 and address(server) != server_identity(offered, offer.packet.source):
        return False
    if wanted is not None and len(wanted) == 4 and address(wanted) != offered.yiaddr:
        return False
    return (server is not None or wanted is not None) and offered.yiaddr is not UNSPECIFIED


def _proxies_acted_on(told: _Told, source: BootSource | None) -> set[int]:
    """Proxy offers (by identity of their message) whose data the client used: its file, or its port 4011."""
    used: set[int] = set()
    for message in told.proxies:
        proxy = message.dhcp
        assert isinstance(proxy, DhcpMessage)
        asked = bool(told.asked) and server_identity(proxy, message.packet.source) in told.asked
        if asked or (source is not None and source.file_from is proxy):
            used.add(id(proxy))
    return used
