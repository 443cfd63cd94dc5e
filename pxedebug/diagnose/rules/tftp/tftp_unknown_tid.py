"""Packets of one transfer come from, or go to, a port that the other side does not know."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import U_BOOT, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import Read, server_values, tftp_reads
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_UNKNOWN_TID = 5


def check(case: Case, network: Network) -> Iterator[Found]:
    """ERROR 5 that ended the transfer, or DATA for a single request from two server ports.

    Ports that repeated requests opened and that nobody took may well be told so (B-08): a transfer that came through
    is not looked at. An ERROR 5 that ends the transfer is an error, not a warning: nothing else explains its end.
    """
    for read in tftp_reads(case):
        turn, transfer, facts = read
        if transfer.status is TransferStatus.COMPLETE:
            continue
        ended = transfer.error_code == _UNKNOWN_TID
        rival = facts.rival_frame if len(transfer.requests) == 1 else None
        if not ended and rival is None:
            continue
        yield Found(
            turn,
            Confidence.CERTAIN,
            _words(read),
            _evidence(read),
            severity=Severity.ERROR if ended else None,
            server=transfer.server,
            values=server_values(transfer),
        )


def _words(read: Read) -> str:
    _, transfer, facts = read
    if transfer.error_code != _UNKNOWN_TID:
        return f"one request for {name(transfer.file)} is answered with DATA from two ports of {transfer.server}"
    who = "the client" if facts.error_from_client else f"the server {transfer.server}"
    return f"{who} does not know the other's port any more (ERROR 5) in the transfer of {name(transfer.file)}"


def _evidence(read: Read) -> tuple[Evidence, ...]:
    _, transfer, facts = read
    evidence: tuple[Evidence, ...] = ()
    if transfer.error_code == _UNKNOWN_TID and transfer.error_frame is not None:
        evidence += cite(transfer.error_frame, "ERROR 5")
    if facts.rival_frame is not None:
        evidence += cite(facts.rival_frame, "DATA from another port")
    evidence += cite_each(facts.answers[:2], "an answer")
    return evidence + cite(transfer.first_frame, "the request")


RULE = Rule(
    id="tftp-unknown-tid",
    title="TFTP ports are mixed up",
    severity=Severity.WARNING,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("TFTP error: 'Unknown transfer ID.' (5)", U_BOOT),
        Screen("nothing that names it; a timeout or a TFTP error"),
    ),
    causes=(
        "NAT rewrites the ports in the middle of the transfer",
        "two servers answer behind one address (load balancer)",
        "the client took the same port for a new request while the old transfer still ran",
    ),
    remedies=advice(
        "let the load balancer keep a client on one server (by its address)",
        "take TFTP out of NAT, or use the firewall's TFTP helper",
    ),
    sources=("RFC 1350 section 4", "dnsmasq tftp.c (ERR_TID)"),
)
