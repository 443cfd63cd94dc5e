"""Firmware that tries one network port after the other (B-27): boots of one machine under several MAC addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from pxedebug.firmware import Phase, gives_up_after_ns, schedule
from pxedebug.firmware.programs import Program
from pxedebug.track.clients import ClientLog
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Boot, Durations, Outcome, Stage, TransferStatus, messages_of

__all__ = ["InterfaceGroup", "join_interfaces"]

_NEXT_PORT = 4 * SECOND
"""From when one port gives up to the next one's first packet: its link comes up."""
_PHASES = {"DISCOVER": Phase.DISCOVER, "BOOTREQUEST": Phase.DISCOVER, "SOLICIT": Phase.SOLICIT}
_GRANTED = frozenset(("ACK", "BOOTREPLY", "REPLY"))
_EARLY = 2 * SECOND
"""By which a program's clock may run ahead of its schedule."""


class InterfaceGroup(NamedTuple):
    """Logs of one machine: a single one, or those that share a UUID."""

    logs: tuple[ClientLog, ...]

    def join(self, boots: list[Boot]) -> list[Boot]:
        """The machine's boots in order, a walk over its ports made one boot."""
        if len(boots) > 1:
            boots.sort(key=lambda boot: boot.started)
        if len(self.logs) == 1 or _at_once(boots):
            return boots
        joined: list[Boot] = []
        ports: set[bytes] = set()
        for boot in boots:
            if joined and boot.client.mac not in ports and _walks_on(joined[-1], boot):
                joined[-1] = _join(joined[-1], boot)
                ports.add(boot.client.mac)
            else:
                joined.append(boot)
                ports = {boot.client.mac}
        return joined


def join_interfaces(logs: Sequence[ClientLog]) -> Iterator[InterfaceGroup]:
    """Groups in order of their first frame; a UUID that several machines share joins only what follows on."""
    by_uuid: dict[bytes, list[ClientLog]] = {}
    for log in logs:
        if log.uuid is not None:
            by_uuid.setdefault(log.uuid, []).append(log)
    shared = {uuid for uuid, group in by_uuid.items() if 1 < len(group) <= 16}
    done: set[bytes] = set()
    for log in logs:
        if log.uuid not in shared:
            yield InterfaceGroup((log,))
        elif log.uuid not in done:
            done.add(log.uuid)
            yield InterfaceGroup(tuple(by_uuid[log.uuid]))


def _at_once(boots: Sequence[Boot]) -> bool:
    """Two boots run at the same time: machines that share a UUID by mistake, not ports tried one after the other."""
    return any(first.ended > second.started for first, second in pairwise(boots))


def _walks_on(first: Boot, second: Boot) -> bool:
    """`second` is the next port of the same machine: it begins after `first` has ended without a file."""
    if second.starts_before_capture or first.outcome in (Outcome.BOOTED, Outcome.LOCAL):
        return False
    loaded = any(t.status is TransferStatus.COMPLETE for stage in first.stages for t in stage.transfers)
    if loaded or second.started <= first.ended:
        return False
    ends = first.ended, *_given_up(first.stages[-1])
    return any(end - _EARLY <= second.started <= end + _NEXT_PORT for end in ends)


def _given_up(stage: Stage) -> Iterator[int]:
    """When the stage's program stops waiting for what it asked for last."""
    program, messages = stage.program, messages_of(stage)
    sent = [message for message in messages if message.from_client]
    if stage.transfers:
        last = stage.transfers[-1]
        tries = takewhile(lambda t: (t.file, t.server) == (last.file, last.server), reversed(stage.transfers))
        request = Phase.TCP_CONNECT if last.protocol == "http" else Phase.TFTP_REQUEST
        yield min(tried.started for tried in tries) + _patience(program, request)
        repeated = max(schedule(program, Phase.TFTP_ACK).sends, default=0)
        yield last.ended + _patience(program, Phase.TFTP_ACK) - round(repeated * SECOND)
    elif sent and messages[-1].type in _GRANTED:
        yield stage.ended + _patience(program, Phase.ARP)
    elif sent:
        last_sent = sent[-1]
        phase = Phase.PROXY if last_sent.port == 4011 else _PHASES.get(last_sent.type, Phase.REQUEST)
        same = (m for m in sent if (m.type, m.port, m.dhcp.xid) == (last_sent.type, last_sent.port, last_sent.dhcp.xid))
        yield min(message.packet.time for message in same) + _patience(program, phase)


def _patience(program: Program, phase: Phase) -> int:
    """From the first send to giving up; firmware whose clock is not known keeps the specification's."""
    known = gives_up_after_ns(schedule(program, phase))
    return known if known is not None else gives_up_after_ns(schedule(Program.INTEL_ROM, phase)) or 0


def _join(first: Boot, second: Boot) -> Boot:
    """One boot of both: the port that came further names the client, at a tie the earlier."""
    further = second if _progress(second.stages) > _progress(first.stages) else first
    outcome, decided = _outcome(first, second, further)
    given_up = tuple(attempt._replace(outcome=_ended(attempt.outcome), followed=True) for attempt in first.attempts)
    return further._replace(
        started=first.started,
        ended=max(first.ended, second.ended),
        outcome=outcome,
        starts_before_capture=first.starts_before_capture,
        durations=_add(first, second),
        stages=first.stages + second.stages,
        attempts=given_up + second.attempts,
        decisive=len(given_up) + second.decisive if decided is second else first.decisive,
        seen_until=second.seen_until,
    )


def _outcome(first: Boot, second: Boot, further: Boot) -> tuple[Outcome, Boot]:
    """As with several methods of one port: `first` has ended, and one that still moves does not change how. With the
    part that decided."""
    if second.outcome is Outcome.BOOTED or (further is second and second.outcome is not Outcome.IN_PROGRESS):
        return second.outcome, second
    return _ended(first.outcome), first


def _ended(outcome: Outcome) -> Outcome:
    """What had not booted when the next port took its turn failed."""
    return Outcome.FAILED if outcome in (Outcome.IN_PROGRESS, Outcome.STALLED) else outcome


def _progress(stages: Iterable[Stage]) -> int:
    return max((3 if s.transfers else 2 if any(e.complete for e in s.exchanges) else 1 for s in stages), default=0)


def _add(first: Boot, second: Boot) -> Durations:
    a, b = first.durations, second.durations
    return Durations(
        a.dhcp + b.dhcp,
        a.dhcp_client_wait + b.dhcp_client_wait,
        a.proxydhcp + b.proxydhcp,
        a.transfer + b.transfer,
        a.other + b.other + max(0, second.started - first.ended),
    )
