"""One table each: what suppresses what, what brings what about, and what success leaves standing (catalogue 8).

Ids are the catalogue's. A specific finding suppresses its generic parents and is weighed at the furthest step among
itself and them, because a wrong next-server shows only once files are asked for. Among what is left the furthest step
decides which finding is primary, unless an edge of `CAUSES` leads to an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "CAUSES",
    "CONTRIBUTING",
    "KEPT_AFTER_SUCCESS",
    "NETWORK_WIDE",
    "PROVED_BY_ACK",
    "SUPPRESSES",
    "TOLD_AFTER_DELIVERY",
]

_SPECIFIC_FORMS: Mapping[str, tuple[str, ...]] = {
    "no-dhcp-offer": (
        "relay-missing", "pool-exhausted-silence", "selective-silence", "stp-portfast-delay",
        "lacp-port-not-forwarding", "dot1x-port-blocked", "vlan-mismatch", "dhcp-snooping-drop", "reply-mismatch",
        "relay-reply-lost", "proxy-offer-only", "rpi-vendor-string-missing", "unicast-offer-undeliverable",
        "second-stage-dhcp-silence",
    ),
    "offer-ignored-by-client": (
        "offer-wrong-subnet", "offer-missing-server-id", "offer-oversize", "offer-without-boot-info",
        "http-offer-without-httpclient", "slow-dhcp-offer", "unicast-offer-undeliverable", "proxy-offer-only",
        "reply-mismatch", "bootp-only-reply", "relay-reply-lost", "rpi-vendor-string-missing", "mtftp-not-supported",
        "vlan-mismatch", "stp-portfast-delay", "lacp-port-not-forwarding", "dhcp-snooping-drop", "http-dns-failure",
        "option60-missing", "relay-drops-proxy-offer",
    ),
    "unicast-offer-undeliverable": (
        "offer-missing-server-id", "offer-oversize", "offer-without-boot-info", "http-offer-without-httpclient",
        "vlan-mismatch", "lacp-port-not-forwarding", "dhcp-snooping-drop",
    ),
    "offer-without-boot-info": (
        "option60-missing", "relay-drops-proxy-offer", "rpi-vendor-string-missing", "mtftp-not-supported",
    ),
    "request-unanswered": ("dhcp-nak",),
    "bootserver-discovery-timeout": ("proxydhcp-4011-blocked",),
    "proxydhcp-4011-blocked": ("option60-stray-pxeclient", "proxy-reply-wrong-port"),
    "tftp-server-unreachable": (
        "next-server-missing", "next-server-name-unusable", "next-server-unexpected", "next-server-arp-unanswered",
        "gateway-missing-for-remote-server", "tftp-reply-wrong-source", "tftp-data-blocked-by-firewall",
        "tftp-port-closed", "tftp-port-filtered",
    ),
    "next-server-arp-unanswered": ("gateway-missing-for-remote-server",),
    "tftp-file-not-found": (
        "bootfile-nul-termination", "bootfile-too-long", "bootfile-path-style", "bootfile-suffix-added",
        "url-given-to-pxe-client", "option-overload-issue", "pxelinux-config-not-found", "pxelinux-module-missing",
        "grub-config-not-found", "shim-second-stage-missing", "windows-bcd-missing", "boot-artifact-missing",
    ),
    "http-404": ("boot-artifact-missing", "bootfile-too-long"),
    "tftp-server-error-other": ("tftp-access-violation", "tftp-options-refused"),
    "tftp-oack-missing-tsize": ("nbp-empty",),
    "tftp-client-aborted": (
        "tftp-no-option-support", "tftp-options-refused", "tftp-oack-missing-tsize", "nbp-empty",
        "windows-ramdisk-transfer-failed",
    ),
    "nbp-loaded-then-silent": (
        "arch-mismatch", "tftp-size-mismatch", "secure-boot-reject", "nbp-too-large-bios",
        "second-stage-dhcp-silence", "nbp-empty", "http-content-not-bootable", "ipxe-boot-loop",
    ),
    "secure-boot-reject": ("arch-mismatch", "tftp-size-mismatch"),
    "tftp-transfer-stalled": (
        "blksize-fragmentation", "ip-fragments-dropped", "windowsize-loss", "tftp-blocknum-rollover-stall",
        "windows-ramdisk-transfer-failed", "nbp-empty", "tftp-data-blocked-by-firewall",
    ),
    "blksize-fragmentation": ("ip-fragments-dropped",),
    "http-connect-timeout": ("next-server-arp-unanswered", "http-dns-failure"),
    "http-server-error": ("http-tls-in-plain",),
    "http-transfer-stalled": ("http-tls-in-plain", "https-handshake-failed"),
}  # fmt: skip
"""By generic finding: what says the same more precisely."""

SUPPRESSES: Mapping[str, frozenset[str]] = {
    child: frozenset(parent for parent, children in _SPECIFIC_FORMS.items() if child in children)
    for child in {child for children in _SPECIFIC_FORMS.values() for child in children}
}
"""By specific finding: the generic ones that it makes superfluous, where it is itself an error or fatal."""

_FETCH_FAULTS = (
    "tftp-file-not-found", "tftp-access-violation", "tftp-server-unreachable", "tftp-port-closed", "tftp-port-filtered",
    "next-server-arp-unanswered", "gateway-missing-for-remote-server", "next-server-missing", "arch-mismatch",
    "offer-without-boot-info", "ack-lacks-boot-info", "proxydhcp-4011-blocked", "http-404", "http-connect-refused",
    "http-connect-timeout", "ipxe-boot-loop", "url-given-to-pxe-client", "http-offer-without-httpclient",
    "nbp-loaded-then-silent", "tftp-server-error-other",
)  # fmt: skip

_NO_ANSWER = (
    "tftp-file-not-found", "tftp-server-unreachable", "tftp-port-closed", "tftp-port-filtered",
    "next-server-arp-unanswered",
)  # fmt: skip
"""What becomes of a request that goes to the wrong host."""

CAUSES: Mapping[str, frozenset[str]] = {
    "competing-dhcp-servers": frozenset((*_FETCH_FAULTS, "dhcp-nak", "request-unanswered", "duplicate-ip-decline")),
    "rogue-proxydhcp": frozenset(_FETCH_FAULTS),
    "offer-wrong-subnet": frozenset(("next-server-arp-unanswered", "gateway-missing-for-remote-server")),
    "option43-malformed": frozenset(("pxe-menu-incomplete", "bootserver-discovery-timeout", "offer-without-boot-info")),
    "pxe-menu-incomplete": frozenset(("bootserver-discovery-timeout",)),
    "arp-conflict": frozenset(("tftp-transfer-stalled", "tftp-server-unreachable", "http-transfer-stalled")),
    "stp-portfast-delay": frozenset(("second-stage-dhcp-silence", "os-dhcp-failure-after-kernel")),
    "lacp-port-not-forwarding": frozenset(("second-stage-dhcp-silence", "os-dhcp-failure-after-kernel")),
    "dhcp-snooping-drop": frozenset(("offer-without-boot-info", "ack-lacks-boot-info", "second-stage-dhcp-silence")),
    "dot1x-port-blocked": frozenset(("second-stage-dhcp-silence", "offer-without-boot-info")),
    "pool-exhausted-silence": frozenset(("second-stage-dhcp-silence", "os-dhcp-failure-after-kernel")),
    "next-server-missing": frozenset((*_NO_ANSWER, "shim-second-stage-missing")),
    "next-server-name-unusable": frozenset((*_NO_ANSWER, "shim-second-stage-missing")),
    "next-server-unexpected": frozenset(_NO_ANSWER),
    "asymmetric-routing": frozenset(("tftp-data-blocked-by-firewall",)),
    "blksize-fragmentation": frozenset(("windows-ramdisk-transfer-failed",)),
    "windowsize-loss": frozenset(("windows-ramdisk-transfer-failed",)),
    "tftp-blocknum-rollover-stall": frozenset(("windows-ramdisk-transfer-failed",)),
}
"""From a cause to what it brings about. A cause must be an error or fatal itself to take the primary's place."""

