"""Where a command may write: not onto what it reads."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

__all__ = ["refuse_inputs"]


def refuse_inputs(output: str | None, files: Iterable[str], option: str) -> None:
    """An output that is one of the captures, by whatever name or link, is wrong usage: writing would destroy it."""
    if output is None or not os.path.isfile(output):
        return
    for path in files:
        source = 0 if path == "-" else path  # what the shell has opened for standard input
        if os.path.exists(source) and os.path.samefile(output, source):
            raise click.UsageError(f"{output} is the capture itself; choose another name with {option}")
