"""Windows' RAM disk (boot.sdi, *.wim) does not arrive over TFTP.

The sizes of blocks and windows come from the BCD and suit the server; firmware's receive buffers often do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import plain_name, quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.track.loaded import role
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]

_FAILED = (TransferStatus.STALLED, TransferStatus.ABORTED)
_MOVING = (TransferStatus.COMPLETE, TransferStatus.IN_PROGRESS)


def check(case: Case, network: Network) -> Iterator[Found]:
    """The transfer stopped or was ended by the client, and no later try for the same file got further."""
    for turn in case.turns:
        for transfer in turn.transfers:
            if transfer.protocol != "tftp" or transfer.status not in _FAILED or not _ramdisk(transfer):
                continue
            if _tried_again(turn, transfer):
                continue
            sure = transfer.status is TransferStatus.ABORTED or quiet_for(case, pauses.RAM_DISK)
            evidence = cite(transfer.last_frame, "the last frame of the transfer")
            if transfer.error_frame is not None:
                evidence = cite(transfer.error_frame, "the client's ERROR")
            yield Found(
                turn,
                Confidence.CERTAIN,
                _says(transfer),
                evidence + cite(transfer.first_frame, "the request"),
                severity=None if sure else Severity.ERROR,
                server=transfer.server,
                values={"server": str(transfer.server), "blksize": "1456"},
            )


def _ramdisk(transfer: Transfer) -> bool:
    return role(transfer) == "wim" or base_name(plain_name(transfer)).endswith(b".sdi")


def _tried_again(turn: Turn, transfer: Transfer) -> bool:
    base = base_name(plain_name(transfer))
    later = turn.onwards(transfer.started)
    return any(each.status in _MOVING and base_name(plain_name(each)) == base for each in later)


def _says(transfer: Transfer) -> str:
    how = "was given up by the client" if transfer.status is TransferStatus.ABORTED else "stopped"
    of = f" of {transfer.declared_bytes:,}" if transfer.declared_bytes else ""
    says = f"Windows' RAM disk {name(plain_name(transfer))} {how} after {transfer.size:,}{of} bytes"
    if transfer.block_size:
        says += f", in blocks of {transfer.block_size} bytes"
        says += f", {transfer.window_size} at a time" if (transfer.window_size or 1) > 1 else ""
    return says


RULE = Rule(
    id="windows-ramdisk-transfer-failed",
    title="Windows' RAM disk does not arrive",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen(
            "Status: 0xc0000001 A required device isn't connected or can't be accessed; 0xc0000017 (not enough memory)"
        ),
    ),
    causes=(
        "blocks or windows larger than the network card's firmware can take in",
        "blocks larger than the network's MTU, whose fragments get lost",
        "the variable window of some Windows updates of 2019",
        "a server ten times as fast as the client's port",
    ),
    remedies=(
        Remedy(
            Product.CONFIGMGR,
            "HKLM\\SOFTWARE\\Microsoft\\SMS\\DP: RamDiskTFTPBlockSize = 1456, RamDiskTFTPWindowSize = 1",
            "DWORD values on the distribution point; raise the window to 4 or 8 once it works",
        ),
        *advice(
            "in the WDS server's properties, TFTP tab: maximum block size 1456, variable window extension off",
            "or fetch the image with iPXE and wimboot over HTTP",
        ),
    ),
    sources=("Microsoft KB 4512816", "RFC 7440 section 4", "RFC 2348"),
)
