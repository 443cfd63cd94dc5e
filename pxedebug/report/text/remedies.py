"""What to change: advice folded like any text, configuration lines as they are to be pasted, never folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.cells import cell_len
from rich.text import Text

from pxedebug.diagnose.rule import Remedy
from pxedebug.report.text.output import Output

__all__ = ["write_remedies"]

_INDENT = 3
_LINES = 7


def write_remedies(remedies: Iterable[Remedy], output: Output, shown: Callable[[str], str]) -> None:
    """Write the list under its heading, nothing where it is empty; `shown` makes a string fit for the terminal."""
    listed = list(remedies)
    if not listed:
        return
    output.paragraph(Text("What to change:", "bold"), indent=1)
    for remedy in listed:
        _write(remedy, output, shown)


def _write(remedy: Remedy, output: Output, shown: Callable[[str], str]) -> None:
    sign, whole = f"{output.signs.dot} ", shown(str(remedy))
    if not remedy.where or ("\n" not in whole and cell_len(whole) + _INDENT + len(sign) <= output.width):
        output.hanging(sign, Text(whole), indent=_INDENT)
        return
    note = f" ({shown(remedy.note)})" if remedy.note else ""
    output.hanging(sign, Text(f"{remedy.where}{note}:"), indent=_INDENT)
    for line in shown(remedy.text).split("\n"):
        output.line(Text(" " * _LINES + line))
