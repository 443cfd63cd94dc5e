"""The file that was delivered has another size than it should have."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import plain_name
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, GRUB, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, server_values, tftp_reads
from pxedebug.track.story import Transfer, TransferStatus
from pxedebug.wire.bootprogram import identify

__all__ = ["RULE"]

_BINARY = frozenset((
    "pe", "bzimage", "arm64-image", "riscv-image", "zimage", "u-boot-image", "elf", "pxelinux", "bios-boot-program",
    "gzip", "xz", "zstd", "lz4", "cpio", "wim", "squashfs",
))  # fmt: skip
_TELLS_ITS_SIZE = frozenset(("pe", "wim", "squashfs"))
"""Types whose header says how long a complete file is at least, and whose programs need all of it."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """A complete read whose bytes are not those that the OACK (or the size probe's) announced; a program as text
    (netascii); or a file that is shorter than its own header says: truncated on the server, a perfect transfer on the
    wire [measured: fo4]. Flat programs such as pxelinux.0 carry no size: nothing to test. An announced 0 is the
    request's own value sent back.
    """
    for read in tftp_reads(case, TransferStatus.COMPLETE):
        turn, transfer, facts = read
        if transfer.missing_blocks or not transfer.size:
            continue
        binary = transfer.content_type in _BINARY
        if facts.mode.lower() == b"netascii":
            if binary:
                yield _found(
                    read, f"the program {name(transfer.file)} was asked for as text (netascii), which changes it"
                )
            continue
        announced = _announced(turn, transfer)
        if announced not in (0, None, transfer.size):
            says = (
                f"{transfer.server} announced {announced:,} bytes of {name(transfer.file)} and sent {transfer.size:,}"
            )
            yield _found(read, says)
            continue
        if transfer.content_type in _TELLS_ITS_SIZE:
            least = identify(transfer.head, transfer.size).declared_size
            if least is not None and transfer.size < least:
                says = (
                    f"{name(transfer.file)} on {transfer.server} is cut off: its own header tells of {least:,} bytes, "
                )
                yield _found(read, f"{says}it has {transfer.size:,}")


def _announced(turn: Turn, transfer: Transfer) -> int | None:
    """What the OACK said, or that of the size probe right before."""
    if transfer.declared_bytes is not None:
        return transfer.declared_bytes
    before = [
        t for t in turn.transfers
        if t.first_frame < transfer.first_frame and t.protocol == "tftp" and t.operation == "read"
    ]  # fmt: skip
    probe = before[-1] if before else None
    if probe is None or probe.status is not TransferStatus.SIZE_PROBE or probe.server != transfer.server:
        return None
    return probe.declared_bytes if plain_name(probe) == plain_name(transfer) else None


def _found(read: Read, says: str) -> Found:
    turn, transfer, facts = read
    evidence = cite(transfer.last_frame, "the end of the file")
    if facts.data_frame is not None:
        evidence = cite(facts.data_frame, "the last block")
    return Found(
        turn,
        Confidence.CERTAIN,
        says,
        evidence + cite(transfer.first_frame, "the request"),
        server=transfer.server,
        values=server_values(transfer),
    )


RULE = Rule(
    id="tftp-size-mismatch",
    title="The file that came has the wrong size",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E3A: TFTP too much data", INTEL),
        Screen("the file is downloaded, then `Not Found` or `Unsupported`, and the next boot option", EDK2),
        Screen("Exec format error (https://ipxe.org/2e008001 on BIOS, 2e008081 on UEFI)", IPXE),
        Screen("Booting kernel failed: invalid argument", IPXE),
        Screen("error: invalid magic number.", GRUB),
        Screen("checksum or format errors, or a hang, after the file was loaded"),
    ),
    causes=(
        "the copy on the server is incomplete: an interrupted upload, a full disk",
        "the file was replaced while it was read",
        "an upload in text mode changed its line ends",
        "the server does not handle the file's size (sparse file, 32-bit limits)",
    ),
    remedies=(
        *advice("copy the file to the server again, in binary mode, under another name, and rename it when complete"),
        Remedy(Product.LINUX, "sha256sum $file", "on the server and at the source"),
    ),
    sources=("RFC 2349", "RFC 1350 section 2", "PE/COFF specification (section table)"),
)  # fmt: skip
