"""Rules about DHCPv4 addressing (catalogue B)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = ()
"""In the catalogue's order."""
