"""Where a boot's time went."""

from __future__ import annotations

from collections.abc import Sequence

from pxedebug.firmware import choose_offer
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Durations, Message, Stage, messages_of
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["durations"]

Span = tuple[int, int]

_OFFERS = 64
"""Offers of one run among which a usable one is looked for."""
_OFFERING = frozenset(("OFFER", "ADVERTISE"))
_ENDS = frozenset(("ACK", "NAK", "BOOTREPLY", "REPLY"))


def durations(stages: Sequence[Stage], started: int, ended: int) -> Durations:
    """Nanoseconds of each kind.

    What happens at the same time counts once: as DHCP, else as port 4011, else as a transfer. `other` is the rest, so
    that the parts add up to `ended` less `started`.
    """
    dhcp: list[Span] = []
    waits: list[Span] = []
    proxy: list[Span] = []
    transfers: list[Span] = []
    for stage in stages:
        asked: list[int] = []
        run: list[Message] = []
        for message in messages_of(stage):
            if message.port == 4011:
                asked.append(message.packet.time)
            elif run or message.from_client:
                run.append(message)
                if message.type in _ENDS:
                    _close(run, stage.program, dhcp, waits)
                    run = []
        if run:
            _close(run, stage.program, dhcp, waits)
        if asked:
            proxy.append((asked[0], asked[-1]))
        if stage.transfers:
            transfers += [(transfer.started, transfer.ended) for transfer in stage.transfers]
    # Timestamps may run backwards: nothing lasts less than no time, and nothing longer than the boot.
    in_dhcp = in_proxy = _length(spans := _within(dhcp, started, ended))
    if proxy:
        in_proxy = _length(spans := spans + _within(proxy, started, ended))
    in_all = _length(spans + _within(transfers, started, ended)) if transfers else in_proxy
    waited = min(in_dhcp, _length([(start, stop) for start, stop in waits if start < stop]))
    return Durations(in_dhcp, waited, in_proxy - in_dhcp, in_all - in_proxy, ended - started - in_all)


def _within(spans: Sequence[Span], started: int, ended: int) -> list[Span]:
    """The parts of the spans that lie in the boot."""
    cut = [(max(start, started), min(stop, ended)) for start, stop in spans]
    return [(start, stop) for start, stop in cut if start < stop]


def _close(run: Sequence[Message], program: Program, spans: list[Span], waits: list[Span]) -> None:
    """Add a run of DHCP, from its first DISCOVER to its ACK, and the part that passed with a usable offer in hand."""
    spans.append((run[0].packet.time, run[-1].packet.time))
    request = next((message.packet.time for message in run if message.type == "REQUEST" and message.from_client), None)
    if request is None:
        return
    offers = [message for message in run if message.type in _OFFERING and message.packet.time <= request]
    usable = _first_usable(offers[:_OFFERS], program)
    if usable is not None:
        waits.append((usable, request))


def _first_usable(offers: Sequence[Message], program: Program) -> int | None:
    """When the client first had an offer that it would take; a taken offer that no table explains counts at once."""
    if len(offers) == 1:
        return offers[0].packet.time
    told: list[DhcpMessage] = []
    for offer in offers:
        if not isinstance(offer.dhcp, DhcpMessage):
            return offer.packet.time
        told.append(offer.dhcp)
        if choose_offer(told, program) is not None:
            return offer.packet.time
    return offers[0].packet.time if offers else None


def _length(spans: Sequence[Span]) -> int:
    """Time covered by any of the spans."""
    if len(spans) < 2:
        return spans[0][1] - spans[0][0] if spans else 0
    total, reached = 0, None
    for start, stop in sorted(spans):
        if reached is None or start > reached:
            total, reached = total + stop - start, stop
        elif stop > reached:
            total, reached = total + stop - reached, stop
    return total
