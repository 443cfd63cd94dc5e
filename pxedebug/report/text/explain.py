"""The catalogue in words: every rule in a line, one rule in full, and what a code on a screen can mean."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from rich.text import Text

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.screens import codes_like, rules_on_screen
from pxedebug.report.text.output import Output
from pxedebug.report.text.remedies import write_remedies
from pxedebug.report.verdict import STEP_WORDS
from pxedebug.report.words import count, safe

__all__ = ["write_answer", "write_catalogue"]

_IN_FULL = 1
"""Findings that one code leads to and that are printed whole; of more there is a list."""


def write_catalogue(rules: Sequence[Rule], output: Output) -> None:
    """Every rule, by the step at which it strikes."""
    width = max(len(rule.id) for rule in rules)
    for step, words in STEP_WORDS.items():
        mine = [rule for rule in rules if str(rule.step) == step]
        if not mine:
            continue
        output.heading(Text(f"What goes wrong {words}", "bold"))
        for rule in mine:
            output.hanging(f"{rule.id:<{width}}  ", Text(rule.title), indent=1)
        output.line()
    output.line(Text("`pxedebug explain ID` tells more; so does a code from a machine's screen.", "dim"))


def write_answer(query: str, rules: Sequence[Rule], output: Output) -> bool:
    """Write what is known of an id, a code or a message; False when nothing is."""
    exact = [rule for rule in rules if rule.id == query.lower()]
    if exact:
        _write_rule(exact[0], output)
        return True
    codes, found = codes_like(query), rules_on_screen(query, rules)
    for code in codes:
        output.hanging(f"{code.code}  ", Text.assemble((f"{code.who}: ", "bold"), code.meaning), indent=0)
    if found:
        if codes:
            output.line()
        _write_candidates(found, query, output)
    if codes or found:
        return True
    close = get_close_matches(query.lower(), [rule.id for rule in rules], n=3, cutoff=0.6)
    partial = [rule.id for rule in rules if query.lower() in rule.id][:8]
    for name in partial or close:
        output.line(Text(f"Did you mean {name}?"))
    return bool(partial or close)


def _write_candidates(found: Sequence[Rule], query: str, output: Output) -> None:
    if len(found) <= _IN_FULL:
        for rule in found:
            _write_rule(rule, output)
        return
    words = f"{count(len(found), 'finding')} can print {safe(query)}; a capture tells which (`pxedebug analyze FILE`):"
    output.paragraph(Text(words), indent=0)
    width = max(len(rule.id) for rule in found)
    for rule in found:
        output.hanging(f"{rule.id:<{width}}  ", Text(rule.title), indent=1)


def _write_rule(rule: Rule, output: Output) -> None:
    output.heading(Text(f"{rule.id}  {rule.title}", "bold"))
    output.paragraph(Text(f"{rule.severity}, {STEP_WORDS[str(rule.step)]}", "dim"), indent=1)
    output.items("On the screen", [screen.text for screen in rule.screens])
    output.items("Likely causes", rule.causes, numbered=True)
    write_remedies((remedy.filled({}) for remedy in rule.remedies), output, str)
    output.items("To be sure", [rule.next_measurement] if rule.next_measurement else [])
    output.items("Sources", rule.sources)
