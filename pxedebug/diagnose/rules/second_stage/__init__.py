"""Rules about what runs after the network bootstrap program (catalogue H)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
"""In the catalogue's order."""
