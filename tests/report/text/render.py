"""The text report of a story as a string."""

from __future__ import annotations

from io import StringIO

from pxedebug.diagnose import judge
from pxedebug.report.select import View
from pxedebug.report.text import Output, TextOptions, write_text
from pxedebug.report.times import Clock
from pxedebug.track.story import Boot, Story

__all__ = ["ladder", "render"]


def render(
    story: Story | View,
    *,
    width: int = 80,
    verbose: bool = False,
    clock: Clock = Clock.RELATIVE,
    show_secrets: bool = False,
    colour: bool = False,
) -> str:
    """The whole report at `width` columns."""
    out = StringIO()
    view = View(judge(story)) if isinstance(story, Story) else story
    write_text(view, Output(out, width=width, colour=colour), TextOptions(verbose, clock, show_secrets))
    return out.getvalue()


def ladder(boot: Boot, width: int = 160) -> list[str]:
    """The ladder's rows of a boot, with single spaces, wide enough that none folds."""
    from tests.report.stories import story

    lines = render(story(boot), width=width).splitlines()
    return [" ".join(line.split()) for line in lines if any(arrow in line for arrow in ("──►", "◄──", "◄══", "══►"))]
