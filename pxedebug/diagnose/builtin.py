"""The built-in rules, in the catalogue's order: one readable list."""

from __future__ import annotations

from functools import cache

from pxedebug.diagnose.rule import Rule

__all__ = ["builtin_rules"]


@cache
def builtin_rules() -> tuple[Rule, ...]:
    """Every rule that ships with pxedebug. Loaded at the first call."""
    from pxedebug.diagnose.rules import bootinfo, dhcp, http, ipv6, link, proxydhcp, second_stage, tftp

    return (
        *link.RULES,
        *dhcp.RULES,
        *bootinfo.RULES,
        *proxydhcp.RULES,
        *tftp.RULES,
        *http.RULES,
        *ipv6.RULES,
        *second_stage.RULES,
    )
