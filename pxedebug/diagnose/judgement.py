"""A whole story judged: every boot with its findings, and the findings that several clients share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from pxedebug.diagnose.builtin import builtin_rules
from pxedebug.diagnose.finding import Finding, NetworkFinding
from pxedebug.diagnose.grouping import Hit, grouped
from pxedebug.diagnose.judge import OnError, RuleIndex, judge_boot
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.silent_machine import silent_machine
from pxedebug.track.story import Boot, Outcome, Story
from pxedebug.wire.packet import Address

__all__ = ["JudgedBoot", "Judgement", "judge"]

_BOOTS_HELD = 2_000
"""Boots that are kept assembled between judging and reporting; of more each is assembled once more."""


class JudgedBoot(NamedTuple):
    """One boot with its findings, the primary one first."""

    number: int
    """From 1, in the order in which the boots of the whole capture began."""
    boot: Boot
    """With the outcome, of its attempts too, that the findings prove, and the attempt that decides by them."""
    findings: tuple[Finding, ...]

    @property
    def primary(self) -> Finding | None:
        """The finding that explains a failed or stalled boot; None on any other."""
        return self.findings[0] if self.findings and self.findings[0].primary else None


class _Verdict(NamedTuple):
    """What judging one boot changed: little enough to be kept for every boot of a long capture."""

    outcome: Outcome
    attempts: tuple[Outcome, ...]
    decisive: int
    findings: tuple[Finding, ...]

    def on(self, boot: Boot) -> Boot:
        """The boot with the outcomes that the findings prove."""
        outcomes = zip(boot.attempts, self.attempts, strict=True)
        attempts = tuple(attempt._replace(outcome=outcome) for attempt, outcome in outcomes)
        return boot._replace(outcome=self.outcome, attempts=attempts, decisive=self.decisive)


class Judgement:
    """The findings of a story. Made by `judge`."""

    def __init__(
        self,
        story: Story,
        boots: Iterable[Boot],
        verdicts: dict[int, _Verdict],
        findings: tuple[NetworkFinding, ...],
    ) -> None:
        self.story = story
        self.findings = findings
        """Those that hit three clients or more, and machines that were expected and say nothing."""
        self._boots = boots
        self._verdicts = verdicts
        """By number, where a boot has findings."""

    def boots(self) -> Iterator[JudgedBoot]:
        """All boots in the order in which they began; may be asked for again."""
        for number, boot in enumerate(self._boots, start=1):
            verdict = self._verdicts.get(number)
            if verdict is None:
                yield JudgedBoot(number, boot, ())
            else:
                yield JudgedBoot(number, verdict.on(boot), verdict.findings)


def judge(
    story: Story,
    rules: Sequence[Rule] | None = None,
    *,
    allowed_servers: Iterable[Address] = (),
    expected: Iterable[bytes] = (),
    on_error: OnError | None = None,
) -> Judgement:
    """Judge every boot of `story` by `rules` (the built-in ones unless given).

    `allowed_servers` are the addresses of the legitimate DHCP and boot servers; when any is named, every other server
    is an intruder. `expected` are hardware addresses of machines that should be here: of one that the capture shows
    to be silent, that is said. `on_error` is told of rules that raise, and judging goes on; without it they end it.
    """
    boots = _held(story.boots)
    network = Network(story, boots, frozenset(allowed_servers))
    index = RuleIndex(builtin_rules() if rules is None else rules)
    verdicts: dict[int, _Verdict] = {}
    hits: list[Hit] = []
    for number, boot in enumerate(boots, start=1):
        judged, findings = judge_boot(boot, number, network, index, on_error)
        if findings or judged.outcome is not boot.outcome:
            outcomes = tuple(attempt.outcome for attempt in judged.attempts)
            verdicts[number] = _Verdict(judged.outcome, outcomes, judged.decisive, findings)
            hits += [Hit(number, boot.client, boot.started, finding) for finding in findings]
    silent = tuple(found for mac in expected if (found := silent_machine(story, mac, network)) is not None)
    groups = grouped(hits)
    for group in groups:
        for number in group.boots:
            verdict = verdicts[number]
            named = tuple(_named(finding, group) for finding in verdict.findings)
            verdicts[number] = verdict._replace(findings=named)
    return Judgement(story, boots, verdicts, silent + groups)


def _named(finding: Finding, group: NetworkFinding) -> Finding:
    same = finding.id == group.finding.id and finding.server == group.server
    return finding._replace(group=group.finding.group) if same else finding


def _held(boots: Iterable[Boot]) -> Iterable[Boot]:
    """The boots themselves where they are few, so that they are assembled once."""
    few = tuple(islice(iter(boots), _BOOTS_HELD + 1))
    return few if len(few) <= _BOOTS_HELD else boots
