"""Rules about proxyDHCP, boot server discovery and WDS (catalogue D)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.proxydhcp import (
    bootserver_discovery_timeout,
    mtftp_not_supported,
    option60_missing,
    option60_stray_pxeclient,
    proxy_ack_without_bootfile,
    proxy_reply_wrong_port,
    proxydhcp_4011_blocked,
    relay_drops_proxy_offer,
    rogue_proxydhcp,
    wds_pending_or_abort,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    proxydhcp_4011_blocked.RULE,
    proxy_reply_wrong_port.RULE,
    option60_stray_pxeclient.RULE,
    option60_missing.RULE,
    relay_drops_proxy_offer.RULE,
    rogue_proxydhcp.RULE,
    proxy_ack_without_bootfile.RULE,
    bootserver_discovery_timeout.RULE,
    wds_pending_or_abort.RULE,
    mtftp_not_supported.RULE,
)
"""In the catalogue's order."""
