"""Rules about what runs after the network bootstrap program (catalogue H)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.second_stage import (
    boot_artifact_missing,
    grub_config_not_found,
    ipxe_boot_loop,
    kernel_fetched_no_more_traffic,
    nbp_loaded_then_silent,
    os_dhcp_failure_after_kernel,
    pxelinux_config_not_found,
    pxelinux_module_missing,
    repeated_attempt_storm,
    secure_boot_reject,
    shim_second_stage_missing,
    windows_bcd_missing,
    windows_ramdisk_transfer_failed,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    ipxe_boot_loop.RULE,
    nbp_loaded_then_silent.RULE,
    secure_boot_reject.RULE,
    shim_second_stage_missing.RULE,
    pxelinux_config_not_found.RULE,
    pxelinux_module_missing.RULE,
    grub_config_not_found.RULE,
    boot_artifact_missing.RULE,
    windows_bcd_missing.RULE,
    windows_ramdisk_transfer_failed.RULE,
    kernel_fetched_no_more_traffic.RULE,
    os_dhcp_failure_after_kernel.RULE,
    repeated_attempt_storm.RULE,
)
"""In the catalogue's order."""
