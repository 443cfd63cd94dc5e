"""A large file over HTTP came slowly though the server is near."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.web import host_and_port, values, web_transfers
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import HttpFacts, Transfer, TransferStatus

__all__ = ["RULE"]

_MEBIBYTE = 1 << 20
_SMALLEST = 16 * _MEBIBYTE
_SLOW = 2 * _MEBIBYTE
"""Bytes a second."""
_NEAR = 5_000_000
"""Nanoseconds of a round trip within one site."""
_LOSS = 200
"""One packet sent again in so many is loss that slows TCP down; a full one holds about 1460 bytes."""
_SEGMENT = 1460


def check(case: Case, network: Network) -> Iterator[Found]:
    """Goodput below 2 MiB/s over more than 16 MiB from a near server."""
    for turn in case.turns:
        for transfer, http in web_transfers(turn):
            if transfer.size <= _SMALLEST or transfer.status is not TransferStatus.COMPLETE:
                continue
            if http.round_trip is None or http.round_trip >= _NEAR or http.first_data is None:
                continue
            took = transfer.ended - http.first_data
            if took <= 0 or transfer.size * SECOND >= _SLOW * took:
                continue
            rate = transfer.size * SECOND / took / _MEBIBYTE
            yield Found(
                turn,
                Confidence.CERTAIN,
                f"{transfer.size / _MEBIBYTE:,.0f} MiB of {name(transfer.file)} from {host_and_port(transfer)}"
                f" took {seconds(took)}: {rate:.1f} MiB/s",
                cite(transfer.first_frame, "the request") + cite(transfer.last_frame, "its end"),
                more=_limit(transfer, http),
                server=transfer.server,
                values=values(transfer),
            )


def _limit(transfer: Transfer, http: HttpFacts) -> str:
    if http.shut:
        return f"The client's window was closed for up to {seconds(http.shut)}: the client could not keep up."
    if transfer.retransmissions * _LOSS > transfer.size // _SEGMENT:
        return f"{count(transfer.retransmissions, 'packet')} had to be sent again: packets are lost on the way."
    if transfer.longest_gap >= SECOND:
        return f"The longest pause was {seconds(transfer.longest_gap)}."
    return "Nothing was lost and the client's window stayed open: a small window or the server set the pace."


RULE = Rule(
    id="http-slow-transfer",
    title="A file over HTTP came slowly",
    severity=Severity.WARNING,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    outcomes=ANY,
    screens=(Screen("the percentage rises slowly"),),
    causes=(
        "the firmware's TCP window or network driver is slow (polling, small buffers)",
        "packets are lost on the way",
        "the server or a proxy limits the rate, or reads from a slow store",
    ),
    remedies=advice(
        "compare with another machine on the same port: curl -o /dev/null URL",
        "try iPXE's snponly.efi against ipxe.efi, or the reverse: the network drivers differ",
        "serve large files from a web server or cache that is near",
    ),
    sources=("RFC 9293 section 3.8", "EDK2 PcdHttpTransferBufferSize"),
)
