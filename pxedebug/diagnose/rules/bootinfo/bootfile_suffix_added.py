"""The answer of port 4011 names the boot file with a layer number behind it, and there is no such file.

PXE boot servers have one program for each layer of a menu item; dnsmasq writes the number behind the basename of
`pxe-service` unless that has a dot in it (releases before 2.76 always do). A name whose own suffix stands before the
number (`snponly.efi.0`) shows it, as does the name without the number where the server gave that out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxedebug.diagnose.boot_info import named_reads, told_by
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pxe_suboptions
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]

_NUMBERED = re.compile(rb"(.+)\.(\d{1,3})")
_HAS_SUFFIX = re.compile(rb".*\.(?:efi|[gi]?pxe|k{1,3}pxe|com|n12|ipxe|lkrn|bin|img|0)", re.IGNORECASE | re.DOTALL)
_PROXY, _BOOT_ITEM = 4011, 71


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last stage's boot file, refused as it was named."""
    turn = case.last
    wanted, message = wanted_file(turn), told_by(turn)
    if not wanted or message is None or (match := _NUMBERED.fullmatch(wanted)) is None:
        return
    if message.port != _PROXY and _BOOT_ITEM not in pxe_suboptions(dhcp_of(message)):
        return
    for transfer in named_reads(turn):
        if transfer.file != wanted or transfer.status is not TransferStatus.REFUSED:
            continue
        base, served = match[1], _served(match[1], transfer, network)
        if served is None and not _HAS_SUFFIX.fullmatch(base):
            return
        evidence = cite(message, f"names {name(wanted)}") + cite(transfer.first_frame, "the request")
        if transfer.error_frame is not None:
            evidence += cite(transfer.error_frame, "the server has no such file")
        if served is not None:
            evidence += cite(served, f"{name(base)} was served")
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"the boot server writes a layer number behind the file's name: {name(wanted)} instead of {name(base)}",
            evidence,
            server=transfer.server,
            values={"server": str(transfer.server)},
        )
        return


def _served(base: bytes, transfer: Transfer, network: Network) -> int | None:
    """Where the server delivered the name without its number."""
    fetches = network.files_by_server.get(transfer.server, ())
    return next((f.frame for _, f in fetches if f.file == base and f.status is TransferStatus.COMPLETE), None)


RULE = Rule(
    id="bootfile-suffix-added",
    title="The boot server adds a number to the file's name",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FETCHING,
    screens=(
        Screen("PXE-T01: File not found, then PXE-E3B: TFTP Error - File Not Found", INTEL),
        Screen("PXE-E23: Client received TFTP error from server", EDK2),
        Screen("No such file or directory (https://ipxe.org/2d12613b on BIOS, 2d12618e on UEFI)", IPXE),
    ),
    causes=(
        "`pxe-service` of an old dnsmasq, which adds `.0` to every basename",
        "a basename without a dot in `pxe-service`, and a file of just that name",
    ),
    remedies=(
        *advice("give the file a second name with the number, as a link", "use dnsmasq 2.76 or newer"),
        Remedy(
            Product.DNSMASQ,
            "dhcp-match=set:efi64,option:client-arch,7\ndhcp-boot=tag:efi64,snponly.efi,,$server",
            "for machines that are no BIOS",
        ),
    ),
    sources=("dnsmasq src/rfc2131.c", "PXE 2.1 section 2.2.4 (boot item layers)"),
)
