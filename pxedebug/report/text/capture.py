"""What the capture is: its size and time, what this capture point could see, what to be careful about."""

from __future__ import annotations

from rich.text import Text

from pxedebug.report.context import Context
from pxedebug.report.select import View
from pxedebug.report.text.output import Output
from pxedebug.report.times import rfc3339
from pxedebug.report.words import count, duration, safe, size
from pxedebug.track.story import SourceFacts
from pxedebug.wire.linktypes import link_type_name

__all__ = ["write_capture"]


def write_capture(view: View, output: Output, context: Context) -> None:
    """The first lines of the report."""
    for index, source in enumerate(view.story.sources):
        label = f"{index}: " if context.many_sources else ""
        output.paragraph(_source_line(source, label), indent=0)
        output.paragraph(Text(safe(source.vantage.text)))
    for warning in view.story.warnings:
        output.paragraph(Text.assemble((f"{output.signs.warning} ", "bold yellow"), safe(context.prose(warning.text))))
    if any(view.story.evicted.values()):
        output.paragraph(_evicted(view, output))


def _source_line(source: SourceFacts, label: str) -> Text:
    name = safe(source.name.encode("utf-8", "surrogateescape"))
    facts = [count(source.frames, "frame"), size(source.bytes)]
    if source.first_time is not None and source.last_time is not None:
        facts += [f"over {duration(source.last_time - source.first_time)}"]
    facts += [", ".join(map(link_type_name, source.link_types))] if source.link_types else []
    if source.first_time is not None:
        facts += [f"from {rfc3339(source.first_time)[:19].replace('T', ' ')} UTC"]
    return Text.assemble((f"{label}{name}", "bold"), f"  {', '.join(facts)}")


def _evicted(view: View, output: Output) -> Text:
    dropped = ", ".join(count(number, kind.removesuffix("s")) for kind, number in view.story.evicted.items() if number)
    sign = f"{output.signs.warning} "
    return Text.assemble((sign, "bold yellow"), f"The limits were reached and this report leaves out: {dropped}.")
