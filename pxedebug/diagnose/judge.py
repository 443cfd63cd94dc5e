"""From what the rules say about one boot to its findings and its outcome.

Each attempt is judged by itself: specific findings make generic ones superfluous, success forgives what came before
it, and a fatal finding that is certain or strong makes the attempt failed. The attempt that came furthest then speaks
for the boot, and of its findings the one at the furthest step is primary, moved along `precedence.CAUSES` where an
earlier one brought it about. What other attempts found is explanation only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.finding import Confidence, Finding, Found, Severity
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.precedence import (
    CAUSES,
    CONTRIBUTING,
    KEPT_AFTER_SUCCESS,
    PROVED_BY_ACK,
    SUPPRESSES,
    TOLD_AFTER_DELIVERY,
)
from pxedebug.diagnose.rule import BAD, Reach, Rule, Screen, Step
from pxedebug.diagnose.screens import code_of_machine
from pxedebug.diagnose.unknown import UNKNOWN
from pxedebug.diagnose.values import remedy_values
from pxedebug.track.outcome import decisive
from pxedebug.track.story import Boot, Outcome
from pxedebug.wire.dhcp.architectures import is_uefi

__all__ = ["OnError", "RuleIndex", "judge_boot"]

_DONE = (Outcome.BOOTED, Outcome.LOCAL)


class RuleIndex:
    """Rules by how far an attempt came and how it ended."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._steps = {rule.id: rule.step for rule in rules}
        self._picked: dict[tuple[Reach, Outcome], tuple[Rule, ...]] = {}

    def pick(self, reach: Reach, outcome: Outcome) -> tuple[Rule, ...]:
        """The rules that look at such an attempt."""
        key = reach, outcome
        if key not in self._picked:
            self._picked[key] = tuple(r for r in self._rules if reach in r.reach and outcome in r.outcomes)
        return self._picked[key]

    def step(self, rule: Rule) -> Step:
        """Where a rule's findings are weighed: at its own step or the furthest of those that it suppresses."""
        parents = [self._steps[parent] for parent in SUPPRESSES.get(rule.id, ()) if parent in self._steps]
        return max([rule.step, *parents])


@dataclass(slots=True)
class _Weighed:
    """One finding while it is weighed."""

    rule: Rule
    found: Found
    severity: Severity
    caused_by: str | None = None
    primary: bool = False


@dataclass(slots=True)
class _Judged:
    """One attempt with its findings."""

    case: Case
    findings: list[_Weighed]
    outcome: Outcome


OnError = Callable[[Rule, Exception], None]
"""Told of a rule that raised: it is left out of the attempt at hand."""


def judge_boot(
    boot: Boot, number: int, network: Network, rules: RuleIndex, on_error: OnError | None = None
) -> tuple[Boot, tuple[Finding, ...]]:
    """The boot with the outcome that its findings prove, and these, the primary one first.

    Without `on_error` a rule that raises ends the judging.
    """
    cases = [Case(boot, number, which) for which in range(len(boot.attempts))]
    judged = [_judge_attempt(case, network, rules, on_error) for case in cases]
    attempts = tuple(j.case.attempt._replace(outcome=j.outcome) for j in judged)
    # An outcome that no finding changed is the tracker's: it weighs interfaces of one machine, too.
    changed = any(j.outcome is not j.case.outcome for j in judged)
    speaks = decisive(attempts) if changed else boot.decisive
    outcome = attempts[speaks].outcome if changed else boot.outcome
    boot = boot._replace(outcome=outcome, attempts=attempts, decisive=speaks)
    findings = judged[speaks].findings if judged else []
    if outcome in BAD and judged:
        _choose_primary(judged[speaks], network, rules)
    else:
        _cap(findings, Severity.WARNING)
    for which, other in enumerate(judged):
        if which != speaks:
            _cap(other.findings, Severity.INFO)
            findings = findings + other.findings
    ordered = sorted(findings, key=lambda w: (not w.primary, -w.severity, -w.found.confidence))
    return boot, tuple(_finding(weighed, network) for weighed in _told_once(ordered))


def _judge_attempt(case: Case, network: Network, rules: RuleIndex, on_error: OnError | None) -> _Judged:
    weighed: list[_Weighed] = []
    for rule in rules.pick(case.reach, case.outcome):
        try:
            weighed += [
                _Weighed(rule, found, rule.severity if found.severity is None else found.severity)
                for found in rule.check(case, network)
            ]
        except Exception as error:
            if on_error is None:
                raise
            on_error(rule, error)
    if not weighed:
        return _Judged(case, weighed, case.outcome)
    _forgive(case, weighed)
    weighed = _specific(weighed)
    outcome = case.outcome
    proved = any(w.severity is Severity.FATAL and w.found.confidence >= Confidence.STRONG for w in weighed)
    if proved and outcome not in _DONE:
        outcome = Outcome.FAILED
    return _Judged(case, weighed, outcome)


