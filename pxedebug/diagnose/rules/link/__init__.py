"""Rules about the link and layer 2 (catalogue A)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.link import (
    arp_conflict,
    dhcp_snooping_drop,
    dot1x_port_blocked,
    duplicate_ip_decline,
    lacp_port_not_forwarding,
    no_client_traffic,
    second_stage_dhcp_silence,
    stp_portfast_delay,
    vlan_mismatch,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    no_client_traffic.RULE,
    stp_portfast_delay.RULE,
    lacp_port_not_forwarding.RULE,
    dot1x_port_blocked.RULE,
    vlan_mismatch.RULE,
    dhcp_snooping_drop.RULE,
    second_stage_dhcp_silence.RULE,
    duplicate_ip_decline.RULE,
    arp_conflict.RULE,
)
"""In the catalogue's order."""
