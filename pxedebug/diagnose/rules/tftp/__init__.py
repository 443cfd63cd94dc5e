"""Rules about TFTP (catalogue E)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.tftp import tftp_file_not_found

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (tftp_file_not_found.RULE,)
"""In the catalogue's order."""
