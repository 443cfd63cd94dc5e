"""How a boot ended, judged from what the wire shows and the client's own clock (catalogue 1.3, rules V1 to V4).

A boot is cut into attempts, one a method of firmware. Each attempt is judged by the last thing that was going on
in it; then the attempts are weighed: one that booted decides, else the one that came furthest of those that ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.track.loaded import booted, handed_to_disk, loops
from pxedebug.track.story import Outcome, Stage, TransferStatus
from pxedebug.track.waiting import judge_dhcp, judge_transfers

__all__ = ["Surroundings", "judge_boot"]


class Surroundings(NamedTuple):
    """What the rest of the capture says about one client's silence."""

    unanswered_arp: Callable[[bytes, int], Sequence[int]]
    """Times at which a MAC asked after a time for an address that never answered."""
    unicast_seen: bool
    """This capture point sees unicast frames of clients at all."""
    hidden: bool = False
    """A filter on ports leaves only DHCP, and perhaps the requests for files, to be seen."""


def judge_boot(
    stages: Sequence[Stage],
    programs: Sequence[Program],
    mac: bytes,
    now: int,
    surroundings: Surroundings,
    followed: bool = False,
) -> Outcome:
    """The outcome of a boot of `stages`, spoken by `programs`, at capture time `now`.

    `followed` says that the same client began another boot soon after.
    """
    attempts = _attempts(stages, programs)
    verdicts = []
    for which, attempt in enumerate(attempts):
        verdict = _judge_attempt(attempt, mac, now, surroundings)
        if which < len(attempts) - 1 or followed:
            verdict = _ended(verdict)
        verdicts.append(verdict)
    if Outcome.BOOTED in verdicts:
        return Outcome.BOOTED
    over = [which for which, verdict in enumerate(verdicts) if verdict is not Outcome.IN_PROGRESS]
    if not over:
        return Outcome.IN_PROGRESS
    return verdicts[max(over, key=lambda which: (_depth(attempts[which]), -which))]


Attempt = list[tuple[Stage, Program]]


def _attempts(stages: Sequence[Stage], programs: Sequence[Program]) -> list[Attempt]:
    """Stages by the method of firmware that they belong to."""
    attempts: list[Attempt] = []
    for stage, program in zip(stages, programs, strict=True):
        if not attempts or stage.kind is StageKind.FIRMWARE:
            attempts.append([])
        attempts[-1].append((stage, program))
    return attempts


def _judge_attempt(attempt: Attempt, mac: bytes, now: int, surroundings: Surroundings) -> Outcome:
    stages = [stage for stage, _ in attempt]
    if booted(stages):
        return Outcome.LOCAL if _system_of_the_disk(stages, now) else Outcome.BOOTED
    if loops(stages):
        return Outcome.FAILED
    stage, program = attempt[-1]
    if stage.transfers:
        if handed_to_disk(stage, now):
            return Outcome.LOCAL
        return judge_transfers(stage, program, now, surroundings.unanswered_arp(mac, _last_progress(stage)))
    verdict = judge_dhcp(
        stage,
        program,
        now,
        surroundings.unanswered_arp(mac, stage.started),
        unicast_seen=surroundings.unicast_seen,
        hidden=surroundings.hidden,
    )
    v6 = stage.method in (Method.PXE_V6, Method.HTTP_V6)
    if v6 and verdict is Outcome.STALLED and any(exchange.complete for exchange in stage.exchanges):
        return Outcome.INCONCLUSIVE  # what follows a REPLY over IPv6 is not judged yet
    return Outcome.LOCAL if verdict is Outcome.STALLED and handed_to_disk(stage, now) else verdict


def _system_of_the_disk(stages: Sequence[Stage], now: int) -> bool:
    """The system that speaks was not loaded over the network: the loader before it handed over to the disk."""
    loaders = [stage for stage in stages if stage.kind is not StageKind.OS]
    return bool(loaders) and not booted(loaders) and handed_to_disk(loaders[-1], now)


def _last_progress(stage: Stage) -> int:
    return max(transfer.ended for transfer in stage.transfers)


def _ended(verdict: Outcome) -> Outcome:
    """Firmware went on to its next entry: what had not booted by then failed (rule V2 b)."""
    return Outcome.FAILED if verdict in (Outcome.IN_PROGRESS, Outcome.STALLED) else verdict


def _depth(attempt: Attempt) -> tuple[int, int]:
    """How far an attempt came: files, then transfers begun, then steps of DHCP."""
    transfers = [transfer for stage, _ in attempt for transfer in stage.transfers]
    files = sum(transfer.status is TransferStatus.COMPLETE for transfer in transfers)
    exchanges = [exchange for stage, _ in attempt for exchange in stage.exchanges]
    steps = (
        3 if transfers else 2 if any(e.complete for e in exchanges) else 1 if any(e.offers for e in exchanges) else 0
    )
    return files, steps
