"""Rules about the link and layer 2 (catalogue A)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
"""In the catalogue's order."""
