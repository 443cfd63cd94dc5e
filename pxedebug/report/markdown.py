"""The report as Markdown for a ticket or a chat: verdicts, evidence and remedies as lists, ladders as code.

No string from the wire is Markdown: names stand in code spans, everything else is escaped (CommonMark section 2.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import TextIO

from pxedebug.diagnose import Finding, Severity
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.diagnose.rule import Remedy
from pxedebug.report import client as of
from pxedebug.report.context import Context
from pxedebug.report.select import View
from pxedebug.report.text.boot import Writer, write_course
from pxedebug.report.text.capture import write_capture
from pxedebug.report.text.output import Output
from pxedebug.report.times import Clock, TimeStyle
from pxedebug.report.verdict import clause, frames, verdict
from pxedebug.report.words import count, frame_name, safe

__all__ = ["write_markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_LINE_START = re.compile(r"^(\s*)([-=]|\d+[.)])", re.MULTILINE)
_TICKS = re.compile("`+")
_WIDTH = 110


def write_markdown(view: View, out: TextIO, *, clock: Clock = Clock.RELATIVE, show_secrets: bool = False) -> None:
    """Write the report on `view` as CommonMark with one table (GitHub's extension)."""
    context = Context.of(view.story, show_secrets=show_secrets)
    out.write("# Network boot report\n\n")
    out.writelines(f"{line}\n" for line in _fenced(_capture(view, context)))
    for shared in view.findings():
        clients = ", ".join(mac.hex(":") for mac in shared.clients if mac)
        out.write(
            f"\n> **{shared.finding.severity}: {_prose(shared.finding.says, context)}**"
            f"{frames(shared.finding, context, 3)} ({shared.finding.id})"
        )
        out.write(f"  \n> {clients}\n" if clients else "\n")
    boots = 0
    for judged in view.boots():
        if not boots:
            out.write("\n| # | State | Client | Architecture | Address | Boot file | Why |\n")
            out.write("| --: | --- | --- | --- | --- | --- | --- |\n")
        boots += 1
        out.write(_row(judged, context))
    if not boots:
        out.write("\nNo network boots here.\n")
    for judged in view.boots():
        out.writelines(f"{line}\n" for line in _boot(judged, context, clock))
    others = sum(1 for _ in view.others())
    if others:
        out.write(f"\n{count(others, 'other client')} did not boot from the network.\n")


def _row(judged: JudgedBoot, context: Context) -> str:
    boot = judged.boot
    file = of.boot_file(boot)
    cells = (
        str(judged.number),
        boot.outcome.value,
        of.mac(boot.client),
        of.architectures(boot.client),
        of.address(boot.client),
        "" if file is None else _code(safe(context.visible(file))),
        _prose(clause(judged, context), context),
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\\\\|", "\\|") for cell in cells) + " |\n"


def _boot(judged: JudgedBoot, context: Context, clock: Clock) -> Iterator[str]:
    boot = judged.boot
    yield f"\n## Boot {judged.number}: {_prose(verdict(judged, context), context)}\n"
    for finding in judged.findings:
        if finding.primary:
            yield from _primary(finding, context)
    others = [f for f in judged.findings if not f.primary and f.severity > Severity.INFO]
    if others:
        yield "\n**Also seen**\n"
        for other in others:
            where = frames(other, context, 3)
            cause = f", brought about by {other.caused_by}" if other.caused_by else ""
            yield f"- {other.severity}: {_prose(other.says, context)}{where}{cause} ({other.id})"
    course = StringIO()
    write_course(
        boot,
        Writer(
            Output(course, width=_WIDTH, colour=False), context, TimeStyle(clock, context.first_time), verbose=False
        ),
    )
    yield ""
    yield from _fenced(course.getvalue())


def _primary(finding: Finding, context: Context) -> Iterator[str]:
    yield f"{_prose(finding.explanation, context)}\n"
    yield f"Finding: {_escaped(finding.title)} ({finding.id}, {finding.confidence})"
    evidence = (
        f"frame {frame_name(each.frame, context.many_sources)}: {_prose(each.note, context)}"
        for each in finding.evidence
    )
    yield from _list("Evidence", evidence)
    yield from _list("On the screen", (_prose(text, context) for text in finding.screen))
    yield from _list("Likely causes", (_prose(text, context) for text in finding.causes), numbered=True)
    yield from _list("What to change", (_remedy(text, context) for text in finding.remedies))
    if finding.next_measurement:
        yield from _list("To be sure", (_prose(finding.next_measurement, context),))


def _list(heading: str, items: Iterable[str], *, numbered: bool = False) -> Iterator[str]:
    lines = [f"{f'{number}.' if numbered else '-'} {item}" for number, item in enumerate(items, start=1)]
    if lines:
        yield f"\n**{heading}**\n"
        yield from lines


def _remedy(remedy: Remedy, context: Context) -> str:
    """A configuration line as code, advice as words; further lines of a block are indented into the item."""
    if not remedy.where:
        return _prose(remedy.text, context)
    note = f" ({_prose(remedy.note, context)})" if remedy.note else ""
    text = context.prose(remedy.text)
    if "\n" not in text:
        return f"{_escaped(remedy.where)}: {_code(safe(text))}{note}"
    block = "\n".join(f"  {line}" for line in _fenced("\n".join(map(safe, text.split("\n")))))
    return f"{_escaped(remedy.where)}{note}:\n{block}"


def _prose(text: str, context: Context) -> str:
    """A sentence: what stands between backquotes is code, the rest plain words."""
    parts = context.prose(text).split("`")
    if len(parts) % 2 == 0:  # an unpaired backquote is a character
        return _escaped(safe("`".join(parts)))
    return "".join(_code(safe(part)) if index % 2 else _escaped(safe(part)) for index, part in enumerate(parts))


def _escaped(text: str) -> str:
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def _code(text: str) -> str:
    """A code span, fenced by more backquotes than it holds (CommonMark section 6.1)."""
    if not text:
        return ""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _fenced(text: str) -> Iterator[str]:
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from (line.rstrip() for line in text.strip("\n").split("\n"))
    yield fence


def _capture(view: View, context: Context) -> str:
    out = StringIO()
    write_capture(view, Output(out, width=_WIDTH, colour=False), context)
    return out.getvalue()
