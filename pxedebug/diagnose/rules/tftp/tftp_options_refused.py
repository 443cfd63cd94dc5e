"""One side rejects the options that the other wants."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import plain_name, refusal, searched
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, PXELINUX, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, error_kind, server_values, tftp_reads
from pxedebug.track.story import TftpFacts, Transfer, TransferStatus

__all__ = ["RULE"]

_REJECTED = 8
_ILLEGAL = 4


def check(case: Case, network: Network) -> Iterator[Found]:
    """ERROR 8 of the server to a request with options, or the client's ERROR 4 or 8 to an OACK.

    The client's ERROR 8 that ends a size probe is none (B-01); a server that is asked again without options and then
    delivers was no obstacle.
    """
    for read in tftp_reads(case, TransferStatus.REFUSED, TransferStatus.ABORTED, TransferStatus.SIZE_PROBE):
        turn, transfer, facts = read
        if transfer.status is TransferStatus.REFUSED:
            if error_kind(transfer) == "options" and transfer.options and not searched(turn, transfer):
                yield _by_the_server(case, read)
        elif facts.highest_block == 0 and _client_rejects(transfer, facts):
            yield _by_the_client(read)


def _by_the_server(case: Case, read: Read) -> Found:
    turn, transfer, _ = read
    plain = _asked_plainly(turn, transfer)
    severity = Severity.FATAL if plain is None and (case.over or not turn.last) else Severity.ERROR
    if plain is not None and plain.status is TransferStatus.COMPLETE:
        severity = Severity.INFO
    asked = ", ".join(f"{option} {value}" for option, value in transfer.options)
    return Found(
        turn,
        Confidence.CERTAIN,
        f"the server {transfer.server} refuses the options of the request for {name(transfer.file)}",
        refusal(transfer),
        more=f"Asked for: {name(asked.encode('latin-1', 'replace'))}.",
        severity=severity,
        server=transfer.server,
        values=server_values(transfer),
    )


def _by_the_client(read: Read) -> Found:
    turn, transfer, facts = read
    wrong = _wrong_in_oack(transfer)
    answer = tuple(cite(frame, "the server's OACK")[0] for frame in facts.answers[:1])
    return Found(
        turn,
        Confidence.CERTAIN,
        f"the client rejects the options that {transfer.server} answers with: {name(transfer.error_message)}",
        refusal(transfer) + answer,
        more=f"{wrong}." if wrong else "",
        severity=Severity.ERROR,
        server=transfer.server,
        values=server_values(transfer),
    )


def _client_rejects(transfer: Transfer, facts: TftpFacts) -> bool:
    if not facts.error_from_client or transfer.answered_options is None:
        return False
    code = transfer.error_code or 0
    return code == _ILLEGAL or (code == _REJECTED and b"abort" not in (transfer.error_message or b"").lower())


def _asked_plainly(turn: Turn, transfer: Transfer) -> Transfer | None:
    """The same file asked for without options afterwards."""
    later = (t for t in turn.after(transfer) if t.protocol == "tftp")
    return next((t for t in later if plain_name(t) == plain_name(transfer) and not t.options), None)


def _wrong_in_oack(transfer: Transfer) -> str:
    """What RFC 2347 to 2349 and 7440 do not allow in the OACK, as words; empty when it is in order."""
    asked = {option.lower(): value for option, value in transfer.options}
    for option, value in transfer.answered_options or ():
        if option.lower() not in asked:
            return f"The OACK has an option that was not asked for: {name(option.encode('latin-1', 'replace'))}"
        wanted = asked[option.lower()]
        if option.lower() == "timeout" and value != wanted:
            return "The OACK changes the timeout, which must be returned as asked"
        grows = option.lower() in ("blksize", "windowsize") and value.isdecimal() and wanted.isdecimal()
        if grows and len(value) < 10 and len(wanted) < 10 and int(value) > int(wanted):
            return f"The OACK raises {option.lower()} from {wanted} to {value}"
    return ""


RULE = Rule(
    id="tftp-options-refused",
    title="TFTP options are refused",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E23: Client received TFTP error from server", EDK2),
        Screen("PXE-E36: Error received from TFTP server, or PXE-E3F: TFTP packet size is invalid", INTEL),
        Screen("the file counts as missing", PXELINUX),
        Screen("Invalid timeout val", U_BOOT),
        Screen("Error received from TFTP server"),
    ),
    causes=(
        "the server's OACK has options that were not asked for, a larger block size, or another timeout",
        "the block size lies outside what the server supports",
        "the network card's boot ROM has a fault in its options",
    ),
    remedies=(
        Remedy(Product.TFTPD_HPA, "--refuse blksize", "in TFTP_OPTIONS; or --refuse tsize"),
        Remedy(Product.DNSMASQ, "tftp-no-blocksize"),
        *advice("upgrade the TFTP server, or try another one"),
    ),
    sources=("RFC 2347", "RFC 2348", "RFC 2349", "EDK2 Mtftp4Rrq.c (Mtftp4RrqOackValid)"),
)
