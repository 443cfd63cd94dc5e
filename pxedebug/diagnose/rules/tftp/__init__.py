"""Rules about TFTP (catalogue E)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.tftp import (
    asymmetric_routing,
    blksize_fragmentation,
    ip_fragments_dropped,
    nbp_empty,
    nbp_too_large_bios,
    next_server_arp_unanswered,
    small_blksize_slow,
    tftp_access_violation,
    tftp_blocknum_rollover_stall,
    tftp_client_aborted,
    tftp_data_blocked_by_firewall,
    tftp_file_not_found,
    tftp_no_option_support,
    tftp_oack_missing_tsize,
    tftp_options_refused,
    tftp_port_closed,
    tftp_port_filtered,
    tftp_reply_wrong_source,
    tftp_server_error_other,
    tftp_server_unreachable,
    tftp_size_mismatch,
    tftp_slow_transfer,
    tftp_sorcerers_apprentice,
    tftp_transfer_stalled,
    tftp_unknown_tid,
    windowsize_loss,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    next_server_arp_unanswered.RULE,
    tftp_server_unreachable.RULE,
    tftp_port_closed.RULE,
    tftp_port_filtered.RULE,
    tftp_data_blocked_by_firewall.RULE,
    tftp_reply_wrong_source.RULE,
    tftp_file_not_found.RULE,
    tftp_access_violation.RULE,
    tftp_server_error_other.RULE,
    tftp_options_refused.RULE,
    tftp_oack_missing_tsize.RULE,
    tftp_no_option_support.RULE,
    blksize_fragmentation.RULE,
    ip_fragments_dropped.RULE,
    windowsize_loss.RULE,
    tftp_blocknum_rollover_stall.RULE,
    tftp_sorcerers_apprentice.RULE,
    tftp_transfer_stalled.RULE,
    tftp_client_aborted.RULE,
    tftp_slow_transfer.RULE,
    small_blksize_slow.RULE,
    tftp_size_mismatch.RULE,
    nbp_empty.RULE,
    nbp_too_large_bios.RULE,
    asymmetric_routing.RULE,
    tftp_unknown_tid.RULE,
)
"""In the catalogue's order."""
