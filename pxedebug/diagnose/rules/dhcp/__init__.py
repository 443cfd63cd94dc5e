"""Rules about DHCPv4 addressing (catalogue B)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.dhcp import (
    ack_rejected_by_client,
    bootp_only_reply,
    competing_dhcp_servers,
    dhcp_nak,
    identity_change_between_stages,
    no_dhcp_offer,
    offer_ignored_by_client,
    offer_missing_server_id,
    offer_oversize,
    offer_wrong_subnet,
    pool_exhausted_silence,
    proxy_offer_only,
    relay_missing,
    relay_reply_lost,
    reply_mismatch,
    request_unanswered,
    selective_silence,
    slow_dhcp_offer,
    unicast_offer_undeliverable,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    no_dhcp_offer.RULE,
    pool_exhausted_silence.RULE,
    selective_silence.RULE,
    relay_missing.RULE,
    relay_reply_lost.RULE,
    offer_wrong_subnet.RULE,
    offer_ignored_by_client.RULE,
    reply_mismatch.RULE,
    offer_missing_server_id.RULE,
    offer_oversize.RULE,
    slow_dhcp_offer.RULE,
    unicast_offer_undeliverable.RULE,
    dhcp_nak.RULE,
    request_unanswered.RULE,
    ack_rejected_by_client.RULE,
    competing_dhcp_servers.RULE,
    proxy_offer_only.RULE,
    bootp_only_reply.RULE,
    identity_change_between_stages.RULE,
)
"""In the catalogue's order."""
