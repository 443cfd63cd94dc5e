"""Runs one command and says what it cost."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile

__all__ = ["Cost", "run"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took."""

    wall: float
    """Seconds."""
    processor: float
    """Seconds of processor time, user and system."""
    peak: float
    """Largest resident set, MiB. At least that of this process: the kernel hands it on at exec."""


def run(command: Sequence[str]) -> Cost:
    """Run `command` with its output thrown away. Raises `RuntimeError` with what it said when it fails."""
    with TemporaryFile() as words:
        redirections = [
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, words.fileno(), 2),
        ]
        started = time.perf_counter()
        process = os.posix_spawnp(command[0], command, os.environ, file_actions=redirections)
        _, status, usage = os.wait4(process, 0)
        wall = time.perf_counter() - started
        if code := os.waitstatus_to_exitcode(status):
            words.seek(0)
            raise RuntimeError(f"exit status {code}: {' '.join(command)}\n{words.read().decode(errors='replace')}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
