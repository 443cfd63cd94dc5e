"""Every way a command can end badly, as one line on stderr and an exit status.

0 done (a closed pipe too: its reader has what it wanted), 2 usage, 3 input, right or output missing, 70 a defect of
pxedebug (EX_SOFTWARE of sysexits.h), 130 interrupted (128 + SIGINT).
"""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from pxedebug.errors import CaptureError

__all__ = ["DEFECT", "FOUND", "INPUT_ERROR", "INTERRUPTED", "complain", "debug_option", "guarded", "silence"]

FOUND = 1
"""What was asked to be an error is there: `--fail-on`, a difference, a boot that is not bootable."""
INPUT_ERROR = 3
DEFECT = 70
INTERRUPTED = 130
_DEBUG = "pxedebug.debug"
"""Where click's context, which a group shares with its commands, keeps `--debug`."""


def _remember(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's signature
    ctx.meta[_DEBUG] = value


debug_option = click.option(
    "--debug", is_flag=True, is_eager=True, expose_value=False, callback=_remember, envvar="PXEDEBUG_DEBUG",
    help="A traceback for a defect of pxedebug.",
)  # fmt: skip
"""`--debug` for any command. Eager, so that a defect in reading the other parameters is seen too."""


def guarded(command: Callable[[], object], ctx: click.Context) -> int:
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
    except OSError as error:
        # What is read is guarded where it is opened; what is left is a stdout on a full disk or a closed one.
        complain(f"the report could not be written: {error.strerror or error}; write it elsewhere with -o")
        silence(1)
        return INPUT_ERROR
    except Exception as error:
        if ctx.meta.get(_DEBUG):
            raise
        complain(
            f"internal error: {type(error).__name__}: {error}; this is a defect: please report it, with what the same "
            "command prints with --debug"
        )
        return DEFECT
    return status if isinstance(status, int) else 0


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
