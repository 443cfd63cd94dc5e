"""Where a boot's time went."""

from __future__ import annotations

from collections.abc import Sequence

from pxedebug.firmware import is_proxy
from pxedebug.track.story import Durations, Message, Stage
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["durations"]


def durations(stages: Sequence[Stage], started: int, ended: int) -> Durations:
    """Nanoseconds of each kind; `other` is what is left of the whole, parallel transfers count once."""
    dhcp = wait = proxy = 0
    for stage in stages:
        messages = [m for e in stage.exchanges for m in e.messages if m.copy_of is None]
        messages.sort(key=lambda message: (message.packet.time, message.packet.frame))
        own, waited = _dhcp([message for message in messages if message.port != 4011])
        dhcp, wait = dhcp + own, wait + waited
        proxy += _span([message for message in messages if message.port == 4011])
    transfer = _union([(t.started, t.ended) for stage in stages for t in stage.transfers])
    return Durations(dhcp, wait, proxy, transfer, max(0, ended - started - dhcp - proxy - transfer))


def _dhcp(messages: Sequence[Message]) -> tuple[int, int]:
    """Time from each first DISCOVER to its ACK, and the part of it that passed with an offer in hand."""
    total = waited = 0
    first: int | None = None
    offer: int | None = None
    latest = 0
    for message in messages:
        time = message.packet.time
        if message.from_client:
            first = time if first is None else first
            if message.type == "REQUEST" and offer is not None:
                waited += time - offer
                offer = None
        elif _gives_address(message) and offer is None:
            offer = time
        latest = time
        if first is not None and message.type in ("ACK", "NAK", "BOOTREPLY", "REPLY"):
            total += time - first
            first = offer = None
    if first is not None:
        total += max(0, latest - first)
    return total, waited


def _gives_address(message: Message) -> bool:
    if message.type == "ADVERTISE":
        return True
    return message.type == "OFFER" and isinstance(message.dhcp, DhcpMessage) and not is_proxy(message.dhcp)


def _span(messages: Sequence[Message]) -> int:
    return messages[-1].packet.time - messages[0].packet.time if messages else 0


def _union(spans: list[tuple[int, int]]) -> int:
    total, reached = 0, -1
    for start, stop in sorted(spans):
        if stop > reached:
            total += stop - max(start, reached) if reached >= 0 else stop - start
            reached = stop
    return total
