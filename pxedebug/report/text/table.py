"""The boots, one line each where the width allows it and else two: state, client and verdict first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report import client as of
from pxedebug.report.context import Context
from pxedebug.report.select import View
from pxedebug.report.text.output import Output, fold
from pxedebug.report.verdict import clause
from pxedebug.report.words import OUTCOME_STYLE, count, middle, safe
from pxedebug.track.story import Outcome

__all__ = ["write_table"]

_WIDE = 100
_NAME_LIMIT = 36
_REASON_WIDTH = 36
_HEADINGS = ("", "state", "client", "vendor", "arch", "address", "stages", "boot file", "why")


@dataclass(frozen=True, slots=True)
class _Row:
    number: str
    outcome: Outcome
    state: str
    client: str
    vendor: str
    arch: str
    address: str
    stages: str
    file: str
    why: str

    def cells(self) -> tuple[str, ...]:
        maker = middle(self.vendor.partition(" ")[0].rstrip(","), 12)
        return (self.number, self.state, self.client, maker, self.arch, self.address, self.stages, self.file)


def write_table(view: View, output: Output, context: Context) -> None:
    """One row for each boot of `view`."""
    output.line()
    rows = [_row(judged, output, context) for judged in view.boots()]
    total = sum(1 for _ in view.story.boots) if view.filtered else len(rows)
    if not rows:
        output.line(Text("No network boots" + (" match" if total else " in this capture") + ".", "bold"))
        return
    of_all = f" of {total:,}" if len(rows) < total else ""
    output.heading(Text(count(len(rows), "boot") + of_all, "bold"))
    if output.width >= _WIDE:
        _write_wide(rows, output)
    else:
        _write_narrow(rows, output)


def _row(judged: JudgedBoot, output: Output, context: Context) -> _Row:
    boot = judged.boot
    file = of.boot_file(boot)
    return _Row(
        str(judged.number),
        boot.outcome,
        f"{output.signs.outcome[boot.outcome.value]} {boot.outcome.value}",
        of.mac(boot.client),
        of.vendor_name(boot.client),
        middle(of.architectures(boot.client), 24),
        of.address(boot.client),
        of.stage_names(boot, output.signs.then),
        "" if file is None else middle(safe(context.visible(file)), _NAME_LIMIT),
        safe(clause(judged, context)),
    )


def _write_wide(rows: Sequence[_Row], output: Output) -> None:
    """One line a boot; the reason stands at its end where the other columns leave room, else below."""
    table = [row.cells() for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    widths = [max(width, cell_len(name)) if width else 0 for width, name in zip(widths, _HEADINGS, strict=False)]
    left = sum(width + 2 for width in widths if width)
    beside = output.width - left >= _REASON_WIDTH
    output.line(Text("  ".join([*_padded(_HEADINGS[:-1], widths), _HEADINGS[-1] if beside else ""]), "dim"))
    for row, cells in zip(rows, table, strict=True):
        number, state, *others = _padded(cells, widths)
        head = Text.assemble(number, "  ", (state, OUTCOME_STYLE[row.outcome]), "  ", "  ".join(others), "  ")
        if beside:
            _hanging(head, row.why, left, output)
            continue
        output.line(head)
        if row.why:
            output.paragraph(Text(row.why), widths[0] + 2)


def _padded(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Cells at their widths; columns in which no boot has anything are left out. Numbers stand right."""
    return [
        cell.rjust(width) if index == 0 else set_cell_size(cell, width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=False))
        if width
    ]


def _hanging(head: Text, words: str, indent: int, output: Output) -> None:
    first, *rest = fold(Text(words), output.width - indent) or [Text()]
    output.line(head + first)
    for line in rest:
        output.line(Text(" " * indent) + line)


def _write_narrow(rows: Sequence[_Row], output: Output) -> None:
    """State, client, file and verdict first; the rest on a dimmed line below."""
    width = max(len(row.number) for row in rows)
    indent = width + 2
    for row in rows:
        output.line(
            Text.assemble(
                f"{row.number:>{width}}  ",
                (f"{row.state:<15}", OUTCOME_STYLE[row.outcome]),
                (f"{row.client:<19}", "bold"),
                row.file,
            )
        )
        if row.why:
            output.paragraph(Text(row.why), indent)
        details = [value for value in (row.vendor, row.arch, row.address, row.stages) if value]
        output.paragraph(Text(f" {output.signs.dot} ".join(details), "dim"), indent)
