"""`pxedebug analyze`: captures in, every client's boot story out."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from pxedebug.cli.errors import debug_option
from pxedebug.cli.parameters import ADDRESS, FRAME, MAC, SEVERITY, TIME, WHERE

__all__ = ["analyze"]


@click.command(short_help="Analyse captures.", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl", "markdown", "html"]),
    default="text",
    help="What to print.",
)
@click.option("-o", "--output", metavar="PATH", help="Write to PATH instead of stdout.")
@click.option("-v", "--verbose", is_flag=True, help="Every option under each DHCP message; nothing folded.")
@click.option("--frame", type=FRAME, metavar="N", help="Full decode of frame N; with several files SOURCE:N.")
@click.option("--client", type=MAC, metavar="MAC", help="Only this client, in any usual spelling.")
@click.option("--since", type=TIME, metavar="TIME", help="Only boots going on at TIME or later: 12.5s, 1m, RFC 3339.")
@click.option("--until", type=TIME, metavar="TIME", help="Only boots going on at TIME or earlier.")
@click.option("--time", "clock", type=click.Choice(["relative", "local", "utc"]), default="relative",
              help="Times in the text: seconds into the capture, or the time of day.")  # fmt: skip
@click.option("--where", type=WHERE, metavar="EXPR",
              help="Only boots that match every term: outcome:failed arch:uefi finding:tftp-* ...")  # fmt: skip
@click.option("--fail-on", type=SEVERITY, help="Exit with 1 when there is a finding at or above this severity.")
@click.option("--allow-server", type=ADDRESS, multiple=True, metavar="ADDR",
              help="A legitimate DHCP or boot server; any other is an intruder. May be repeated.")  # fmt: skip
@click.option("--show-secrets", is_flag=True, help="Show credentials and tokens instead of ***.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr but errors.")
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@debug_option
def analyze(**options: Any) -> int:  # noqa: ANN401 - click passes what the decorators declare
    """Analyse captures and say what happened to each machine that booted.

    FILE is pcap or pcapng, also compressed with gzip, zstd, xz, lz4 or bzip2; - reads a pipe.
    Several files may be parts of one capture or taken at several points at the same time.

    \b
    Examples:
      pxedebug analyze boot.pcapng
      pxedebug analyze --client 52:54:00:77:00:20 -v boot.pcapng
      pxedebug analyze --where "outcome:failed server:10.0.0.5" boot.pcapng
      pxedebug analyze --frame 13 boot.pcapng
      pxedebug analyze --format json -o report.json boot.pcapng.gz
      tcpdump -U -w - | pxedebug analyze -

    Boots are judged by the whole capture; --client, --since, --until and --where choose
    which of them are shown.

    \b
    EXPR of --where is terms FIELD:VALUE, and a boot must match all of them:
      FIELD  outcome, mac, arch, address, server, file, finding, primary, severity,
             stage, method, class, vlan, relay, boot
      VALUE  * and ? as in a shell; a comma means or; quotes hold spaces
      -TERM  must not match; a WORD alone is looked for in all fields
    """
    # numpy's linear algebra, which is not used here, would start a thread for every processor.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with _without_collector():
        from pxedebug.cli.analysis import Options, run

        return run(Options(**options))


@contextmanager
def _without_collector() -> Iterator[None]:
    """No cyclic garbage collection: modules, the engine and the documents make many objects and hardly any cycles, and
    the collector would walk all of them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
