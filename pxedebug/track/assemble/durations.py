"""Where a boot's time went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pxedebug.firmware import choose_offer
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Durations, Message, Stage, messages_of
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["durations"]

Span = tuple[int, int]

_OFFERS = 64
"""Offers of one run among which a usable one is looked for."""


def durations(stages: Sequence[Stage], started: int, ended: int) -> Durations:
    """Nanoseconds of each kind.

    What happens at the same time counts once: as DHCP, else as port 4011, else as a transfer. `other` is the rest, so
    that the parts add up to `ended` less `started`.
    """
    dhcp: list[Span] = []
    waits: list[Span] = []
    proxy: list[Span] = []
    for stage in stages:
        messages = messages_of(stage)
        runs = _runs([message for message in messages if message.port != 4011], stage.program)
        dhcp += runs.spans
        waits += runs.waits
        asked = [message.packet.time for message in messages if message.port == 4011]
        proxy += [(asked[0], asked[-1])] if asked else []
    transfers = [(t.started, t.ended) for stage in stages for t in stage.transfers]
    # Timestamps may run backwards: nothing lasts less than no time, and nothing longer than the boot.
    dhcp, proxy, transfers = (
        [(max(start, started), min(stop, ended)) for start, stop in spans if max(start, started) < min(stop, ended)]
        for spans in (dhcp, proxy, transfers)
    )
    in_dhcp, in_proxy, in_all = _length(dhcp), _length(dhcp + proxy), _length(dhcp + proxy + transfers)
    waited = min(in_dhcp, _length([(start, stop) for start, stop in waits if start < stop]))
    return Durations(in_dhcp, waited, in_proxy - in_dhcp, in_all - in_proxy, ended - started - in_all)


@dataclass(slots=True)
class _Runs:
    """Runs of DHCP, each from its first DISCOVER to its ACK, and the parts that passed with a usable offer in hand."""

    spans: list[Span] = field(default_factory=list)
    waits: list[Span] = field(default_factory=list)


def _runs(messages: Sequence[Message], program: Program) -> _Runs:
    runs = _Runs()
    run: list[Message] = []
    for message in messages:
        if not run and not message.from_client:
            continue
        run.append(message)
        if message.type in ("ACK", "NAK", "BOOTREPLY", "REPLY"):
            _close(runs, run, program)
            run = []
    if run:
        _close(runs, run, program)
    return runs


def _close(runs: _Runs, run: Sequence[Message], program: Program) -> None:
    runs.spans.append((run[0].packet.time, run[-1].packet.time))
    request = next((message.packet.time for message in run if message.type == "REQUEST" and message.from_client), None)
    if request is None:
        return
    offers = [m for m in run if m.type in ("OFFER", "ADVERTISE") and m.packet.time <= request]
    usable = _first_usable(offers[:_OFFERS], program)
    if usable is not None:
        runs.waits.append((usable, request))


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
