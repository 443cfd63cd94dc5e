"""Where the text report is written: width, colour, signs, and folding of long lines.

No string ever meets rich's markup: lines are `Text` objects, and on anything but a colour terminal their plain
text is written as it is.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text

__all__ = ["ASCII", "UNICODE", "Output", "Signs", "fold", "join"]

_PIPE_WIDTH = 100
_BREAK = re.compile(r" (?!(?:s|ms|min|h|%|bytes?|[KMG]iB)\b)")
"""Where a line may end: a unit stays with its number."""
_NARROWEST = 60
_WIDEST = 160


@dataclass(frozen=True, slots=True)
class Signs:
    """The few characters beyond ASCII that the report draws with."""

    to_server: str
    to_client: str
    data_to_client: str
    data_to_server: str
    dot: str
    then: str
    rule: str
    times: str
    warning: str
    outcome: dict[str, str]


UNICODE = Signs("──►", "◄──", "◄══", "══►", "·", "→", "─", "×", "!", {
    "booted": "✔", "failed": "✖", "stalled": "…", "in-progress": "◐", "local": "→", "inconclusive": "?"})  # fmt: skip
ASCII = Signs("-->", "<--", "<==", "==>", "-", ">", "-", "x", "!", {
    "booted": "+", "failed": "x", "stalled": ":", "in-progress": "~", "local": ">", "inconclusive": "?"})  # fmt: skip


class Output:
    """A text stream that takes styled lines."""

    def __init__(self, out: TextIO, *, width: int | None = None, colour: bool | None = None) -> None:
        terminal = out.isatty()
        self._out = out
        self.width = max(_NARROWEST, min(width or _width(terminal), _WIDEST))
        self.signs = UNICODE if _speaks_unicode(out) else ASCII
        self._ascii = self.signs is ASCII
        coloured = terminal and not os.environ.get("NO_COLOR") if colour is None else colour
        self._console = None
        if coloured:
            from rich.console import Console  # imported late: nobody pays for it in a pipe

            self._console = Console(file=out, force_terminal=True, highlight=False, markup=False, emoji=False)

    def line(self, text: Text | str = "") -> None:
        """Write one line as it stands; the caller has folded it."""
        if self._console is not None and isinstance(text, Text):
            self._console.print(_trimmed(text.copy()), soft_wrap=True)
            return
        plain = text.plain if isinstance(text, Text) else text
        self._out.write((self._as_ascii(plain) if self._ascii else plain).rstrip() + "\n")

    def paragraph(self, text: Text, indent: int = 2) -> None:
        """Write `text` folded at the width, each line indented."""
        for part in fold(text, self.width - indent):
            self.line(Text(" " * indent) + part)

    def hanging(self, sign: str, text: Text, indent: int = 2) -> None:
        """Write `text` folded behind `sign`, further lines under its first word."""
        room = cell_len(sign)
        for index, part in enumerate(fold(text, self.width - indent - room)):
            self.line(Text(" " * indent + (sign if index == 0 else " " * room)) + part)

    def items(self, heading: str, items: Iterable[str], *, numbered: bool = False) -> None:
        """Write a list under its heading, nothing where it is empty."""
        lines = list(items)
        if lines:
            self.paragraph(Text(f"{heading}:", "bold"), indent=1)
        for number, item in enumerate(lines, start=1):
            self.hanging(f"{number if numbered else self.signs.dot} ", Text(item), indent=3)

    def heading(self, text: Text) -> None:
        """A line drawn to the full width: the start of a part."""
        rule = self.signs.rule * max(0, self.width - cell_len(text.plain) - 4)
        self.line(Text.assemble((self.signs.rule * 2 + " ", "dim"), text, (f" {rule}", "dim")))

    @staticmethod
    def _as_ascii(plain: str) -> str:
        return plain.replace("…", "...").encode("ascii", "backslashreplace").decode("ascii")


def _width(terminal: bool) -> int:
    """The terminal's columns (or COLUMNS); without a terminal nothing cuts lines, so a little more than 80."""
    return shutil.get_terminal_size((80 if terminal else _PIPE_WIDTH, 24)).columns if (
        terminal or "COLUMNS" in os.environ
    ) else _PIPE_WIDTH  # fmt: skip


def _speaks_unicode(out: TextIO) -> bool:
    encoding = (getattr(out, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
    return encoding.startswith("utf")


def fold(text: Text, width: int) -> list[Text]:
    """`text` in lines of at most `width` cells, broken at a space where there is one in the second half."""
    cuts, start, cells, space = [], 0, 0, -1
    plain = text.plain
    breaks = {match.start() for match in _BREAK.finditer(plain)}
    for index, character in enumerate(plain):
        space = index if index in breaks else space
        cells += get_character_cell_size(character)
        if cells > width and index > start:
            start = space + 1 if space - start >= width // 2 else index
            cuts.append(start)
            cells = cell_len(plain[start : index + 1])
    return [_trimmed(line) for line in text.divide(cuts)]


def _trimmed(line: Text) -> Text:
    line.rstrip()
    return line


def join(segments: Iterable[Text], separator: str, first: int, rest: int) -> list[Text]:
    """`segments` on as few lines as fit: the first `first` cells wide, the others `rest`; none is torn that fits."""
    lines: list[Text] = []
    current, room = Text(), first
    for segment in segments:
        glue = f" {separator} " if current.plain else ""
        if cell_len(current.plain) + len(glue) + cell_len(segment.plain) <= room:
            current = Text.assemble(current, (glue, "dim"), segment)
            continue
        if current.plain or cell_len(segment.plain) <= rest:
            lines.append(current)
            room = rest
        *full, current = fold(segment, room)
        lines += full
        room = rest
    return [*lines, current]
