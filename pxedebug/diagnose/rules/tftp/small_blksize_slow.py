"""A large file in small blocks."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]

_LARGE = 1 << 20
_DEFAULT = 512
_COUNTS = (TransferStatus.COMPLETE, TransferStatus.IN_PROGRESS, TransferStatus.STALLED)


def check(case: Case, network: Network) -> Iterator[Found]:
    """Blocks of 512 bytes or less, or less than half of what the client asked for, in a file above 1 MiB.

    A program that asks for no more itself, as shim does for GRUB (B-25), is explained and not warned about.
    """
    for turn, transfer, facts in tftp_reads(case, *_COUNTS):
        block = transfer.block_size
        if block is None or max(transfer.size, transfer.declared_bytes or 0) <= _LARGE:
            continue
        asked = _asked(transfer)
        if block > _DEFAULT and block * 2 >= (asked or 0):
            continue
        by_design = asked is not None and asked <= _DEFAULT
        wish = "the client asks for no more" if by_design else f"the client asked for {asked}"
        if asked is None:
            wish = "no block size was asked for"
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{name(transfer.file)} comes in blocks of {block} bytes, {wish}",
            cite_each(facts.answers[:1], "the server's answer") + cite(transfer.first_frame, "the request"),
            severity=Severity.INFO if by_design else None,
            server=transfer.server,
            values=server_values(transfer),
        )


def _asked(transfer: Transfer) -> int | None:
    value = next((value for option, value in transfer.options if option.lower() == "blksize"), "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 8 else None


RULE = Rule(
    id="small-blksize-slow",
    title="A large file in small TFTP blocks",
    severity=Severity.WARNING,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    outcomes=ANY,
    screens=(Screen("nothing; loading takes long"),),
    causes=(
        "the server caps the block size (512 in several Go libraries, 1024 elsewhere)",
        "the server does not support or refuses the option blksize",
        "the program asks for 512 bytes itself: shim does when it loads GRUB",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "enable-tftp\ntftp-root=/srv/tftp", "without tftp-no-blocksize"),
        Remedy(Product.OTHER, "tinkerbell smee: -tftp-blocksize 1468"),
        *advice("raise the server's largest block size to 1468", "use HTTP Boot for shim and GRUB"),
    ),
    sources=("RFC 2348", "shim netboot.c"),
)
