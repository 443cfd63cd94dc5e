"""New files on the disk, written in pieces: never over one that is there, never through a link, few open at once."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pxedebug.errors import CaptureError

__all__ = ["Handles", "create", "trouble_with"]

_OPEN_AT_ONCE = 64
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def trouble_with(path: str | Path, hint: str) -> Iterator[None]:
    """Turn what the system has against `path` into a CaptureError that says what to do."""
    try:
        yield
    except BrokenPipeError:
        raise
    except FileExistsError as error:
        raise CaptureError(f"{path} exists already", hint) from error
    except OSError as error:
        raise CaptureError(f"{path}: {error.strerror or error}", hint) from error


def create(path: str | Path) -> BinaryIO:
    """A new file, to write and to read; FileExistsError where something, be it a link to nowhere, has the name."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _PLAIN, 0o644), "w+b")


class Handles:
    """New files that are written by turns; the one used least recently is closed where too many are open."""

    def __init__(self, limit: int = _OPEN_AT_ONCE) -> None:
        self._limit = limit
        self._open: OrderedDict[Path, BinaryIO] = OrderedDict()

    def create(self, path: Path) -> None:
        """Make the file `path`."""
        self._keep(path, create(path))

    def write(self, path: Path, offset: int, content: bytes) -> None:
        """Write `content` at `offset` of a file that `create` made; what lies before it and was never written is 0."""
        out = self._at(path, offset)
        out.write(content)

    def read(self, path: Path, offset: int, length: int) -> bytes:
        """What stands there, up to `length` bytes."""
        return self._at(path, offset).read(length)

    def close(self) -> None:
        """Close all files."""
        while self._open:
            self._open.popitem()[1].close()

    def _at(self, path: Path, offset: int) -> BinaryIO:
        out = self._open.get(path)
        if out is None:
            out = os.fdopen(os.open(path, os.O_RDWR | _PLAIN), "r+b")
            self._keep(path, out)
        self._open.move_to_end(path)
        out.seek(offset)
        return out

    def _keep(self, path: Path, out: BinaryIO) -> None:
        self._open[path] = out
        if len(self._open) > self._limit:
            self._open.popitem(last=False)[1].close()
