"""A progress bar on stderr while long files are read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

__all__ = ["progress"]

_LONG = 64 << 20
"""Bytes; anything shorter is read before a bar could be seen."""


@contextmanager
def progress(paths: Sequence[str], *, wanted: bool) -> Iterator[Callable[[int], None] | None]:
    """A function to tell how many more bytes have been read, or None where no bar is to be shown."""
    total = _total_size(paths) if wanted and sys.stderr is not None and sys.stderr.isatty() else 0
    if total < _LONG:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(binary_units=True), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda count: bar.advance(task, count)


def _total_size(paths: Sequence[str]) -> int:
    """Bytes of all the files; 0 where one is a pipe or cannot be looked at."""
    try:
        return 0 if "-" in paths else sum(os.stat(path).st_size for path in paths if os.path.isfile(path))
    except OSError:
        return 0
