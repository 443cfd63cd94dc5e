"""The DHCP side of a stage: messages grouped to exchanges, offers with who was chosen, and what the client acted on."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address

from pxedebug.firmware import (
    OFFER_CHOICE,
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
from pxedebug.track.assemble.events import is_from_client, port_of
from pxedebug.track.limits import Limits
from pxedebug.track.story import BootInformation, Exchange, Message, Offer
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.packet import address

__all__ = ["boot_information", "build_exchanges"]

_COMPLETE = frozenset(("ACK", "NAK", "BOOTREPLY"))
_NOBODY = IPv4Address(0)


def build_exchanges(messages: Sequence[Message], program: Program, limits: Limits) -> tuple[Exchange, ...]:
    """Messages of one stage by xid and server port, in order of their first frame."""
    groups: dict[tuple[int, int], list[Message]] = {}
    for message in messages:
        xid = message.dhcp.xid if isinstance(message.dhcp, DhcpMessage) else message.dhcp.transaction_id
        groups.setdefault((xid, port_of(message)), []).append(message)
    acted_on = _proxies_acted_on(messages, program)
    requests = [m for m in messages if m.copy_of is None and m.type == "REQUEST" and is_from_client(m)]
    return tuple(
        _exchange(xid, port, group, requests, program, acted_on, limits) for (xid, port), group in groups.items()
    )  # fmt: skip


def boot_information(messages: Sequence[Message], program: Program) -> BootInformation | None:
    """The boot file and server that the stage's program took, and the frame that told it; None without an answer."""
    originals = [message for message in messages if message.copy_of is None]
    if any(not isinstance(message.dhcp, DhcpMessage) for message in originals):
        return _from_v6(originals)
    frames = {id(message.dhcp): message.packet.frame for message in originals}
    ack, proxies, replies, request = _sources(originals)
    if ack is None and not replies:
        return None
    source = choose_boot_source(program, ack, proxies, replies, request)
    if source.file is None and source.server is None:
        return None
    told = source.file_from or source.server_from
    assert told is not None
    return BootInformation(source.server, source.file, frames[id(told)])


def _sources(
    messages: Sequence[Message],
) -> tuple[DhcpMessage | None, list[DhcpMessage], list[DhcpMessage], DhcpMessage | None]:
    """The last ACK, the proxy offers, the answers of port 4011, and the client's last message."""
    ack = request = None
    proxies: list[DhcpMessage] = []
    replies: list[DhcpMessage] = []
    for message in messages:
        dhcp = message.dhcp
        assert isinstance(dhcp, DhcpMessage)
        if is_from_client(message):
            request = dhcp
        elif message.type in ("ACK", "BOOTREPLY") and (port_of(message) == 4011 or _boot_server(message)):
            replies.append(dhcp)
        elif message.type in ("ACK", "BOOTREPLY"):
            ack = dhcp
        elif message.type == "OFFER" and is_proxy(dhcp):
            proxies.append(dhcp)
    return ack, proxies, replies, request


def _boot_server(message: Message) -> bool:
    """An ACK of boot server discovery on port 67: no address, class PXEClient."""
    dhcp = message.dhcp
    assert isinstance(dhcp, DhcpMessage)
    return dhcp.yiaddr == _NOBODY and dhcp.ciaddr == _NOBODY and dhcp.options.get(60, b"").startswith(b"PXEClient")


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
    if port != 547:  # a DHCPv6 REQUEST has a transaction id of its own (RFC 8415 section 16.1)
        requests = [request for request in messages if any(request is other for other in requests)]
    chosen = _chosen(requests, answers, program)
    offers = [
        _offer(message, chosen=message is chosen or id(message.dhcp) in acted_on)
        for message in answers[: limits.offers_per_exchange]
    ]
    complete = any(message.type in (("REPLY",) if port == 547 else _COMPLETE) for message in messages)
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
        None if dhcp.yiaddr == _NOBODY else dhcp.yiaddr,
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
    for request in requests:
        fitting = [offer for offer in answers if _names(request, offer) and offer.packet.time <= request.packet.time]
        if fitting:
            return fitting[-1 if last else 0]
    return None


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
    return (server is not None or wanted is not None) and offered.yiaddr != _NOBODY


def _proxies_acted_on(messages: Sequence[Message], program: Program) -> set[int]:
    """Proxy offers (by identity of their message) whose data the client used: its file, or its port 4011."""
    originals = [m for m in messages if m.copy_of is None and isinstance(m.dhcp, DhcpMessage)]
    ack, proxies, replies, request = _sources(originals)
    if not proxies:
        return set()
    asked = {m.packet.destination for m in originals if is_from_client(m) and port_of(m) == 4011}
    used: set[int] = set()
    for message in originals:
        proxy = message.dhcp
        assert isinstance(proxy, DhcpMessage)
        if message.type == "OFFER" and is_proxy(proxy) and server_identity(proxy, message.packet.source) in asked:
            used.add(id(proxy))
    if ack is not None:
        source = choose_boot_source(program, ack, proxies, replies, request).file_from
        if source is not None and any(source is proxy for proxy in proxies):
            used.add(id(source))
    return used


