"""`pxedebug extract`: transferred files, or a client's frames, out of a capture."""

from __future__ import annotations

from typing import Any

import click

from pxedebug.cli.errors import debug_option
from pxedebug.cli.parameters import ADDRESS, MAC, WHERE

__all__ = ["extract"]


@click.command(
    short_help="Take files or frames out of captures.", context_settings={"help_option_names": ["-h", "--help"]}
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--files", "folder", type=click.Path(file_okay=False), metavar="DIR",
              help="Write what was transferred into DIR, with a manifest.json.")  # fmt: skip
@click.option("-w", "--write", "output", metavar="OUT.pcapng", help="Write frames into a new pcapng file.")
@click.option("--client", type=MAC, metavar="MAC", help="Only this client's files and frames.")
@click.option("--where", type=WHERE, metavar="EXPR", help="Only of boots that match, as with `analyze`.")
@click.option("--allow-server", type=ADDRESS, multiple=True, metavar="ADDR",
              help="A legitimate DHCP or boot server, as with `analyze`. May be repeated.")  # fmt: skip
@click.option("--annotate", is_flag=True, help="With -w: each finding as a comment on the frames that it cites.")
@click.option("--anonymise", is_flag=True, help="With -w: replace everything that names a machine or a site.")
@click.option("--show-secrets", is_flag=True, help="Credentials and tokens in names and comments instead of ***.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr but errors.")
@debug_option
def extract(**options: Any) -> int:  # noqa: ANN401 - click passes what the decorators declare
    """Take out of captures what was transferred, or a slice of the frames.

    Files are written complete or not, each with its SHA-256, size, type and holes in the manifest; names are made
    safe. Nothing that exists is overwritten, by --files or -w, and never more bytes are written than were captured.

    With --anonymise, addresses, names, identifiers and contents are replaced, consistently, so that the file can be
    given away: the verdict on it is the same. Frames that cannot be decoded are left out.

    \b
    Examples:
      pxedebug extract --files out/ boot.pcapng
      pxedebug extract -w one.pcapng --client 52:54:00:77:00:20 --annotate boot.pcapng
      pxedebug extract -w report.pcapng --anonymise --where outcome:failed boot.pcapng
    """
    from pxedebug.cli.extraction import Options, run

    return run(Options(**options))
