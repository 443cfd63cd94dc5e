"""Two boots compared, for the terminal: where they part first, then every difference step by step."""

from __future__ import annotations

from itertools import groupby

from rich.text import Text

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.query import Comparison, Difference
from pxedebug.report.context import Context
from pxedebug.report.text.output import Output
from pxedebug.report.verdict import verdict
from pxedebug.report.words import OUTCOME_STYLE, count, frame_name, safe

__all__ = ["write_comparison"]


def write_comparison(
    comparison: Comparison, names: tuple[str, str], contexts: tuple[Context, Context], output: Output
) -> None:
    """Write what differs between two boots, of the captures `names`."""
    sides = zip("AB", names, (comparison.left, comparison.right), contexts, strict=True)
    for letter, name, judged, context in sides:
        _write_side(letter, name, judged, context, output)
    output.line()
    if not comparison.differences:
        output.line(Text("Nothing differs but ids, times and addresses.", "bold"))
        return
    first = comparison.differences[0]
    begun = f"The same in both: {count(comparison.same, 'step')}. " if comparison.same else ""
    output.paragraph(Text.assemble((f"{begun}They part at: {safe(first.step)}", "bold")), indent=0)
    for whole, differences in groupby(comparison.differences, key=lambda each: not each.field):
        if whole:
            output.line()
            for difference in differences:
                _write_whole(difference, contexts, output)
            continue
        for step, fields in groupby(differences, key=lambda each: each.step):
            output.line()
            output.heading(Text(safe(step)))
            for field in fields:
                _write_field(field, contexts, output)


def _write_side(letter: str, name: str, judged: JudgedBoot, context: Context, output: Output) -> None:
    """The file, the boot's number in it, and the verdict on the boot."""
    shown = f"{safe(name.encode('utf-8', 'surrogateescape'))}, boot {judged.number}"
    said = Text(safe(context.prose(verdict(judged, context))), OUTCOME_STYLE[judged.boot.outcome])
    output.hanging(f"{letter}  ", Text(shown), indent=0)
    output.paragraph(said, indent=3)


def _write_whole(difference: Difference, contexts: tuple[Context, Context], output: Output) -> None:
    """A step that one side does not have."""
    letter, context = ("A", contexts[0]) if difference.left is not None else ("B", contexts[1])
    told = difference.left if difference.left is not None else difference.right
    words = f"{safe(difference.step)}{f': {safe(context.prose(told))}' if told else ''}"
    frame = difference.left_frame if difference.left_frame is not None else difference.right_frame
    output.hanging(f"only {letter}  ", Text.assemble(words, (_where(frame, context), "dim")), indent=1)


def _write_field(difference: Difference, contexts: tuple[Context, Context], output: Output) -> None:
    output.line(Text(f" {safe(difference.field)}", "dim"))
    sides = (
        ("A", difference.left, difference.left_frame, contexts[0]),
        ("B", difference.right, difference.right_frame, contexts[1]),
    )
    for letter, value, frame, context in sides:
        words = Text("nothing", "dim") if value is None else Text(safe(context.prose(value)))
        output.hanging(f"{letter}  ", Text.assemble(words, (_where(frame, context), "dim")), indent=3)


def _where(frame: int | None, context: Context) -> str:
    return "" if frame is None else f" (frame {frame_name(frame, context.many_sources)})"
