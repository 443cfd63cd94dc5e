"""What was found, under a boot's verdict: the primary finding in full, the others in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from pxedebug.diagnose import Confidence, Finding, NetworkFinding, Severity
from pxedebug.report.context import Context
from pxedebug.report.text.output import Output
from pxedebug.report.text.remedies import write_remedies
from pxedebug.report.verdict import frames
from pxedebug.report.words import count, frame_name, safe

__all__ = ["write_findings", "write_network_findings"]

_STYLE = {
    Severity.FATAL: "bold red",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "dim",
}
_CONFIDENCE = {
    Confidence.CERTAIN: "a packet says so",
    Confidence.STRONG: "timing, and a packet that goes with it",
    Confidence.INFERRED: "something did not come that should have",
}
_EVIDENCE = 6
_CLIENTS = 6


def write_findings(findings: Sequence[Finding], output: Output, context: Context, *, verbose: bool) -> None:
    """Write the findings of one boot; those that only explain appear with `verbose`."""
    for finding in findings:
        if finding.primary:
            _write_whole(finding, output, context)
    others = [f for f in findings if not f.primary and (verbose or f.severity > Severity.INFO)]
    if others:
        output.line()
        output.paragraph(Text("Also seen:", "bold"), indent=1)
        for finding in others:
            _write_shortly(finding, output, context)


def write_network_findings(findings: Iterable[NetworkFinding], output: Output, context: Context) -> None:
    """Write what several clients share, in full: their boots then only refer to it."""
    for shared in findings:
        finding = shared.finding
        output.line()
        says = Text.assemble(
            (f"{output.signs.warning} {finding.severity}: ", _STYLE[finding.severity]), _prose(finding.says, context)
        )
        output.paragraph(says.append(f" [{finding.group}]", "dim"), indent=0)
        if shared.boots:
            known = [mac.hex(":") for mac in shared.clients if mac]
            more = f" and {len(known) - _CLIENTS} more" if len(known) > _CLIENTS else ""
            boots = ", ".join(map(str, shared.boots[:_CLIENTS])) + ("…" if len(shared.boots) > _CLIENTS else "")
            named = f"{', '.join(known[:_CLIENTS])}{more}; " if known else ""
            words = f"{named}{count(len(shared.boots), 'boot')}: {boots}"
            output.paragraph(Text(words, "dim"))
        _write_evidence(finding, output, context)
        _write_advice(finding, output, context)


def _write_whole(finding: Finding, output: Output, context: Context) -> None:
    words = f"{finding.title} [{finding.id}]; {finding.confidence}: {_CONFIDENCE[finding.confidence]}"
    output.paragraph(Text(words, "dim"), indent=1)
    sentence = _prose(finding.says, context)
    explained = _prose(finding.explanation, context)
    rest = explained[len(sentence) + 1 :].strip() if explained.lower().startswith(sentence.lower()) else explained
    if rest:
        output.paragraph(Text(rest), indent=1)
    _write_evidence(finding, output, context)
    if finding.group is not None:
        output.paragraph(Text(f"Causes and remedies stand above: {finding.group} hits several clients."), indent=1)
        return
    _write_advice(finding, output, context)


def _write_evidence(finding: Finding, output: Output, context: Context) -> None:
    output.items(
        "Evidence",
        (
            f"frame {frame_name(each.frame, context.many_sources)}: {_prose(each.note, context)}"
            for each in finding.evidence[:_EVIDENCE]
        ),
    )
    output.items("On the screen", finding.screen)


def _write_advice(finding: Finding, output: Output, context: Context) -> None:
    output.items("Likely causes", (_prose(cause, context) for cause in finding.causes), numbered=True)
    write_remedies(finding.remedies, output, lambda text: _prose(text, context))
    if finding.next_measurement:
        output.items("To be sure", (_prose(finding.next_measurement, context),))


def _write_shortly(finding: Finding, output: Output, context: Context) -> None:
    words = Text.assemble((f"{finding.severity}", _STYLE[finding.severity]), f"  {_prose(finding.says, context)}")
    words.append(frames(finding, context, 3))
    if finding.caused_by:
        words.append(f", brought about by {finding.caused_by}")
    words.append(f" [{finding.id}]", "dim")
    output.hanging(f"{output.signs.dot} ", words, indent=3)


def _prose(value: str, context: Context) -> str:
    """A sentence that may quote the wire as a terminal may show it; its own line breaks stay."""
    return "\n".join(safe(part) for part in context.prose(value).split("\n"))
