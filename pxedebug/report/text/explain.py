"""The catalogue in words: every rule in a line, one rule in full, and what a code on a screen can mean."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from rich.text import Text

from pxedebug.diagnose.precedence import CAUSES, SUPPRESSES
from pxedebug.diagnose.rule import EXAMPLES, Rule, Screen
from pxedebug.diagnose.screens import codes_like, rules_on_screen
from pxedebug.firmware.programs import Program
from pxedebug.report.text.output import Output
from pxedebug.report.text.remedies import write_remedies
from pxedebug.report.verdict import STEP_WORDS
from pxedebug.report.words import count, safe

__all__ = ["similar_ids", "write_answer", "write_catalogue"]

_WHO = {
    Program.INTEL_ROM: "Intel ROM",
    Program.EDK2: "UEFI PXE",
    Program.EDK2_HTTP: "UEFI HTTP boot",
    Program.IPXE: "iPXE",
    Program.U_BOOT: "U-Boot",
    Program.GRUB: "GRUB",
    Program.PXELINUX: "PXELINUX",
    Program.WINDOWS_LOADER: "Windows",
    Program.RASPBERRY_PI: "Raspberry Pi",
}
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
    return bool(codes or found)


def similar_ids(query: str, rules: Sequence[Rule]) -> list[str]:
    """Ids that `query` is a part of, or that are spelled much like it."""
    partial = [rule.id for rule in rules if query.lower() in rule.id][:8]
    return partial or get_close_matches(query.lower(), [rule.id for rule in rules], n=3, cutoff=0.6)


def _write_candidates(found: Sequence[Rule], query: str, output: Output) -> None:
    if len(found) <= _IN_FULL:
        for rule in found:
            _write_rule(rule, output)
        return
    words = f"{count(len(found), 'finding')} can put {safe(query)} on a screen; a capture tells which it is:"
    output.paragraph(Text(words), indent=0)
    width = max(len(rule.id) for rule in found) + 2
    ids = {rule.id for rule in found}
    for step, where in STEP_WORDS.items():
        # A generic finding first, then what says the same more precisely.
        generic = [rule for rule in found if str(rule.step) == step and not SUPPRESSES.get(rule.id, frozenset()) & ids]
        specific = [rule for rule in found if str(rule.step) == step and rule not in generic]
        if generic or specific:
            output.line(Text(f" {where}", "bold"))
        for rule in generic:
            output.hanging(f"{rule.id:<{width}}  ", Text(rule.title), indent=1)
        for rule in specific:
            output.hanging(f"  {rule.id:<{width - 2}}  ", Text(rule.title, "dim"), indent=1)


def _write_rule(rule: Rule, output: Output) -> None:
    output.heading(Text(f"{rule.id}  {rule.title}", "bold"))
    output.paragraph(Text(f"{rule.severity}, {STEP_WORDS[str(rule.step)]}", "dim"), indent=1)
    output.items("On the screen", dict.fromkeys(_shown(screen) for screen in rule.screens))
    output.items("Likely causes", rule.causes, numbered=True)
    write_remedies((remedy.filled(EXAMPLES) for remedy in rule.remedies), output, str)
    output.items("To be sure", [rule.next_measurement] if rule.next_measurement else [])
    output.items("Sources", rule.sources)
    output.items("Instead of, being more precise", sorted(SUPPRESSES.get(rule.id, ())))
    output.items("Can bring about", sorted(CAUSES.get(rule.id, ())))


def _shown(screen: Screen) -> str:
    """A screen's text with the programs that print it."""
    who = dict.fromkeys(words for program, words in _WHO.items() if program in screen.programs)
    return f"{', '.join(who)}: {screen.text}" if who else screen.text
