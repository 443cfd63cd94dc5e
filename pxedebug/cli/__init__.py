"""The command line: one small file for each command, and `main` that finds them.

Results go to stdout, everything else to stderr. A command's module loads nothing but click until the command runs,
so that `--help` and shell completion answer at once.
"""

from __future__ import annotations

__all__: list[str] = []
