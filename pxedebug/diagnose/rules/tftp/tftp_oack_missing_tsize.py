"""The server answers a size probe without the size."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import plain_name, quiet_after
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.firmware import pauses
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """A probe of UEFI firmware that asks for tsize, an OACK without it, and no request that reads after it.

    (tsize 0 in the OACK is `nbp-empty`.) A lease with option 13 makes EDK2 leave the probe out, so there is none to
    look at then.
    """
    for turn, transfer, facts in tftp_reads(case, TransferStatus.SIZE_PROBE, TransferStatus.ABORTED):
        if turn.program is not Program.EDK2 or not _size_left_out(transfer):
            continue
        if any(plain_name(t) == plain_name(transfer) for t in turn.after(transfer)):
            continue
        if not case.over and quiet_after(turn, transfer) < pauses.SIZE_PROBE:
            continue
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{transfer.server} does not tell the size of {name(transfer.file)}, and UEFI does not go on without it",
            cite_each(facts.answers[:1], "OACK without tsize") + cite(transfer.first_frame, "the request for tsize"),
            server=transfer.server,
            values=server_values(transfer),
        )


def _size_left_out(transfer: Transfer) -> bool:
    asked = {option.lower() for option, _ in transfer.options}
    answered = {option.lower() for option, _ in transfer.answered_options or ()}
    return "tsize" in asked and transfer.answered_options is not None and "tsize" not in answered


RULE = Rule(
    id="tftp-oack-missing-tsize",
    title="The TFTP server does not tell the file's size",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E53: No boot filename received (misleading: the name was printed before)", EDK2),
        Screen("NBP filesize is 0 Bytes", EDK2),
    ),
    causes=(
        "a small TFTP server that does not know the option tsize",
        "the server streams the file and does not know its size",
        "tsize is refused by configuration (tftpd-hpa --refuse tsize)",
    ),
    remedies=(
        Remedy(Product.TFTPD_HPA, 'TFTP_OPTIONS="--secure"', "without --refuse tsize"),
        *advice("use a TFTP server that supports tsize (RFC 2349): dnsmasq, tftpd-hpa, atftpd"),
        Remedy(Product.DNSMASQ, "dhcp-option=13,2048", "the size in blocks of 512 bytes; not less than the file has"),
    ),
    sources=("RFC 2349", "EDK2 PxeBcMtftp.c (PxeBcMtftp4GetFileSize)"),
)
