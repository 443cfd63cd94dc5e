"""A kernel, an initrd or another file that a loader needs is not there, over TFTP or HTTP.

The loader or its script was delivered before, so that the DHCP side is right; what names the missing file is cited
where its text shows it. Searches, optional files and the files of more specific rules (shim's second stage, PXELINUX's
modules, Windows' BCD) are none of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import (
    NOT_THERE,
    plain_name,
    recovered_after,
    refusal,
    refused,
    says_missing,
    searched,
    wanted_file,
)
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.loaders import is_shim, is_shims_second_stage
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import GRUB, IPXE, PXELINUX, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import artifact, pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.firmware.programs import Program
from pxedebug.track.dispensable import behind_menu
from pxedebug.track.story import Transfer

__all__ = ["RULE"]

_NEEDED = frozenset(("boot-program", "kernel", "initrd", "wim", "ramdisk", "dtb"))
_ANSWERS = re.compile(rb".*(?:\.ign|\.ks|user-data|preseed.*|kickstart.*|autoinst\.xml)")
"""What an installer cannot go on without."""
_OFTEN_ABSENT = re.compile(rb".*(?:ucode|microcode).*|.*\.dtbo|initrd[2-9](?:\..*)?")
_OF_OTHER_RULES = re.compile(rb"bcd|.*\.bcd|.*\.c32|mm(?:x64|aa64|ia32)\.efi|fb(?:x64|aa64)\.efi")
_TEXTS = frozenset(("ipxe-script", "config-text", "text"))


def check(case: Case, network: Network) -> Iterator[Found]:
    """A missing file that the boot needs, after a loader, a script or a configuration was delivered."""
    delivered: list[Transfer] = []
    for turn in case.turns:
        for transfer in refused(turn):
            if not says_missing(transfer) or not _needed(turn, transfer):
                continue
            if turn.program is Program.RASPBERRY_PI and case.quiet_until - transfer.ended < pauses.NAME_SEARCH:
                continue
            before = [t for t in (*delivered, *turn.whole()) if t.started < transfer.started]
            if is_shims_second_stage(plain_name(transfer)) and any(is_shim(earlier) for earlier in before):
                continue
            source = _named_by(plain_name(transfer), before)
            if source is not None or any(_loads(earlier) for earlier in before):
                yield _found(turn, transfer, source)
        delivered += turn.whole()


def _needed(turn: Turn, transfer: Transfer) -> bool:
    """Of use to a boot, and not what DHCP named itself."""
    file = plain_name(transfer)
    base = base_name(file)
    if file == wanted_file(turn) or searched(turn, transfer):
        return False
    if _OFTEN_ABSENT.fullmatch(base) or _OF_OTHER_RULES.fullmatch(base):
        return False
    return artifact(file) in _NEEDED or _ANSWERS.fullmatch(base) is not None


def _loads(transfer: Transfer) -> bool:
    """A loader, a script or a configuration."""
    return transfer.content_type in _TEXTS or artifact(plain_name(transfer)) in ("boot-program", "config", "module")


def _named_by(file: bytes, before: Sequence[Transfer]) -> Transfer | None:
    """The script or configuration whose text names the file, the latest first."""
    base = file.replace(b"\\", b"/").rpartition(b"/")[2]
    texts = (t for t in reversed(before) if t.content_type in _TEXTS or artifact(plain_name(t)) == "config")
    return next((text for text in texts if base and base in text.head), None)


def _found(turn: Turn, missing: Transfer, source: Transfer | None) -> Found:
    evidence = refusal(missing, answer=NOT_THERE)
    says = f"the server {missing.server} has no {name(plain_name(missing))}"
    if source is not None:
        evidence += cite(source.first_frame, "the file that names it")
        says += f", which {name(plain_name(source))} names"
    else:
        says += ", which the boot program asks for"
    return Found(
        turn,
        Confidence.CERTAIN,
        says,
        evidence,
        severity=Severity.WARNING if recovered_after(turn, missing) or behind_menu(turn.transfers, missing) else None,
        step=Step.HTTP if missing.protocol == "http" else Step.TFTP,
        screens=_OVER_HTTP if missing.protocol == "http" else _OVER_TFTP,
        server=missing.server,
        values={"server": str(missing.server)},
    )


_GRUBS = Screen("error: file `...' not found", GRUB)
_WIMBOOTS = Screen("FATAL: no bootmgr.exe (wimboot)")
_OVER_HTTP = (
    Screen("No such file or directory (https://ipxe.org/2d0c613b on BIOS, 2d0c618e on UEFI)", IPXE), _GRUBS, _WIMBOOTS,
)  # fmt: skip
_OVER_TFTP = (
    Screen("No such file or directory; Loading vmlinuz... failed", PXELINUX),
    Screen("No such file or directory (https://ipxe.org/2d12613b on BIOS, 2d12618e on UEFI)", IPXE),
    _GRUBS,
    Screen("TFTP error: 'File not found' (1)", U_BOOT),
    _WIMBOOTS,
)

RULE = Rule(
    id="boot-artifact-missing",
    title="A file that the loader needs is missing",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=tuple(dict.fromkeys((*_OVER_TFTP, *_OVER_HTTP))),
    causes=(
        "a new release has moved or renamed the file",
        "the path in the script or configuration is meant relative to another folder or base URL",
        "the folder of another architecture is named",
        "a variable in the script is empty",
        "the server may not read the file and reports that as missing",
    ),
    remedies=(
        *advice(
            "correct the path in the script or configuration, or put the file where the request asks for it",
            "ask for it by hand from another machine of the network: the name in the request is what counts",
        ),
        Remedy(Product.IPXE, "set base-url http://$server/path && kernel ${base-url}/vmlinuz"),
    ),
    sources=("RFC 1350 section 5, error code 1", "RFC 9110 section 15.5.5"),
)
