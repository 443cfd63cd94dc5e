"""What the HTML template is given: plain strings and numbers, nothing from the wire unescaped beyond its characters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pxedebug.diagnose import Finding, NetworkFinding, Severity
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report import client as of
from pxedebug.report.context import Context
from pxedebug.report.html.chart import Chart, chart_of
from pxedebug.report.html.ladder import Drawing, draw
from pxedebug.report.select import View
from pxedebug.report.spent import time_spent
from pxedebug.report.times import TimeStyle, rfc3339
from pxedebug.report.verdict import clause, verdict
from pxedebug.report.words import count, duration, frame_name, safe, size
from pxedebug.track.story import SourceFacts
from pxedebug.wire.linktypes import link_type_name

__all__ = [
    "BootDetail", "BootRow", "Change", "Cited", "Detail", "Shared", "Source", "boot_detail", "boot_row", "shared",
    "sources",
]  # fmt: skip


class Source(NamedTuple):
    """One capture file."""

    name: str
    facts: str
    vantage: str


class BootRow(NamedTuple):
    """One line of the table of boots."""

    number: int
    outcome: str
    client: str
    vendor: str
    architecture: str
    address: str
    stages: str
    file: str
    why: str


class Cited(NamedTuple):
    """One frame of the evidence."""

    frame: str
    note: str
    link: str
    """The id of the ladder's row that shows it; empty where none does."""


class Change(NamedTuple):
    """A remedy."""

    where: str
    """Whose configuration; empty for advice in words."""
    text: str
    note: str


class Detail(NamedTuple):
    """One finding."""

    id: str
    title: str
    severity: str
    confidence: str
    primary: bool
    caused_by: str
    explanation: str
    evidence: tuple[Cited, ...]
    screen: tuple[str, ...]
    causes: tuple[str, ...]
    changes: tuple[Change, ...]
    next_measurement: str


class BootDetail(NamedTuple):
    """One boot in full."""

    number: int
    outcome: str
    title: str
    verdict: str
    facts: str
    spent: str
    findings: tuple[Detail, ...]
    ladder: Drawing
    chart: Chart | None


class Shared(NamedTuple):
    """A finding that several clients share."""

    id: str
    severity: str
    text: str
    clients: str
    boots: tuple[int, ...]


def sources(view: View) -> tuple[Source, ...]:
    """The captures of the report."""
    return tuple(_source(source) for source in view.story.sources)


def _source(source: SourceFacts) -> Source:
    facts = [count(source.frames, "frame"), size(source.bytes), ", ".join(map(link_type_name, source.link_types))]
    if source.first_time is not None and source.last_time is not None:
        facts.append(f"over {duration(source.last_time - source.first_time)}")
        facts.append(f"from {rfc3339(source.first_time)[:19].replace('T', ' ')} UTC")
    name = safe(source.name.encode("utf-8", "surrogateescape"))
    return Source(name, ", ".join(filter(None, facts)), safe(source.vantage.text))


def boot_row(judged: JudgedBoot, context: Context) -> BootRow:
    """One boot as a line."""
    boot = judged.boot
    file = of.boot_file(boot)
    return BootRow(
        judged.number,
        boot.outcome.value,
        of.mac(boot.client),
        of.vendor_name(boot.client),
        of.architectures(boot.client),
        of.address(boot.client),
        of.stage_names(boot, "→"),
        "" if file is None else safe(context.visible(file)),
        safe(clause(judged, context)),
    )


def boot_detail(judged: JudgedBoot, context: Context, times: TimeStyle) -> BootDetail:
    """One boot with findings, ladder and chart."""
    boot = judged.boot
    shown = [finding for finding in judged.findings if finding.primary or finding.severity > Severity.INFO]
    cited = [evidence.frame for finding in shown for evidence in finding.evidence]
    ladder, ids = draw(boot, judged.number, cited, context, times)
    names = [of.mac(boot.client), of.vendor_name(boot.client), of.architectures(boot.client)]
    facts = [f"took {duration(boot.ended - boot.started)}"]
    facts += ["began before the capture"] if boot.starts_before_capture else []
    facts += [f"UUID {of.uuid(boot.client)}"] if boot.client.uuid else []
    facts += [f"via relay {boot.client.relay}"] if boot.client.relay else []
    facts += [f"VLAN {', '.join(map(str, boot.client.vlans))}"] if boot.client.vlans else []
    return BootDetail(
        judged.number,
        boot.outcome.value,
        " · ".join(filter(None, names)),
        safe(verdict(judged, context)),
        " · ".join(facts),
        time_spent(boot, context),
        tuple(_detail(finding, ids, context) for finding in shown),
        ladder,
        chart_of(boot, context),
    )


def _detail(finding: Finding, ids: dict[int, str], context: Context) -> Detail:
    return Detail(
        finding.id,
        finding.title,
        str(finding.severity),
        str(finding.confidence),
        finding.primary,
        finding.caused_by or "",
        _prose(finding.explanation, context),
        tuple(
            Cited(frame_name(each.frame, context.many_sources), _prose(each.note, context), ids.get(each.frame, ""))
            for each in finding.evidence
        ),
        finding.screen,
        tuple(_prose(cause, context) for cause in finding.causes),
        tuple(
            Change(remedy.where, "\n".join(_lines(remedy.text, context)), _prose(remedy.note, context))
            for remedy in finding.remedies
        ),
        "" if finding.next_measurement is None else _prose(finding.next_measurement, context),
    )


def shared(finding: NetworkFinding, context: Context) -> Shared:
    """What several clients share."""
    known = ", ".join(mac.hex(":") for mac in finding.clients if mac)
    said = _prose(finding.finding.says, context)
    return Shared(finding.finding.id, str(finding.finding.severity), said, known, finding.boots)


def _prose(value: str, context: Context) -> str:
    return safe(context.prose(value))


def _lines(value: str, context: Context) -> Iterator[str]:
    return (safe(line) for line in context.prose(value).split("\n"))
