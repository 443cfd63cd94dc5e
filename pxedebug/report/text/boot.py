"""One boot: who, how it ended, the ladder of each stage, where the time went."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report import client as of
from pxedebug.report.context import Context
from pxedebug.report.events import Event, MessageRun, TransferRun, events
from pxedebug.report.spent import time_spent
from pxedebug.report.text.findings import write_findings
from pxedebug.report.text.ladder import Ladder
from pxedebug.report.text.options import write_message
from pxedebug.report.text.output import Output
from pxedebug.report.times import TimeStyle
from pxedebug.report.verdict import verdict
from pxedebug.report.words import METHOD_WORDS, OUTCOME_STYLE, duration, frame_name, safe
from pxedebug.track.story import Boot, OtherClient, Stage

__all__ = ["Writer", "write_boot", "write_course", "write_other"]

_OPTION_INDENT = 12
_LADDER_LIMIT = 60
"""Lines of one stage; a client that loops for an hour is not read line by line (`-v` shows all)."""


@dataclass(frozen=True, slots=True)
class Writer:
    """What every part of the report is written with."""

    output: Output
    context: Context
    times: TimeStyle
    verbose: bool


def write_boot(judged: JudgedBoot, to: Writer) -> None:
    """Write one boot: the verdict and what explains it, then what happened."""
    number, boot, output = judged.number, judged.boot, to.output
    client = boot.client
    output.line()
    title = [of.mac(client), of.vendor_name(client), of.architectures(client)]
    output.heading(Text(f"Boot {number}  {f' {output.signs.dot} '.join(filter(None, title))}", "bold"))
    _write_verdict(judged, to)
    write_findings(judged.findings, output, to.context, verbose=to.verbose)
    write_course(boot, to)


def write_course(boot: Boot, to: Writer) -> None:
    """Write what happened: how long it took, the ladder of each stage, and where the time went."""
    output = to.output
    output.line()
    _write_facts(boot, to)
    ladder = Ladder(output, to.context, to.times)
    for stage in boot.stages:
        _write_stage(stage, ladder, to)
    spent = time_spent(boot, to.context)
    if spent:
        output.line()
        output.paragraph(Text.assemble(("Where the time went: ", "bold"), spent, "."), indent=1)


def _write_verdict(judged: JudgedBoot, to: Writer) -> None:
    output, boot = to.output, judged.boot
    sign = output.signs.outcome[boot.outcome.value]
    output.paragraph(
        Text.assemble((f"{sign} ", OUTCOME_STYLE[boot.outcome]), safe(verdict(judged, to.context))), indent=1
    )


def _write_facts(boot: Boot, to: Writer) -> None:
    facts = [f"took {duration(boot.ended - boot.started)}"]
    facts += ["began before the capture"] if boot.starts_before_capture else []
    facts += [f"UUID {of.uuid(boot.client)}"] if boot.client.uuid else []
    facts += [f"via relay {boot.client.relay}"] if boot.client.relay else []
    facts += [f"VLAN {', '.join(map(str, boot.client.vlans))}"] if boot.client.vlans else []
    to.output.paragraph(Text(f" {to.output.signs.dot} ".join(facts), "dim"), indent=1)


def _write_stage(stage: Stage, ladder: Ladder, to: Writer) -> None:
    method = f", {METHOD_WORDS[stage.method]}" if stage.method is not None else ""
    title = Text.assemble((stage.kind.value, "bold"), method)
    if stage.boot is not None and stage.boot.file:
        frame = frame_name(stage.boot.source_frame, to.context.many_sources)
        server = f" from {stage.boot.server}" if stage.boot.server else ""
        title = Text.assemble(
            title, ": told to load ", (safe(to.context.visible(stage.boot.file)), "bold"), f"{server} (frame {frame})"
        )
    to.output.line()
    to.output.paragraph(title, indent=1)
    _write_events(events(stage.exchanges, stage.transfers, folded=not to.verbose), ladder, to)


def _write_events(lines: list[Event], ladder: Ladder, to: Writer) -> None:
    if to.verbose:
        for event in lines:
            ladder.write([event])
            _write_details(event, to)
        return
    if len(lines) <= _LADDER_LIMIT:
        ladder.write(lines)
        return
    half = _LADDER_LIMIT // 2
    ladder.write(lines[:half])
    to.output.line(Text(f"          {len(lines) - 2 * half:,} more lines, which -v shows", "yellow"))
    ladder.write(lines[-half:])


def _write_details(event: Event, to: Writer) -> None:
    """Below its line: a message's options, a transfer's."""
    if isinstance(event, MessageRun):
        write_message(event.messages[0].dhcp, to.output, to.context, _OPTION_INDENT)
    elif isinstance(event, TransferRun):
        transfer = event.transfers[0]
        for label, options in (("asked for", transfer.options), ("granted", transfer.answered_options)):
            if options:
                words = ", ".join(f"{safe(name)} {safe(value)}" for name, value in options)
                to.output.paragraph(Text.assemble((f"{label}: ", "dim"), words), _OPTION_INDENT)


def write_other(other: OtherClient, to: Writer) -> None:
    """Write a client that did not boot from the network, shortly."""
    output, client = to.output, other.client
    names = [of.mac(client), of.vendor_name(client), of.address(client)]
    output.paragraph(Text(f" {output.signs.dot} ".join(filter(None, names)), "bold"), indent=1)
    _write_events(
        events(other.exchanges, other.transfers, folded=not to.verbose), Ladder(output, to.context, to.times), to
    )
