"""What `pxedebug analyze` does once it runs: read, select, write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address
from itertools import chain
from typing import BinaryIO, NamedTuple, TextIO, cast

import click

from pxedebug.api import Reading, judge_reading, read_captures
from pxedebug.cli.errors import FOUND, INPUT_ERROR, complain
from pxedebug.cli.outputs import refuse_inputs
from pxedebug.cli.parameters import FrameName, Moment
from pxedebug.cli.progress import progress
from pxedebug.diagnose import Severity
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.errors import CaptureError
from pxedebug.report.context import Context
from pxedebug.report.json import write_json, write_jsonl
from pxedebug.report.select import View, select
from pxedebug.report.times import Clock

__all__ = ["Options", "run"]


class Options(NamedTuple):
    """The command's options by name."""

    files: tuple[str, ...]
    format_: str
    output: str | None
    verbose: bool
    frame: FrameName | None
    client: bytes | None
    where: Callable[[JudgedBoot], bool] | None
    allow_server: tuple[IPv4Address | IPv6Address, ...]
    fail_on: Severity | None
    since: Moment | None
    until: Moment | None
    clock: str
    show_secrets: bool
    quiet: bool
    no_progress: bool


def run(options: Options) -> int:
    """Analyse and report; gives the exit status."""
    refuse_inputs(options.output, options.files, "-o")
    if options.frame is not None:
        return _show_frame(options, options.frame)
    with progress(options.files, wanted=not (options.quiet or options.no_progress)) as advance:
        reading = read_captures(options.files, stdin=_stdin(options), progress=advance)
        _complain_about(reading)
        judgement = judge_reading(
            reading,
            allowed_servers=options.allow_server,
            expected=() if options.client is None else (options.client,),
            complain=complain,
        )
    view = select(
        judgement,
        client=options.client,
        since=_since_epoch(options.since, reading),
        until=_since_epoch(options.until, reading),
        where=options.where,
    )
    with _opened(options.output) as out:
        _write(view, out, options)
    if reading.errors:
        return INPUT_ERROR
    return FOUND if options.fail_on is not None and _found(view, options.fail_on) else 0


def _found(view: View, severity: Severity) -> bool:
    """A finding of at least this severity exists on a boot that is shown, or on the network."""
    mine = (finding.severity for judged in view.boots() for finding in judged.findings)
    shared = (shared.finding.severity for shared in view.findings())
    return any(found >= severity for found in chain(mine, shared))


def _since_epoch(moment: Moment | None, reading: Reading) -> int | None:
    return None if moment is None else moment.since_epoch(reading.story.first_time or 0)


def _complain_about(reading: Reading) -> None:
    """One unreadable file among several costs a line and the exit status, not the report."""
    for error in reading.errors:
        complain(str(error))


def _stdin(options: Options) -> BinaryIO | None:
    return sys.stdin.buffer if "-" in options.files else None


def _write(view: View, out: BinaryIO, options: Options) -> None:
    if options.format_ == "json":
        write_json(view, out, show_secrets=options.show_secrets)
    elif options.format_ == "jsonl":
        write_jsonl(view, out, show_secrets=options.show_secrets)
    elif options.format_ == "html":
        from pxedebug.report.html import write_html

        with _text(out) as stream:
            write_html(view, stream, clock=Clock(options.clock), show_secrets=options.show_secrets)
    elif options.format_ == "markdown":
        from pxedebug.report.markdown import write_markdown

        with _text(out) as stream:
            write_markdown(view, stream, clock=Clock(options.clock), show_secrets=options.show_secrets)
    else:
        from pxedebug.report.text import Output, TextOptions, write_text  # rich is not loaded for JSON

        with _text(out) as stream:
            write_text(view, Output(stream), TextOptions(options.verbose, Clock(options.clock), options.show_secrets))


@contextmanager
def _opened(path: str | None) -> Iterator[BinaryIO]:
    """Where the report goes, in bytes."""
    if path is None or path == "-":
        if sys.stdout is None:
            raise CaptureError("there is no standard output", "write the report to a file with -o")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with open(path, "wb") as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CaptureError(f"{path}: {error.strerror or error}", "choose another place with -o") from error


@contextmanager
def _text(out: BinaryIO) -> Iterator[TextIO]:
    """`out` as text: stdout keeps its encoding and its terminal, a file is UTF-8."""
    if out is sys.stdout.buffer:
        stream = cast(TextIO, sys.stdout)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
        yield stream
        stream.flush()
        return
    from io import TextIOWrapper

    wrapper = TextIOWrapper(out, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=False)
    yield wrapper
    wrapper.flush()
    wrapper.detach()


def _show_frame(options: Options, name: FrameName) -> int:
    if options.format_ != "text":
        raise click.UsageError("--frame prints text; leave --format away")
    if name.source is None and len(options.files) > 1:
        raise click.UsageError(
            "with several files say which one holds the frame: --frame SOURCE:N, as the report numbers them"
        )
    from pxedebug.cli.frame import read_frame  # rich is not loaded for JSON

    many = len(options.files) > 1
    frame, first_time = read_frame(options.files, name.source or 0, name.number, stdin=_stdin(options))
    if frame is None:
        shown = f"{name.source}:{name.number}" if many else str(name.number)
        raise CaptureError(f"there is no frame {shown}", "frames count from 1 in each file, files from 0 by their time")
    from pxedebug.report.text import Output
    from pxedebug.report.text.frame import write_frame

    with _opened(options.output) as out, _text(out) as stream:
        write_frame(frame, Output(stream), Context(first_time, many, options.show_secrets))
    return 0
