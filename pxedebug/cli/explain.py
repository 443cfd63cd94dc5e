"""`pxedebug explain`: the catalogue of findings at the prompt, also by what a screen says."""

from __future__ import annotations

import click

from pxedebug.cli.errors import debug_option

__all__ = ["explain"]


@click.command(
    short_help="Explain a finding or a screen code.", context_settings={"help_option_names": ["-h", "--help"]}
)
@click.argument("words", nargs=-1, metavar="[ID | SCREEN-CODE]")
@debug_option
def explain(words: tuple[str, ...]) -> int:
    """Say what a finding means, or what a code or message on a machine's screen can mean.

    Without an argument, list every finding.

    \b
    Examples:
      pxedebug explain
      pxedebug explain tftp-file-not-found
      pxedebug explain PXE-E18
      pxedebug explain https://ipxe.org/4c126035
      pxedebug explain No configuration methods succeeded
    """
    import sys

    from pxedebug.cli.errors import complain
    from pxedebug.diagnose import builtin_rules
    from pxedebug.diagnose.unknown import UNKNOWN
    from pxedebug.plugins import installed_rules
    from pxedebug.report.text import Output
    from pxedebug.report.text.explain import similar_ids, write_answer, write_catalogue

    rules = (*builtin_rules(), UNKNOWN, *installed_rules(complain))
    output = Output(sys.stdout)
    query = " ".join(words).strip()
    if not query:
        write_catalogue(rules, output)
        return 0
    if not write_answer(query, rules, output):
        similar = " or ".join(similar_ids(query, rules))
        hint = "`pxedebug explain` lists all findings, and a screen code is typed as shown"
        raise click.UsageError(f"nothing is known of {query!r}; {f'did you mean {similar}?' if similar else hint}")
    return 0