CONTRIBUTING = frozenset(
    (
        "competing-dhcp-servers",
        "identity-change-between-stages",
        "bootfile-field-disagreement",
        "repeated-attempt-storm",
    )
)
"""Never primary by how far the boot came, whenever anything else explains the failure."""

PROVED_BY_ACK = frozenset(
    ("no-dhcp-offer", *_SPECIFIC_FORMS["no-dhcp-offer"], "offer-ignored-by-client", "unicast-offer-undeliverable",
     "request-unanswered")
)  # fmt: skip
"""What an ACK in the same stage, or any later stage, shows to have passed."""

TOLD_AFTER_DELIVERY = frozenset(("wds-pending-or-abort",))
"""What a server says to a program that it delivered: only a file that comes after it shows that it passed."""

KEPT_AFTER_SUCCESS = frozenset(
    (
        "competing-dhcp-servers", "rogue-proxydhcp", "identity-change-between-stages", "stp-portfast-delay",
        "slow-dhcp-offer", "tftp-slow-transfer", "small-blksize-slow", "http-slow-transfer",
        "tftp-sorcerers-apprentice", "windowsize-loss", "arch-mismatch", "repeated-attempt-storm", "arp-conflict",
        "asymmetric-routing", "next-server-unexpected", "os-dhcp-failure-after-kernel",
        "kernel-fetched-no-more-traffic", "wds-pending-or-abort", "duplicate-ip-decline",
    )
)  # fmt: skip
"""Warnings that stay warnings on a boot that worked: they explain the next one that does not."""

NETWORK_WIDE = frozenset(("no-dhcp-offer", "relay-missing", "dhcpv6-no-advertise"))
"""Findings that several clients share though no server can be named: nobody answers them."""
