"""The README's parts that programs look at: its two commands, and the output that it shows."""

from __future__ import annotations

import io
import re
from pathlib import Path

from pxedebug.api import read_captures
from pxedebug.diagnose import judge
from pxedebug.report.select import select
from pxedebug.report.text import Output, write_text

__all__ = ["README", "commands", "example", "shown", "with_example"]

README = Path(__file__).resolve().parent.parent / "README.md"
_EXAMPLE = re.compile(
    r"(<!-- example: pxedebug analyze (\S+) -->\n```text\n)(.*?)(```\n<!-- end of example -->)", re.DOTALL
)


def commands(text: str) -> list[str]:
    """The command lines of the first screen: what is indented before the first block of output."""
    return re.findall(r"^ {4}(\S.*)$", text[: text.index("```")], re.MULTILINE)


def shown(text: str) -> str:
    """The output that the README shows."""
    match = _EXAMPLE.search(text)
    assert match
    return match[3]


def example(text: str) -> str:
    """The output that the program gives for the README's example, 100 columns wide."""
    match = _EXAMPLE.search(text)
    assert match
    out = io.StringIO()
    write_text(select(judge(read_captures([match[2]]).story)), Output(out, width=100))
    return re.sub(r"[ \t]+$", "", out.getvalue(), flags=re.MULTILINE)


def with_example(text: str) -> str:
    """The README with the output as it is now."""
    return _EXAMPLE.sub(lambda match: match[1] + example(text) + match[4], text)
