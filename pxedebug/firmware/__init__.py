"""What each kind of firmware and boot loader does: its options, clocks, choices and file names, as tables.

Messages and requests come in as `wire` decoded them; out go fingerprints, schedules, and which offer, file and server
a program takes. Diagnosis judges by these tables and the test client acts by them, so a correction serves both.
"""

from __future__ import annotations

from pxedebug.firmware.fingerprint import Fingerprint, carries_class, classify, classify_v6, is_boot_client
from pxedebug.firmware.offer_choice import (
    OFFER_CHOICE,
    BootSource,
    OfferChoice,
    choose_boot_source,
    choose_offer,
    usable,
)
from pxedebug.firmware.offers import (
    boot_file,
    boot_url_address,
    is_proxy,
    next_server,
    offer_class,
    pxe_suboptions,
    server_identity,
)
from pxedebug.firmware.programs import Method, OfferClass, Program, StageKind
from pxedebug.firmware.schedules import (
    UNKNOWN_SCHEDULE,
    Phase,
    Schedule,
    exhausted,
    gives_up_after_ns,
    next_action_ns,
    schedule,
)
from pxedebug.firmware.tftp_habits import (
    PROBE_ABORTS,
    artifact,
    classify_request,
    config_search,
    is_boot_like,
    is_last_config,
    is_probe_abort,
    is_size_probe,
    module_search,
    optional_file,
)

__all__ = [
    "OFFER_CHOICE", "PROBE_ABORTS", "UNKNOWN_SCHEDULE", "BootSource", "Fingerprint", "Method", "OfferChoice",
    "OfferClass", "Phase", "Program", "Schedule", "StageKind", "artifact", "boot_file", "boot_url_address",
    "carries_class", "choose_boot_source", "choose_offer", "classify", "classify_request", "classify_v6",
    "config_search", "exhausted", "gives_up_after_ns", "is_boot_client", "is_boot_like", "is_last_config",
    "is_probe_abort", "is_proxy", "is_size_probe", "module_search", "next_action_ns", "next_server", "offer_class",
    "optional_file", "pxe_suboptions", "schedule", "server_identity", "usable",
]  # fmt: skip
