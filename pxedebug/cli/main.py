"""`pxedebug`: the group of commands, and what becomes of their errors."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from pxedebug._version import __version__
from pxedebug.cli.errors import INTERRUPTED, guarded, silence

__all__ = ["main", "run"]

_COMMANDS = {
    "analyze": "pxedebug.cli.analyze",
    "compare": "pxedebug.cli.compare",
    "explain": "pxedebug.cli.explain",
    "extract": "pxedebug.cli.extract",
}
"""Each command's name and the module that holds a click command of that name."""


class _Program(click.Group):
    """Imports a command's module when the command is asked for, and ends with an exit status whatever happens."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> int:
        return guarded(lambda: super(_Program, self).invoke(ctx), ctx)

    def main(  # type: ignore[override] # click's overloads say when it returns
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401
    ) -> object:
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        status = run(args)
        _flush()
        gc.freeze()  # the interpreter's last collections need not walk what ends with the process
        sys.exit(status)


@click.group(cls=_Program, name="pxedebug", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pxedebug", message="%(prog)s %(version)s")
def main() -> None:
    """Watch network (PXE) boots and see how far each machine came and why it stopped.

    \b
    Example:
      pxedebug analyze boot.pcapng

    \b
    Shell completion:
      bash   eval "$(_PXEDEBUG_COMPLETE=bash_source pxedebug)"
      zsh    eval "$(_PXEDEBUG_COMPLETE=zsh_source pxedebug)"
      fish   _PXEDEBUG_COMPLETE=fish_source pxedebug | source

    Exit status: 0 done; 1 what --fail-on asks for was found; 2 wrong usage; 3 unreadable input; 70 a defect of
    pxedebug itself; 130 interrupted. NO_COLOR switches colour off.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line with `arguments` (default: the process's own) and give its exit status."""
    try:
        status = main.main(arguments, prog_name="pxedebug", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return 2
    return status if isinstance(status, int) else 0


def _flush() -> None:
    """Write what is left; where the reader has gone, leave the interpreter's own last flush nothing to complain of."""
    try:
        sys.stdout.flush()
    except (AttributeError, BrokenPipeError, ValueError):
        silence(1)
