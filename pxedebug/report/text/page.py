"""The whole text report, part after part."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from pxedebug.report.context import Context
from pxedebug.report.select import View
from pxedebug.report.text.boot import Writer, write_boot, write_other
from pxedebug.report.text.capture import write_capture
from pxedebug.report.text.findings import write_network_findings
from pxedebug.report.text.output import Output
from pxedebug.report.text.table import write_table
from pxedebug.report.times import Clock, TimeStyle
from pxedebug.report.words import count

__all__ = ["TextOptions", "write_text"]


@dataclass(frozen=True, slots=True)
class TextOptions:
    """How much the text report shows, and how."""

    verbose: bool = False
    """Every option under each DHCP message, nothing folded."""
    clock: Clock = Clock.RELATIVE
    show_secrets: bool = False


def write_text(view: View, output: Output, options: TextOptions | None = None) -> None:
    """Write the report on `view`."""
    chosen = options or TextOptions()
    context = Context.of(view.story, show_secrets=chosen.show_secrets)
    writer = Writer(output, context, TimeStyle(chosen.clock, context.first_time), chosen.verbose)
    write_capture(view, output, context)
    write_network_findings(view.findings(), output, context)
    write_table(view, output, context)
    for judged in view.boots():
        write_boot(judged, writer)
    _write_others(view, writer)


def _write_others(view: View, writer: Writer) -> None:
    others = list(view.others())
    if not others:
        return
    writer.output.line()
    known = not any(warning.code == "dhcp-cut" for warning in view.story.warnings)
    what = ", not booting from the network" if known else ""
    writer.output.heading(Text(count(len(others), "other client") + what, "bold"))
    for other in others:
        write_other(other, writer)