def _forgive(case: Case, weighed: Sequence[_Weighed]) -> None:
    """Success suppresses: what a later packet of the attempt proves to work was no fault (catalogue 8, rule 3)."""
    if case.outcome in _DONE:
        for each in weighed:
            kept = each.rule.id in KEPT_AFTER_SUCCESS
            each.severity = min(each.severity, Severity.WARNING if kept else Severity.INFO)
        return
    for each in weighed:
        if _passed(each):
            each.severity = min(each.severity, Severity.WARNING)


def _passed(weighed: _Weighed) -> bool:
    """A later packet shows that the boot got past this."""
    rule, turn = weighed.rule, weighed.found.turn
    if rule.step is Step.POST_NBP:
        return False
    later = not turn.last
    if rule.id in PROVED_BY_ACK:
        return later or turn.ack is not None
    if rule.step < Step.TFTP and rule.id not in TOLD_AFTER_DELIVERY:
        return later or bool(turn.whole())
    latest = max((evidence.frame for evidence in weighed.found.evidence), default=0)
    return any(t.first_frame > latest for t in turn.whole())


def _specific(weighed: list[_Weighed]) -> list[_Weighed]:
    """Without the generic findings that a specific one makes superfluous."""
    superfluous: set[str] = set()
    for each in weighed:
        if each.severity >= Severity.ERROR:
            superfluous |= SUPPRESSES.get(each.rule.id, frozenset())
    return [each for each in weighed if each.rule.id not in superfluous]


def _choose_primary(judged: _Judged, network: Network, rules: RuleIndex) -> None:
    findings = judged.findings
    grave = [each for each in findings if each.severity >= Severity.ERROR]
    if not grave:
        grave = [_Weighed(UNKNOWN, found, UNKNOWN.severity) for found in UNKNOWN.check(judged.case, network)]
        findings += grave
    explaining = [each for each in grave if each.rule.id not in CONTRIBUTING] or grave
    primary = max(
        explaining,
        key=lambda w: (w.found.turn.index, rules.step(w.rule), w.found.confidence, w.severity, -explaining.index(w)),
    )
    primary = _traced(primary, grave)
    primary.primary = True
    present = {each.rule.id for each in findings if each.severity >= Severity.WARNING}
    for each in findings:
        causes = [cause for cause in present if each.rule.id in CAUSES.get(cause, ()) and cause != each.rule.id]
        if each is not primary and causes:
            each.caused_by = primary.rule.id if primary.rule.id in causes else min(causes)


def _traced(effect: _Weighed, grave: Sequence[_Weighed]) -> _Weighed:
    """Back along the named edges to the finding that brought `effect` about."""
    seen = {effect.rule.id}
    while True:
        causes = [w for w in grave if effect.rule.id in CAUSES.get(w.rule.id, ()) and w.rule.id not in seen]
        if not causes:
            return effect
        effect = max(causes, key=lambda w: (w.found.confidence, w.severity))
        seen.add(effect.rule.id)


def _told_once(findings: Sequence[_Weighed]) -> list[_Weighed]:
    """One finding an id: of several the gravest, as ordered; the others' frames are added to its evidence."""
    kept: dict[str, _Weighed] = {}
    for each in findings:
        first = kept.setdefault(each.rule.id, each)
        if first is not each:
            known = {evidence.frame for evidence in first.found.evidence}
            added = tuple(evidence for evidence in each.found.evidence if evidence.frame not in known)
            first.found = first.found._replace(evidence=first.found.evidence + added)
    return list(kept.values())


def _cap(findings: Iterable[_Weighed], most: Severity) -> None:
    for each in findings:
        each.severity = min(each.severity, most)


def _finding(weighed: _Weighed, network: Network) -> Finding:
    rule, found = weighed.rule, weighed.found
    sentences = [found.says[:1].upper() + found.says[1:] + ".", found.more]
    if found.absence or found.confidence is Confidence.INFERRED:
        sentences.append(network.vantage_words)
    measure = found.next_measurement or rule.next_measurement
    values = remedy_values(found)
    return Finding(
        id=rule.id,
        severity=weighed.severity,
        confidence=found.confidence,
        primary=weighed.primary,
        caused_by=weighed.caused_by,
        title=rule.title if found.title is None else found.title,
        says=found.says,
        explanation=" ".join(filter(None, sentences)),
        evidence=found.evidence,
        screen=_screen(rule.screens if found.screens is None else found.screens, found.turn),
        causes=rule.causes if found.causes is None else found.causes,
        remedies=tuple(
            remedy.filled(values) for remedy in (rule.remedies if found.remedies is None else found.remedies)
        ),
        next_measurement=None if found.confidence is Confidence.CERTAIN else measure,
        step=str(rule.step if found.step is None else found.step),
        server=found.server,
    )


def _screen(screens: Sequence[Screen], turn: Turn) -> tuple[str, ...]:
    """What this program prints; where nothing is known of it, what any does."""
    own = [screen.text for screen in screens if turn.program in screen.programs]
    shown = own or [screen.text for screen in screens if not screen.programs]
    uefi = any(is_uefi(code) for code in turn.case.client.architectures)
    return tuple(code_of_machine(text, uefi=uefi) if turn.case.client.architectures else text for text in shown)
