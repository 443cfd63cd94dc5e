"""Reading captures from Python and for the command line: files in, a story or a report out."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import ip_address
from os import PathLike, fspath
from typing import BinaryIO, NamedTuple

from pxedebug.capture import CaptureSet, open_captures
from pxedebug.diagnose import Judgement, Rule, builtin_rules, judge
from pxedebug.errors import CaptureError
from pxedebug.plugins import installed_rules
from pxedebug.report.build import build_report
from pxedebug.report.document import Report
from pxedebug.report.select import select
from pxedebug.track import Limits, Tracker
from pxedebug.track.story import CaptureWarning, Story
from pxedebug.wire.batch import frame_number
from pxedebug.wire.packet import Address, parse_mac

__all__ = ["Reading", "analyze", "judge_reading", "read_captures"]

_COMMENTS = 20
"""Comments of pcapng files that a report repeats."""
_COMMENT_LENGTH = 200


class Reading(NamedTuple):
    """What came of reading captures."""

    story: Story
    errors: tuple[CaptureError, ...] = ()
    """Files among several that could not be read; the others were analysed, and a warning names each of these."""


def analyze(
    *paths: str | PathLike[str],
    client: str | None = None,
    allowed_servers: Iterable[str] = (),
    show_secrets: bool = False,
    limits: Limits | None = None,
) -> Report:
    """Analyse captures and return the report, `pxedebug.report/1`, as frozen objects.

    `paths` are pcap or pcapng files, also compressed; `-` reads standard input. Several files are parts of one
    capture or simultaneous views of one network, as their times say. `client` is a MAC address (hexadecimal, with or
    without separators) that narrows the boots shown. `allowed_servers` are the IP addresses of the legitimate
    DHCP and boot servers; any other is an intruder. Times in the report are nanoseconds since
    `report.capture.first_time`, sizes bytes. `limits` bounds what is kept of a capture. One file among several that
    cannot be read is a warning in the report, with the code `unreadable`; rules of an installed package that cannot be
    loaded are left out with a RuntimeWarning. Raises CaptureError when nothing can be read (`hint` says what to do) and
    ValueError for a `client` that is no MAC address or a server that is no IP address.
    """
    if not paths:
        raise ValueError("analyze() needs at least one capture")
    mac = None if client is None else parse_mac(client)
    reading = read_captures(
        [fspath(path) for path in paths], stdin=sys.stdin.buffer if "-" in paths else None, limits=limits
    )
    if reading.errors and not reading.story.sources:
        raise reading.errors[0]
    expected = () if mac is None else (mac,)
    judgement = judge_reading(reading, allowed_servers=map(ip_address, allowed_servers), expected=expected)
    return build_report(select(judgement, client=mac), show_secrets=show_secrets)


def read_captures(
    paths: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """Read captures to their end and follow every client; `progress` is told how many more bytes were read.

    Raises CaptureError when the only file cannot be read; of several, each such file goes to `Reading.errors`.
    """
    captures = open_captures(paths, stdin=stdin, progress=progress)
    tracker = Tracker(limits or Limits(), point_of=lambda source: captures.sources[source].vantage)
    for batch in captures:
        tracker.feed(batch)
    names = [source.name for source in captures.sources]
    return Reading(tracker.story(names, [*_warnings(captures), *_comments(captures)]), tuple(captures.errors))


def judge_reading(
    reading: Reading,
    *,
    allowed_servers: Iterable[Address] = (),
    expected: Iterable[bytes] = (),
    complain: Callable[[str], None] | None = None,
) -> Judgement:
    """Judge what was read by all rules that there are: the built-in ones and those of installed packages.

    `allowed_servers` and `expected` are those of `judge`. `complain` is told of packages whose rules cannot be loaded,
    and once of each rule that fails: the report is worth more than any one rule. Without it these are RuntimeWarnings.
    """
    say, failed = complain or _warn, set[str]()

    def on_error(rule: Rule, error: Exception) -> None:
        if rule.id not in failed:
            failed.add(rule.id)
            say(f"the rule {rule.id} failed and was left out: {error!r}")

    rules = (*builtin_rules(), *installed_rules(say))
    return judge(reading.story, rules, allowed_servers=allowed_servers, expected=expected, on_error=on_error)


def _warn(message: str) -> None:
    warnings.warn(message, RuntimeWarning, stacklevel=2)


def _warnings(captures: CaptureSet) -> list[CaptureWarning]:
    """What the readers had to say, and which files they could not read."""
    said = [CaptureWarning(code, _of(captures, index, text)) for code, text, index in captures.warnings]
    return [*said, *(CaptureWarning("unreadable", str(error.args[0])) for error in captures.errors)]


def _comments(captures: CaptureSet) -> Iterator[CaptureWarning]:
    """The first comments that somebody wrote into the files, and how many more there are."""
    found = [(source.index, comment) for source in captures.sources for comment in source.comments]
    for index, comment in found[:_COMMENTS]:
        place = "" if comment.ref is None else f" on frame {frame_number(comment.ref)}"
        cut = comment.text[:_COMMENT_LENGTH] + "…" * (len(comment.text) > _COMMENT_LENGTH)
        yield CaptureWarning("comment", _of(captures, index, f"comment{place}: {cut}"))
    more = len(found) - _COMMENTS + sum(source.comments_dropped for source in captures.sources)
    if more > 0:
        yield CaptureWarning("comments-left-out", f"{more:,} more comments are not shown")


def _of(captures: CaptureSet, index: int, text: str) -> str:
    """`text` about one source, which it names where there are several."""
    return f"{captures.sources[index].name}: {text}" if len(captures.sources) > 1 else text
