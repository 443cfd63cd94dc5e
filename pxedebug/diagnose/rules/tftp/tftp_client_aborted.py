"""The client itself ends a transfer with an ERROR."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import quiet_after
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, server_values, tftp_reads
from pxedebug.track.clocks import SILENCE
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]

_NO_MEMORY = 3


def check(case: Case, network: Network) -> Iterator[Found]:
    """The client's ERROR after DATA, with nothing read after it; or a size probe that no read follows.

    shim ends a read with "memory block is too small" and reads again into a larger one (B-03), PXELINUX and GRUB close
    files that they have seen enough of: a later request of the same program shows that.
    """
    for read in tftp_reads(case, TransferStatus.ABORTED, TransferStatus.SIZE_PROBE):
        turn, transfer, facts = read
        if any(t.first_frame > transfer.first_frame for t in turn.transfers) or not turn.last:
            continue
        if transfer.status is TransferStatus.SIZE_PROBE:
            if transfer.declared_bytes and quiet_after(turn, transfer) > SILENCE:
                yield _found(read, f"the client read the size of {name(transfer.file)} and never asked for the file")
            continue
        if not facts.error_from_client or not facts.highest_block:
            continue
        words = name(transfer.error_message) if transfer.error_message else f"error {transfer.error_code}"
        yield _found(read, f"the client gave up {name(transfer.file)} {_how_far(transfer)}, saying {words}")


def _how_far(transfer: Transfer) -> str:
    whole = f" of {transfer.declared_bytes:,}" if transfer.declared_bytes else ""
    return f"after {transfer.size:,}{whole} bytes"


def _found(read: Read, says: str) -> Found:
    turn, transfer, _ = read
    evidence = cite(transfer.first_frame, "the request")
    if transfer.error_frame is not None:
        evidence = cite(transfer.error_frame, f"the client's ERROR {transfer.error_code}") + evidence
    probe = transfer.status is TransferStatus.SIZE_PROBE
    grown = transfer.error_code == _NO_MEMORY
    return Found(
        turn,
        Confidence.INFERRED if probe else Confidence.CERTAIN,
        says,
        evidence,
        server=transfer.server,
        values=server_values(transfer),
        causes=_TOO_SMALL if grown else None,
    )


_TOO_SMALL = (
    "the file grew between the size probe and the read",
    "option 13 of the lease says less than the file's size",
    "the machine has too little memory for it",
)

RULE = Rule(
    id="tftp-client-aborted",
    title="The client ended the transfer",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E05: Buffer size is smaller than the requested file, or PXE-E21: Remote boot cancelled", EDK2),
        Screen("PXE-EA0: Network boot canceled by keystroke", INTEL),
        Screen("Remote boot cancelled"),
    ),
    causes=(
        "somebody pressed Escape or Ctrl-C",
        *_TOO_SMALL,
    ),
    remedies=advice(
        "replace files on the server by renaming a finished copy, so that none grows while it is read",
        "leave option 13 out of the lease: it must not say less than the file has",
    ),
    sources=("RFC 1350 section 5", "EDK2 Mtftp4Rrq.c (Mtftp4RrqSaveBlock)", "shim netboot.c"),
    next_measurement="read the machine's screen: the program says there why it stopped",
)
