"""Every way a command can end badly, as one line on stderr and an exit status.

0 done (a closed pipe too: its reader has what it wanted), 2 usage, 3 input, right or output missing, 70 a defect of
pxedebug (EX_SOFTWARE of sysexits.h), 130 interrupted (128 + SIGINT).
"""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from pxedebug.errors import CaptureError

__all__ = ["DEFECT", "INPUT_ERROR", "INTERRUPTED", "complain", "guarded", "silence"]

INPUT_ERROR = 3
DEFECT = 70
INTERRUPTED = 130


def guarded(command: Callable[[], object]) -> int:
    """Run `command` and give its exit status; only click's own exceptions get out, and defects with `--debug`."""
    try:
        status = command()
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        silence(1)
        return 0
    except CaptureError as error:
        complain(str(error))
        return INPUT_ERROR
    except Exception as error:  # noqa: BLE001 - the last resort: one line instead of a traceback
        return _defect(error)
    return status if isinstance(status, int) else 0


def _defect(error: Exception) -> int:
    if os.environ.get("PXEDEBUG_DEBUG"):
        raise error
    complain(
        f"internal error: {type(error).__name__}: {error}; this is a defect: please report it, with what the same "
        "command prints with --debug"
    )
    return DEFECT


def complain(message: str) -> None:
    """One line on stderr; names from the wire or the file system must not act on the terminal."""
    from pxedebug.report.escape import printable

    line = printable(message.encode("utf-8", "backslashreplace").decode("utf-8"))
    click.echo(f"pxedebug: {line}", err=True)


def silence(descriptor: int) -> None:
    """Point a broken pipe's descriptor at nothing, so that no later flush fails."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
