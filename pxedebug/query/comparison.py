"""Two boots side by side: where they part, and everything in which they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.query.steps import Step, methods_of, steps_of
from pxedebug.track.story import Outcome

__all__ = ["Comparison", "Difference", "compare_boots", "likely_pair"]

_RANK = {
    Outcome.BOOTED: 5, Outcome.LOCAL: 4, Outcome.IN_PROGRESS: 3, Outcome.INCONCLUSIVE: 2, Outcome.STALLED: 1,
    Outcome.FAILED: 0,
}  # fmt: skip


class Difference(NamedTuple):
    """One thing that is not the same; None where a side does not have it at all."""

    step: str
    """Which step of the boot, as `Step.label`."""
    field: str
    """Which part of the step; empty where the whole step is missing on one side."""
    left: str | None
    right: str | None
    left_frame: int | None
    right_frame: int | None


class Comparison(NamedTuple):
    """What `compare_boots` found."""

    left: JudgedBoot
    right: JudgedBoot
    same: int
    """Steps at the start that are the same in both."""
    differences: tuple[Difference, ...]
    """In the order of the boot: the first is where they part."""


def compare_boots(left: JudgedBoot, right: JudgedBoot) -> Comparison:
    """Hold `right` against `left`, ignoring what always differs (ids, times, addresses)."""
    several = any(len(methods_of(judged.boot)) > 1 for judged in (left, right))
    first, second = (steps_of(judged.boot, name_methods=several) for judged in (left, right))
    differences: list[Difference] = []
    same, parted = 0, False
    matcher = SequenceMatcher(a=[step.label for step in first], b=[step.label for step in second], autojunk=False)
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        if kind == "equal":
            for one, other in zip(first[a:a_end], second[b:b_end], strict=True):
                found = list(_fields(one, other))
                parted |= bool(found)
                same += not parted
                differences += found
            continue
        parted = True
        differences += [Difference(step.label, "", _told(step), None, step.frame, None) for step in first[a:a_end]]
        differences += [Difference(step.label, "", None, _told(step), None, step.frame) for step in second[b:b_end]]
    return Comparison(left, right, same, tuple(differences))


def likely_pair(left: Sequence[JudgedBoot], right: Sequence[JudgedBoot]) -> tuple[JudgedBoot, JudgedBoot] | None:
    """The boots that a user means who names two captures: the best of the one, the worst of the other."""
    if not left or not right:
        return None
    best = max(left, key=lambda judged: (_RANK[judged.boot.outcome], -judged.boot.started))
    others = [judged for judged in right if judged is not best] or right
    return best, min(others, key=lambda judged: (_RANK[judged.boot.outcome], judged.boot.started))


def _fields(one: Step, other: Step) -> Iterator[Difference]:
    for name in dict.fromkeys((*one.facts, *other.facts)):
        left, right = one.facts.get(name), other.facts.get(name)
        if left != right:
            yield Difference(one.label, name, left, right, one.frame, other.frame)


def _told(step: Step) -> str:
    """A step that only one side has, shortly."""
    return ", ".join(step.facts[name] for name in ("file", "result", "boot file (header)") if name in step.facts)
