"""A boot program that does not fit below 640 KiB."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import is_bios_client, quiet_after
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import INTEL, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.firmware.programs import StageKind
from pxedebug.track.clocks import SILENCE
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_LIKELY, _NEVER = 520 * 1024, 608 * 1024
"""Bytes of base memory from 0x7C00 up: usually free, and the most there can be."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """A BIOS machine's own ROM (iPXE loads above 1 MiB and is none) reads a first boot program of more than 520 KiB,
    and nothing of it is heard for 10 s afterwards."""
    turn = case.first
    if turn.kind is not StageKind.FIRMWARE or not turn.last or not is_bios_client(case):
        return
    found = [(transfer, facts) for _, transfer, facts in tftp_reads(case)]
    size = max((max(t.size, t.declared_bytes or 0) for t, _ in found), default=0)
    if size <= _LIKELY or len({t.file for t, _ in found}) > 1:
        return
    transfer, facts = found[-1]
    if transfer.status is TransferStatus.COMPLETE and quiet_after(turn, transfer) <= SILENCE:
        return
    yield Found(
        turn,
        Confidence.CERTAIN if size > _NEVER else Confidence.STRONG,
        f"{name(transfer.file)} has {size:,} bytes, too many for the base memory of a BIOS machine",
        cite_each(facts.answers[:1], "the server tells the size") + cite(transfer.first_frame, "the request"),
        server=transfer.server,
        values=server_values(transfer),
    )


RULE = Rule(
    id="nbp-too-large-bios",
    title="The boot program is too large for a BIOS machine",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E79: NBP is too big to fit in free base memory", INTEL),
        Screen("PXE-E79: NBP is too big to fit in free base memory"),
    ),
    causes=("an EFI program or a kernel is given to BIOS machines as their boot program",),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-match=set:bios,option:client-arch,0\ndhcp-boot=tag:bios,undionly.kpxe"),
        *advice("give BIOS machines `undionly.kpxe` or `pxelinux.0`, which load the rest themselves"),
    ),
    sources=("PXE 2.1 section 4.4.5 (the NBP is loaded at 0:7C00)",),
    next_measurement="read the machine's screen: PXE-E79 says it; then how much base memory the ROM leaves free",
)
