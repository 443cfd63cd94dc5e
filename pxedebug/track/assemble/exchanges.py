"""The DHCP side of a stage: messages grouped to exchanges, offers with who was chosen, and what the client acted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
_ANSWERS = frozenset(("OFFER", "BOOTREPLY", "ADVERTISE"))


class _Told:
    """Who told the client of one stage what, DHCPv4 only."""

    __slots__ = ("ack", "asked", "proxies", "proxy_servers", "replies", "request")

    def __init__(self) -> None:
        self.ack: DhcpMessage | None = None
        self.proxies: list[DhcpMessage] = []
        self.proxy_servers: list[Address] = []
        """Who made each of these offers."""
        self.replies: list[DhcpMessage] = []
        """Answers of port 4011 and of boot server discovery."""
        self.request: DhcpMessage | None = None
        """The client's latest message."""
        self.asked: list[Address] = []
        """Servers asked on port 4011."""

    def hear(self, message: Message) -> None:
        """Take the next message of the stage, which is no copy."""
        dhcp, kind = message.dhcp, message.type
        assert isinstance(dhcp, DhcpMessage)
        if message.from_client:
            self.request = dhcp
            if message.port == 4011:
                self.asked.append(message.packet.destination)
        elif kind == "OFFER":
            if is_proxy(dhcp):
                self.proxies.append(dhcp)
                self.proxy_servers.append(server_identity(dhcp, message.packet.source))
        elif kind in ("ACK", "BOOTREPLY"):
            if message.port == 4011 or _boot_server(dhcp):
                self.replies.append(dhcp)
            elif kind == "ACK" or self.ack is None:  # of several BOOTREPLYs the first is taken
                self.ack = dhcp

    def source(self, program: Program) -> BootSource | None:
        """What `program` boots, and who says so; None without an answer."""
        if self.ack is None and not self.replies:
            return None
        return choose_boot_source(program, self.ack, self.proxies, self.replies, self.request)

    def acted_on(self, source: BootSource | None) -> set[int]:
        """Proxy offers (by identity of their message) whose data the client used: its file, or its port 4011."""
        used = None if source is None else source.file_from
        return {
            id(proxy)
            for proxy, server in zip(self.proxies, self.proxy_servers, strict=True)
            if server in self.asked or proxy is used
        }


class _Group:
    """The messages of one exchange by what they are to it."""

    __slots__ = ("answers", "complete", "messages", "requests")

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.requests: list[Message] = []
        """The client's REQUESTs, copies left out."""
        self.answers: list[Message] = []
        """What proposes something, copies left out."""
        self.complete = False


def dhcp_side(
    messages: Sequence[Message], program: Program, limits: Limits
) -> tuple[tuple[Exchange, ...], BootInformation | None]:
    """Messages of one stage by xid and server port, in order of their first frame; and the boot file and server that
    the stage's program took with the frame that told it, None without an answer."""
    groups: dict[tuple[int, int], _Group] = {}
    told = _Told()
    six = False
    for message in messages:
        _, dhcp, kind, copy_of, from_client, port = message
        key = (dhcp.xid, port)
        group = groups.get(key)
        if group is None:
            groups[key] = group = _Group()
        group.messages.append(message)
        if port == 547:
            six = True
            group.complete |= kind == "REPLY"
        elif kind in _COMPLETE:
            group.complete = True
        if copy_of is not None:
            continue
        if kind in _ANSWERS:
            group.answers.append(message)
        elif from_client and kind == "REQUEST":
            group.requests.append(message)
        if not six:
            told.hear(message)
    if six:
        told = _Told()
        _share_requests(groups, messages)
    source = told.source(program)
    acted_on = told.acted_on(source) if told.proxies else set()
    exchanges = tuple([_exchange(xid, port, group, program, acted_on, limits) for (xid, port), group in groups.items()])
    return exchanges, _from_v6(messages) if six else _boot_information(messages, source)


def _share_requests(groups: Mapping[tuple[int, int], _Group], messages: Sequence[Message]) -> None:
    """Give each exchange over DHCPv6 the REQUEST that follows it, which has a transaction id of its own
    (RFC 8415 section 16.1)."""
    requests = [m for m in messages if m.copy_of is None and m.from_client and m.type == "REQUEST"]
    for (_, port), group in groups.items():
        if port == 547:
            began = group.messages[0].packet.time
            group.requests = [request for request in requests if request.packet.time >= began][:1]


def _boot_information(messages: Sequence[Message], source: BootSource | None) -> BootInformation | None:
    if source is None or (source.file is None and source.server is None):
        return None
    told = source.file_from or source.server_from
    frame = next(message.packet.frame for message in messages if message.dhcp is told)
    return BootInformation(source.server, source.file, frame)


def _boot_server(dhcp: DhcpMessage) -> bool:
    """An ACK of boot server discovery on port 67: no address, class PXEClient."""
    return (
        dhcp.yiaddr is UNSPECIFIED and dhcp.ciaddr is UNSPECIFIED and dhcp.options.get(60, b"").startswith(b"PXEClient")
    )


def _from_v6(messages: Sequence[Message]) -> BootInformation | None:
    found: BootInformation | None = None
    for message in messages:
        dhcp = message.dhcp
        told = message.copy_of is None and message.type in ("REPLY", "ADVERTISE")
        if isinstance(dhcp, DhcpMessage) or not told or not dhcp.boot_file_url:
            continue
        if found is None or message.type == "REPLY":
            url = dhcp.boot_file_url
            found = BootInformation(boot_url_address(url), url, message.packet.frame)
    return found


def _exchange(xid: int, port: int, group: _Group, program: Program, acted_on: set[int], limits: Limits) -> Exchange:
    chosen = _chosen(group.requests, group.answers, program)
    offers = [
        _offer(message, chosen=message is chosen or id(message.dhcp) in acted_on)
        for message in group.answers[: limits.offers_per_exchange]
    ]
    # The REQUEST that takes an ADVERTISE is an exchange of its own.
    complete = group.complete or (port == 547 and chosen is not None)
    return Exchange(xid, port, tuple(group.messages), tuple(offers), complete)


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
