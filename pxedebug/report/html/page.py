"""The HTML report, written part by part: no more than one boot's drawing is held."""

from __future__ import annotations

from importlib.resources import files
from itertools import islice
from typing import TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pxedebug._version import __version__
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report.context import Context
from pxedebug.report.html.model import boot_detail, boot_row, shared, sources
from pxedebug.report.select import View
from pxedebug.report.times import Clock, TimeStyle
from pxedebug.report.words import safe
from pxedebug.track.story import Outcome

__all__ = ["write_html"]

_ROWS = 5_000
"""Boots listed in the table."""
_DETAILS = 300
"""Boots drawn, those that failed before the others; a page with more would not open."""
_HEALTHY = (Outcome.BOOTED, Outcome.LOCAL, Outcome.IN_PROGRESS)


def write_html(view: View, out: TextIO, *, clock: Clock = Clock.RELATIVE, show_secrets: bool = False) -> None:
    """Write the report on `view` as one HTML file (HTML Living Standard, SVG 2)."""
    context = Context.of(view.story, show_secrets=show_secrets)
    times = TimeStyle(clock, context.first_time)
    environment = Environment(
        loader=PackageLoader("pxedebug.report.html", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["prose"] = _prose
    style = (files("pxedebug.report.html") / "style.css").read_text(encoding="utf-8")
    drawn = _drawn(view)
    total = sum(1 for _ in view.boots())
    template = environment.get_template("report.html.j2")
    parts = template.generate(
        style=Markup(style),  # noqa: S704 - our own file
        version=__version__,
        sources=sources(view),
        warnings=[safe(context.prose(warning.text)) for warning in view.story.warnings],
        shared=[shared(finding, context) for finding in view.findings()],
        rows=(boot_row(judged, context) for judged in islice(view.boots(), _ROWS)),
        rows_left_out=max(0, total - _ROWS),
        total=total,
        boots=(boot_detail(judged, context, times) for judged in view.boots() if judged.number in drawn),
        drawn=drawn,
        others=sum(1 for _ in view.others()),
    )
    out.writelines(parts)


def _prose(text: str) -> Markup:
    """A sentence, with what stands between backquotes as code; all of it escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an unpaired backquote is a character
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def _drawn(view: View) -> set[int]:
    """The numbers of the boots that are shown in full."""

    def wanted(judged: JudgedBoot) -> bool:
        return judged.boot.outcome not in _HEALTHY

    failed = [judged.number for judged in islice(filter(wanted, view.boots()), _DETAILS)]
    room = _DETAILS - len(failed)
    healthy = (judged.number for judged in view.boots() if not wanted(judged))
    return {*failed, *islice(healthy, room)}
