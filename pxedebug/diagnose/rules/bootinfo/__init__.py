"""Rules about DHCPv4 boot information (catalogue C)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.bootinfo import (
    ack_lacks_boot_info,
    arch_mismatch,
    bootfile_field_disagreement,
    bootfile_nul_termination,
    bootfile_path_style,
    bootfile_suffix_added,
    bootfile_too_long,
    gateway_missing_for_remote_server,
    long_option_fragmentation,
    next_server_missing,
    next_server_name_unusable,
    next_server_unexpected,
    offer_without_boot_info,
    option43_malformed,
    option_overload_issue,
    pxe_menu_incomplete,
    rpi_vendor_string_missing,
    url_given_to_pxe_client,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    offer_without_boot_info.RULE,
    ack_lacks_boot_info.RULE,
    next_server_missing.RULE,
    next_server_name_unusable.RULE,
    next_server_unexpected.RULE,
    gateway_missing_for_remote_server.RULE,
    arch_mismatch.RULE,
    bootfile_nul_termination.RULE,
    bootfile_too_long.RULE,
    bootfile_field_disagreement.RULE,
    bootfile_path_style.RULE,
    bootfile_suffix_added.RULE,
    url_given_to_pxe_client.RULE,
    option_overload_issue.RULE,
    option43_malformed.RULE,
    pxe_menu_incomplete.RULE,
    long_option_fragmentation.RULE,
    rpi_vendor_string_missing.RULE,
)
"""In the catalogue's order."""
