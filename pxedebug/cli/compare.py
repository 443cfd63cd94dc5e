"""`pxedebug compare`: a boot that works and one that does not, side by side."""

from __future__ import annotations

from typing import Any

import click

from pxedebug.cli.errors import debug_option
from pxedebug.cli.parameters import ADDRESS, MAC

__all__ = ["compare"]


@click.command(short_help="Compare two boots.", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("left", metavar="A", type=click.Path(allow_dash=True))
@click.argument("right", metavar="B", type=click.Path(allow_dash=True))
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--left-client", type=MAC, metavar="MAC", help="Whose boot of A.")
@click.option("--right-client", type=MAC, metavar="MAC", help="Whose boot of B.")
@click.option("--left-boot", type=click.IntRange(1), metavar="N", help="Boot N of A, as `analyze` numbers them.")
@click.option("--right-boot", type=click.IntRange(1), metavar="N", help="Boot N of B.")
@click.option("--allow-server", type=ADDRESS, multiple=True, metavar="ADDR",
              help="A legitimate DHCP or boot server, as with `analyze`. May be repeated.")  # fmt: skip
@click.option("--show-secrets", is_flag=True, help="Show credentials and tokens instead of ***.")
@debug_option
def compare(**options: Any) -> int:  # noqa: ANN401 - click passes what the decorators declare
    """Show where two boots part: the first message, option, offer or transfer that differs, then all the others.

    A holds the boot that works, B the one that does not; without a choice the best boot of A is held against the
    worst of B, and A and B may be the same file. Transaction ids, times and addresses are not compared: hosts are
    named by the part that they play. Above the differences stands the verdict on each boot.

    \b
    Examples:
      pxedebug compare good.pcap bad.pcap
      pxedebug compare --left-client 52:54:00:77:00:10 --right-client 52:54:00:77:00:21 rack.pcap rack.pcap

    Exit status: 0 nothing differs; 1 something does; 3 a file cannot be read or holds no boot.
    """
    from pxedebug.cli.comparison import run

    return run(**options)
