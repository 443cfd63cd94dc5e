"""The file that was delivered, or would be, is empty."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import plain_name, searched, wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, IPXE, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, server_values, tftp_reads
from pxedebug.track.loaded import role
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_NEEDED = ("boot-program", "kernel", "initrd", "wim")
_POINTER = b"version https://git-lfs"
_LARGEST_POINTER = 1024


def check(case: Case, network: Network) -> Iterator[Found]:
    """tsize 0 in the OACK, or a first block without content, of the boot file or of a file that loaders cannot do
    without; a git-lfs pointer in its place is as empty."""
    for read in tftp_reads(case, TransferStatus.COMPLETE, TransferStatus.SIZE_PROBE, TransferStatus.ABORTED):
        turn, transfer, facts = read
        pointer = transfer.size < _LARGEST_POINTER and transfer.head.startswith(_POINTER)
        if not pointer and not _empty(read):
            continue
        if searched(turn, transfer) or not (plain_name(transfer) == wanted_file(turn) or role(transfer) in _NEEDED):
            continue
        if _read_again(turn, read):
            continue
        what = "is a git-lfs pointer, not the file itself" if pointer else "has 0 bytes"
        first = facts.answers[:1] or ((facts.data_frame,) if facts.data_frame is not None else ())
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"the file {name(transfer.file)} on {transfer.server} {what}",
            cite_each(first, "the server's answer") + cite(transfer.first_frame, "the request"),
            server=transfer.server,
            values=server_values(transfer),
        )


def _empty(read: Read) -> bool:
    _, transfer, facts = read
    if transfer.status is TransferStatus.COMPLETE:
        return not transfer.size
    return transfer.declared_bytes == 0 and facts.error_from_client


def _read_again(turn: Turn, read: Read) -> bool:
    """The same file came with content later."""
    _, transfer, _ = read
    later = (t for t in turn.whole() if t.first_frame > transfer.first_frame and t.size)
    return any(plain_name(t) == plain_name(transfer) for t in later)


RULE = Rule(
    id="nbp-empty",
    title="The boot file is empty",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("NBP filesize is 0 Bytes, then PXE-E99: Unexpected network error", EDK2),
        Screen("Exec format error (https://ipxe.org/2e008001 on BIOS, 2e008081 on UEFI)", IPXE),
        Screen("an empty screen, or the next boot device"),
    ),
    causes=(
        "the file on the server has no content: an interrupted copy, a full disk",
        "a symbolic link that leads nowhere, which some servers give out as empty",
        "a git-lfs pointer was checked out in the file's place",
    ),
    remedies=advice(
        "restore the file on the server: `ls -lL` must show its size",
        "`git lfs pull` in the checkout that the files come from",
    ),
    sources=("RFC 2349", "RFC 1350 section 2"),
)
