"""Windows' boot manager does not get its boot configuration data (BCD).

Only a request that failed is judged: a boot manager that never asks for a BCD looks like any other program that is
silent (nbp-loaded-then-silent), or waits for the answer of WDS (wds-pending-or-abort).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import NOT_THERE, plain_name, quiet_for, refusal
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_WINDOWS = re.compile(rb"bootmgfw.*\.efi|wdsmgfw.*\.efi|bootmgr(?:\.exe)?|pxeboot\.(?:n12|com)|wdsnbp\.com|wimboot.*")
_BCD = re.compile(rb"bcd|.*\.bcd")
_NOT_DELIVERED = (TransferStatus.UNANSWERED, TransferStatus.STALLED)
_BCD_PATH = 252


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last request for a BCD failed, after one of Windows' loaders was delivered."""
    whole = [transfer for turn in case.turns for transfer in turn.whole()]
    loader = next((transfer for transfer in whole if _WINDOWS.fullmatch(base_name(plain_name(transfer)))), None)
    if loader is None or any(_BCD.fullmatch(base_name(plain_name(transfer))) for transfer in whole):
        return
    for turn in reversed(case.turns):
        asked = [transfer for transfer in turn.transfers if _BCD.fullmatch(base_name(plain_name(transfer)))]
        if not asked:
            continue
        last = asked[-1]
        values = {"server": str(last.server)}
        source = cite(loader.first_frame, "Windows' loader") + _path_in_proxy_reply(case)
        if last.status is TransferStatus.REFUSED:
            says = f"the server {last.server} has no boot configuration data {name(plain_name(last))}"
            evidence = refusal(last, answer=NOT_THERE) + source
            yield Found(turn, Confidence.CERTAIN, says, evidence, server=last.server, values=values)
        elif last.status in _NOT_DELIVERED and quiet_for(case, pauses.BCD):
            says = f"the boot configuration data {name(plain_name(last))} did not arrive from {last.server}"
            evidence = cite(last.first_frame, "the request") + source
            yield Found(
                turn, Confidence.STRONG, says, evidence, severity=Severity.ERROR, server=last.server, values=values,
                absence=True,
            )  # fmt: skip
        return


def _path_in_proxy_reply(case: Case) -> tuple[Evidence, ...]:
    """The answer of port 4011 that says where the BCD lies (option 252)."""
    found = [reply for turn in case.turns for reply in turn.proxy_replies if _BCD_PATH in dhcp_of(reply).options]
    return cite(found[-1], "names the BCD (option 252)") if found else ()


RULE = Rule(
    id="windows-bcd-missing",
    title="Windows' boot manager gets no boot configuration data",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(Screen("File: \\Boot\\BCD Status: 0xc000000f; 0xc0000098 (no entry in it); 0xc0000225"),),
    causes=(
        "a TFTP server on Linux does not find `\\Boot\\BCD`: backslashes, and upper or lower case",
        "the boot manager read the plain DHCP reply: the answer of port 4011 with option 252 is missing",
        "ConfigMgr has no policy for this machine, or the path to its distribution point loses packets",
        "WDS does not serve the folder (ReadFilter)",
    ),
    remedies=(
        Remedy(Product.TFTPD_HPA, "rg \\\\ /", "in the file that --map-file names: backslashes become slashes"),
        Remedy(
            Product.WDS,
            "HKLM\\SYSTEM\\CurrentControlSet\\Services\\WDSServer\\Providers\\WDSTFTP\\ReadFilter",
            "must list \\boot\\* and \\tmp\\*",
        ),
        *advice(
            "let a proxy answer on port 4011 as WDS does, so that the boot manager finds option 252",
            "or boot wimboot with iPXE, which brings the BCD along",
        ),
    ),
    sources=(
        "iPXE arch/x86/interface/pxe/pxe_preboot.c and the notes on fakedhcp.c",
        "tftpd-hpa tftpd(8), FILENAME REMAPPING",
    ),
    next_measurement="capture on the TFTP server at the same time: does the request arrive, and does an answer leave",
)
