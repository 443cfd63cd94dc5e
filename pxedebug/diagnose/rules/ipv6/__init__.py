"""Rules about DHCPv6 and IPv6 (catalogue G)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.ipv6 import (
    dhcpv6_bootfile_param_misread,
    dhcpv6_bootfile_url_unusable,
    dhcpv6_no_addresses,
    dhcpv6_no_advertise,
    dhcpv6_no_bootfile_url,
    ipv6_ra_missing,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    dhcpv6_no_advertise.RULE,
    dhcpv6_no_bootfile_url.RULE,
    dhcpv6_no_addresses.RULE,
    dhcpv6_bootfile_url_unusable.RULE,
    dhcpv6_bootfile_param_misread.RULE,
    ipv6_ra_missing.RULE,
)
"""In the catalogue's order."""
