"""What `pxedebug extract` does once it runs: judge the capture, then read it once more and write."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import click

from pxedebug.api import Reading, judge_reading, read_captures
from pxedebug.capture import open_captures
from pxedebug.cli.errors import INPUT_ERROR, complain
from pxedebug.cli.outputs import refuse_inputs
from pxedebug.errors import CaptureError
from pxedebug.query import Query
from pxedebug.report.context import Context
from pxedebug.report.extract import Selection, comments_on, extract_files, wanted_transfers, write_slice
from pxedebug.report.extract.handles import create, trouble_with
from pxedebug.report.select import View, select
from pxedebug.report.words import count, size
from pxedebug.track.story import Story

__all__ = ["Options", "run"]

_ANOTHER_NAME = "choose another name with -w"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command's options by name."""

    files: tuple[str, ...]
    folder: str | None
    output: str | None
    client: bytes | None
    where: Query | None
    allow_server: tuple[IPv4Address | IPv6Address, ...]
    annotate: bool
    anonymise: bool
    show_secrets: bool
    quiet: bool


def run(options: Options) -> int:
    """Extract; gives the exit status."""
    _check(options)
    reading = read_captures(options.files)
    for error in reading.errors:
        complain(str(error))
    judgement = judge_reading(reading, allowed_servers=options.allow_server, complain=complain)
    view = select(judgement, client=options.client, where=options.where)
    if view.filtered and next(view.boots(), None) is None and next(view.others(), None) is None:
        raise CaptureError(_nothing_chosen(options), f"`pxedebug analyze {options.files[0]}` lists what there is")
    context = Context.of(reading.story, show_secrets=options.show_secrets)
    if options.folder is not None:
        _write_files(options, view, reading, context)
    if options.output is not None:
        _write_frames(options, options.output, view, reading.story, context)
    return INPUT_ERROR if reading.errors else 0


def _check(options: Options) -> None:
    if options.folder is None and options.output is None:
        raise click.UsageError("say what to extract: --files DIR for what was transferred, -w OUT.pcapng for frames")
    if options.output is None and (options.annotate or options.anonymise):
        raise click.UsageError("--annotate and --anonymise go with -w OUT.pcapng")
    if "-" in options.files:
        raise click.UsageError("a capture is read twice here: save the pipe to a file first")
    refuse_inputs(options.output, options.files, "-w")
    if options.output is not None and os.path.lexists(options.output):
        raise CaptureError(f"{options.output} exists already", _ANOTHER_NAME)


def _nothing_chosen(options: Options) -> str:
    whose = "" if options.client is None else f" of {options.client.hex(':')}"
    return f"no frames{whose} here" if options.where is None else f"no boot{whose} matches {options.where.expression!r}"


def _write_files(options: Options, view: View, reading: Reading, context: Context) -> None:
    wanted = wanted_transfers(view.boots(), view.others())
    names = [source.name for source in reading.story.sources]
    found = extract_files(open_captures(options.files), wanted, Path(options.folder or ""), names, context)
    if options.quiet:
        return
    whole = sum(file.complete for file in found)
    total = sum(file.captured for file in found)
    click.echo(f"{count(len(found), 'file')} in {options.folder}, {whole} complete, {size(total)}", err=True)


def _write_frames(options: Options, output: str, view: View, story: Story, context: Context) -> None:
    selection = Selection.of(view.boots(), view.others()) if view.filtered else None
    comments = comments_on(view.boots(), context) if options.annotate else {}
    rewrite = None
    if options.anonymise:
        from pxedebug.report.extract.anonymise import KEY_BYTES, Anonymiser

        rewrite = Anonymiser(os.urandom(KEY_BYTES))
        rewrite.prepare(story)
        comments = {frame: list(map(rewrite.text, said)) for frame, said in comments.items()}
    with trouble_with(output, _ANOTHER_NAME), create(output) as out:
        written, dropped = write_slice(open_captures(options.files), out, selection, comments=comments, rewrite=rewrite)
    if not options.quiet:
        left = f", {count(dropped, 'frame')} left out that could not be decoded" if dropped else ""
        click.echo(f"{count(written, 'frame')} in {output}{left}", err=True)
