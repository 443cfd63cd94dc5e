"""Firmware, or shim, does not run what it loaded because of its signature.

Secure Boot itself never shows on the wire. What shows: a whole EFI program without a certificate table that the
firmware passes over at once or fetches again, and a shim that asks for its key manager after its second stage. A
signed program proves nothing either way; a wrong machine or a short file explain more (arch-mismatch,
tftp-size-mismatch).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import is_uefi_client, plain_name
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.loaders import is_shim, next_beginning
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, IPXE, UEFI, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.firmware.programs import StageKind
from pxedebug.track.loaded import system_of_the_disk
from pxedebug.track.story import Transfer
from pxedebug.wire.bootprogram import read_pe

__all__ = ["RULE"]

_KEY_MANAGER = (b"mmx64.efi", b"mmaa64.efi", b"mmia32.efi", b"mm.efi")


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last stage is UEFI firmware that has a whole program and nothing to show for it."""
    turn = case.last
    if turn.kind is not StageKind.FIRMWARE or not is_uefi_client(case):
        return
    managers = [transfer for transfer in turn.transfers if base_name(plain_name(transfer)) in _KEY_MANAGER]
    if managers:
        yield from _by_shim(turn, managers[0])
        return
    whole = turn.whole()
    last = whole[-1]
    if last is not turn.transfers[-1] or not _unsigned(last):
        return
    again = [transfer for transfer in whole if plain_name(transfer) == plain_name(last)]
    if not (_passed_over(case, network, last) or len(again) > 1):
        return
    if _by_a_shim(whole):
        says = f"shim loaded {name(plain_name(last))}, which carries no signature, and did not run it"
    else:
        then = "went on without running it" if case.attempt.followed else "fetched it again"
        says = f"the firmware loaded {name(plain_name(last))}, which carries no signature, and {then}"
    yield Found(
        turn,
        Confidence.STRONG,
        f"{says}: Secure Boot is the likely reason",
        cite(last.first_frame, "an EFI program without a certificate table")
        + cite(last.last_frame, "its last block")
        + cite_each([transfer.first_frame for transfer in again[:-1]], "the same program before"),
        server=last.server,
        values={"server": str(last.server)},
    )


def _passed_over(case: Case, network: Network, last: Transfer) -> bool:
    """The firmware's next entry came at once, or the system on its disk."""
    if system_of_the_disk(case.boot) is not None:
        return True
    began = next_beginning(case, network) if case.attempt.followed else None
    return began is not None and began[0] - last.ended <= pauses.PASSED_OVER


def _by_shim(turn: Turn, manager: Transfer) -> Iterator[Found]:
    """shim starts MokManager when its second stage does not verify; before the second stage it only enrols a key."""
    before = [transfer for transfer in turn.whole() if transfer.ended <= manager.started]
    after = [transfer for transfer in turn.whole() if transfer.started > manager.started and transfer is not manager]
    if len(before) < 2 or after or not _by_a_shim(before):
        return
    refused = before[-1]
    yield Found(
        turn,
        Confidence.STRONG,
        f"shim loaded {name(plain_name(refused))} and refused to run it: its signature does not verify",
        cite(manager.first_frame, "shim asks for its key manager")
        + cite(refused.first_frame, "the program that it loaded before")
        + cite(before[0].first_frame, "shim"),
        server=refused.server,
        values={"server": str(refused.server)},
    )


def _by_a_shim(whole: Sequence[Transfer]) -> bool:
    """The first file is a shim, and it has loaded another."""
    return is_shim(whole[0]) and plain_name(whole[0]) != plain_name(whole[-1])


def _unsigned(transfer: Transfer) -> bool:
    """A whole EFI program without a certificate table, as far as its headers were captured."""
    header = read_pe(transfer.head) if transfer.content_type == "pe" else None
    if header is None or header.signed is not False:
        return False
    return header.declared_size is None or transfer.size >= header.declared_size


RULE = Rule(
    id="secure-boot-reject",
    title="Secure Boot refuses the boot program",
    severity=Severity.ERROR,
    step=Step.POST_NBP,
    check=check,
    reach=Reach.LOADED,
    screens=(
        Screen("Selected boot image did not authenticate; Secure Boot Violation; Access Denied", UEFI),
        Screen("shim: Verification failed: (0x1A) Security Violation; (15) Access Denied", EDK2),
        Screen("Security Policy Violation (https://ipxe.org/7f04819a or 7f04818f)", IPXE),
        Screen("Secure Boot Violation"),
    ),
    causes=(
        "the boot program is not signed (iPXE and SYSLINUX as built or packaged)",
        "shim is there, but its second stage is signed by another key",
        "the signature was revoked (SBAT, dbx)",
        "the machine trusts only one of Microsoft's certificates of 2011 and 2023, the program has the other",
        "DHCP names the loader instead of the shim",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            "dhcp-match=set:efi64,option:client-arch,7\ndhcp-boot=tag:efi64,shimx64.efi,,$server",
            "no DHCP option tells whether Secure Boot is on: name the shim for every x64 UEFI client",
        ),
        Remedy(
            Product.KEA,
            '"client-classes": [{"name": "efi64", "test": "option[93].hex == 0x0007", '
            '"next-server": "$server", "boot-file-name": "shimx64.efi"}]',
        ),
        Remedy(
            Product.ISC_DHCPD,
            "option arch code 93 = unsigned integer 16;\nif option arch = 00:07 {\n"
            '  next-server $server;\n  filename "shimx64.efi";\n}',
        ),
        *advice(
            "enrol the loader's key (mokutil --import) or use the distribution's signed loader",
            "switch Secure Boot off for one try: if the boot then works, this is the reason",
        ),
    ),
    sources=("shim shim.c, start_image and init_grub", "EDK2 SecurityPkg/Library/DxeImageVerificationLib"),
    next_measurement="read the machine's screen, or boot once with Secure Boot off: the wire does not show its state",
)
