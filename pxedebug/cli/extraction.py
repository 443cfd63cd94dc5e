"""What `pxedebug extract` does once it runs: judge the capture, then read it once more and write."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from pxedebug.api import Reading, read_captures
from pxedebug.capture import open_captures
from pxedebug.cli.errors import INPUT_ERROR, complain
from pxedebug.diagnose import judge
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.errors import CaptureError
from pxedebug.report.context import Context
from pxedebug.report.extract import Selection, comments_on, extract_files, wanted_transfers, write_slice
from pxedebug.report.select import View, select
from pxedebug.report.words import count, size
from pxedebug.track.story import Story

__all__ = ["Options", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command's options by name."""

    files: tuple[str, ...]
    folder: str | None
    output: str | None
    client: bytes | None
    where: Callable[[JudgedBoot], bool] | None
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
    view = select(judge(reading.story), client=options.client, where=options.where)
    if options.client is not None and not any(True for _ in view.boots()) and not any(True for _ in view.others()):
        raise CaptureError(
            f"no frames of {options.client.hex(':')} here", f"`pxedebug analyze {options.files[0]}` lists the clients"
        )
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
    if options.output is not None and any(_same(options.output, path) for path in options.files):
        raise click.UsageError(f"{options.output} is the capture itself; choose another name with -w")


def _same(output: str, path: str) -> bool:
    return os.path.exists(output) and os.path.exists(path) and os.path.samefile(output, path)


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
    chosen = options.client is not None or options.where is not None
    selection = Selection.of(view.boots(), view.others()) if chosen else Selection()
    comments = comments_on(view.boots(), context) if options.annotate else {}
    rewrite = None
    if options.anonymise:
        from pxedebug.report.extract.anonymise import KEY_BYTES, Anonymiser

        rewrite = Anonymiser(os.urandom(KEY_BYTES))
        rewrite.prepare(story)
        comments = {frame: list(map(rewrite.text, said)) for frame, said in comments.items()}
    try:
        with open(output, "wb") as out:
            written, dropped = write_slice(
                open_captures(options.files), out, selection, comments=comments, rewrite=rewrite
            )
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CaptureError(f"{output}: {error.strerror or error}", "choose another place with -w") from error
    if not options.quiet:
        left = f", {count(dropped, 'frame')} left out that could not be decoded" if dropped else ""
        click.echo(f"{count(written, 'frame')} in {output}{left}", err=True)
