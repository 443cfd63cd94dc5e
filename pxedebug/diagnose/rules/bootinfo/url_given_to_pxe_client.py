"""PXE firmware is given a URL for its boot file: it speaks TFTP only and asks for the URL as if it were a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxedebug.diagnose.boot_info import FIRMWARE_PXE, announced, named_reads, scheme
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.firmware import pauses
from pxedebug.firmware.programs import Method
from pxedebug.wire.dhcp import is_http

__all__ = ["RULE"]

_URLS = frozenset(("http", "https", "ftp", "nfs"))
_PLAIN = re.compile(rb"[A-Za-z0-9:/._~%+-]{1,200}")
"""A URL that can stand in a configuration line."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """The boot file of firmware's last turn; `tftp://` is `bootfile-path-style`'s."""
    turn = case.last
    if turn.boot is None or turn.program not in FIRMWARE_PXE or turn.method is not Method.PXE_V4:
        return
    file = turn.boot.file or b""
    if scheme(file) not in _URLS or turn.whole() or any(is_http(code) for code in announced(turn)):
        return
    if any(transfer.protocol == "http" for transfer in turn.transfers):
        return
    asked = [transfer.first_frame for transfer in named_reads(turn)]
    first = next(iter(turn.discovers + turn.requests), None)
    evidence = cite(turn.boot.source_frame, "names a URL")
    evidence += cite_each(asked, "the URL as the name of a file to read over TFTP", 3)
    if first is not None:
        vendor_class = dhcp_of(first).options.get(60, b"")
        evidence += cite(first, f"the client is {name(vendor_class)} and no iPXE")
    settled = quiet_for(case, pauses.IPXE)
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the boot file is the URL {name(file)}, and this client's PXE firmware speaks TFTP only",
        evidence,
        severity=None if settled else Severity.ERROR,
        server=turn.boot.server,
        values={"url": file.decode("ascii")} if _PLAIN.fullmatch(file) else {},
    )


RULE = Rule(
    id="url-given-to-pxe-client",
    title="The boot file is a URL, which PXE firmware cannot load",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED | Reach.FETCHING,
    screens=(
        Screen("NBP filename is http://..., NBP filesize is 0 Bytes, then PXE-E99 or PXE-E23", EDK2),
        Screen("PXE-T01: File not found, then PXE-E3B: TFTP Error - File Not Found", INTEL),
    ),
    causes=(
        "the rule that is meant for iPXE does not test the user class, or the test never matches",
        "the rule that is meant for HTTP boot matches architecture 7 (PXE) instead of 16 (HTTP)",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            "dhcp-match=set:ipxe,175\ndhcp-boot=tag:!ipxe,snponly.efi,,$server\ndhcp-boot=tag:ipxe,$url",
        ),
        Remedy(
            Product.KEA,
            '"client-classes": ['
            '{"name": "ipxe", "test": "option[77].hex == \'iPXE\'", "boot-file-name": "$url"}, '
            '{"name": "firmware", "test": "not member(\'ipxe\')", "boot-file-name": "snponly.efi"}]',
        ),
        Remedy(
            Product.ISC_DHCPD,
            'if exists user-class and option user-class = "iPXE" { filename "$url"; } else { filename "snponly.efi"; }',
        ),
    ),
    sources=("PXE 2.1 section 2.4", "RFC 2132 section 9.5"),
)
