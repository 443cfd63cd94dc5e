"""How a boot ended, judged from what the wire shows and the client's own clock (catalogue 1.3, rules V1 to V4).

A boot is cut into attempts, one a method of firmware. Each attempt is judged by the last thing that was going on
in it; then the attempts are weighed: one that booted decides, else the one that came furthest of those that ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pxedebug.firmware.programs import Method, StageKind
from pxedebug.track.dispensable import offers_choice
from pxedebug.track.loaded import booted, boots_from_san, handed_to_disk, loaders, loops
from pxedebug.track.story import Attempt, Outcome, Stage, TransferStatus
from pxedebug.track.waiting import judge_dhcp, judge_transfers

__all__ = ["Surroundings", "Verdict", "decisive", "judge_boot"]


class Surroundings(NamedTuple):
    """What the rest of the capture says about one client's silence."""

    unanswered_arp: Callable[[bytes, int], Sequence[int]]
    """Times at which a MAC asked after a time for an address that never answered."""
    unicast_seen: bool
    """This capture point sees unicast frames of clients at all."""
    hidden: bool = False
    """A filter on ports leaves only DHCP, and perhaps the requests for files, to be seen."""
    disordered: bool = False
    """So many frames stand in the wrong order that nothing can be said to be missing."""


class Verdict(NamedTuple):
    """How a boot ended, attempt by attempt."""

    outcome: Outcome
    attempts: tuple[Attempt, ...]
    decisive: int
    """Which of `attempts` gave the outcome."""


def judge_boot(
    stages: Sequence[Stage], mac: bytes, now: int, surroundings: Surroundings, followed: bool = False
) -> Verdict:
    """How a boot of `stages` ended at capture time `now`.

    `followed` says that the same client began another boot soon after.
    """
    cut = _attempts(stages)
    attempts = []
    for which, part in enumerate(cut):
        over = which < len(cut) - 1 or followed
        before = loaders(part)
        if len(before) < len(part) and not booted(part):  # the system that speaks is the disk's own
            part, over = before, True
            verdict = _before_the_disk(part, _judge_attempt(part, mac, now, surroundings))
        else:
            verdict = _judge_attempt(part, mac, now, surroundings)
        if over:
            unseen = verdict is Outcome.IN_PROGRESS and _goes_on_unseen(part[-1], surroundings)
            verdict = Outcome.INCONCLUSIVE if unseen else _ended(verdict)
        if surroundings.disordered and verdict in (Outcome.FAILED, Outcome.STALLED):
            verdict = Outcome.INCONCLUSIVE
        attempts.append(Attempt(tuple(part), verdict, over))
    return Verdict(attempts[(which := decisive(attempts))].outcome, tuple(attempts), which)


def decisive(attempts: Sequence[Attempt]) -> int:
    """The attempt that speaks for the boot: one that booted, else the one that came furthest of those that ended
    (of equals the earlier), else the last."""
    if len(attempts) == 1:
        return 0
    booted = [which for which, attempt in enumerate(attempts) if attempt.outcome is Outcome.BOOTED]
    if booted:
        return booted[0]
    over = [which for which, attempt in enumerate(attempts) if attempt.outcome is not Outcome.IN_PROGRESS]
    if not over:
        return len(attempts) - 1
    return max(over, key=lambda which: (_depth(attempts[which].stages), -which))


def _attempts(stages: Sequence[Stage]) -> list[list[Stage]]:
    """Stages by the method of firmware that they belong to."""
    attempts: list[list[Stage]] = []
    for stage in stages:
        if not attempts or stage.kind is StageKind.FIRMWARE:
            attempts.append([])
        attempts[-1].append(stage)
    return attempts


def _judge_attempt(stages: Sequence[Stage], mac: bytes, now: int, surroundings: Surroundings) -> Outcome:
    if booted(stages):
        return Outcome.BOOTED
    if loops(stages):
        return Outcome.FAILED
    stage = stages[-1]
    if stage.transfers:
        if handed_to_disk(stage, now):
            return Outcome.LOCAL
        return judge_transfers(stage, stage.program, now, surroundings.unanswered_arp(mac, _last_progress(stage)))
    verdict = judge_dhcp(
        stage,
        stage.program,
        now,
        surroundings.unanswered_arp(mac, stage.started),
        unicast_seen=surroundings.unicast_seen,
        hidden=surroundings.hidden,
    )
    v6 = stage.method in (Method.PXE_V6, Method.HTTP_V6)
    if v6 and verdict is Outcome.STALLED and any(exchange.complete for exchange in stage.exchanges):
        return Outcome.INCONCLUSIVE  # what follows a REPLY over IPv6 is not judged yet
    if verdict is Outcome.STALLED and boots_from_san(stage):
        return Outcome.IN_PROGRESS
    return Outcome.LOCAL if verdict is Outcome.STALLED and handed_to_disk(stage, now) else verdict


def _before_the_disk(stages: Sequence[Stage], verdict: Outcome) -> Outcome:
    """Loaders whose machine then started its own disk: where a menu stood last, somebody chose that."""
    chosen = verdict is Outcome.IN_PROGRESS and any(offers_choice(transfer) for transfer in stages[-1].transfers)
    return Outcome.LOCAL if chosen else verdict


def _goes_on_unseen(stage: Stage, surroundings: Surroundings) -> bool:
    """The client has its address, and this capture point does not show what it does with it."""
    visible = surroundings.unicast_seen and not surroundings.hidden
    return not visible and not stage.transfers and any(exchange.complete for exchange in stage.exchanges)


def _last_progress(stage: Stage) -> int:
    return max(transfer.ended for transfer in stage.transfers)


def _ended(verdict: Outcome) -> Outcome:
    """Firmware went on to its next entry: what had not booted by then failed (rule V2 b)."""
    return Outcome.FAILED if verdict in (Outcome.IN_PROGRESS, Outcome.STALLED) else verdict


def _depth(stages: Sequence[Stage]) -> tuple[int, int]:
    """How far an attempt came: files, then transfers begun, then steps of DHCP."""
    transfers = [transfer for stage in stages for transfer in stage.transfers]
    files = sum(transfer.status is TransferStatus.COMPLETE for transfer in transfers)
    exchanges = [exchange for stage in stages for exchange in stage.exchanges]
    steps = (
        3 if transfers else 2 if any(e.complete for e in exchanges) else 1 if any(e.offers for e in exchanges) else 0
    )
    return files, steps
