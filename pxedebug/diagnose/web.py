"""Predicates about HTTP that several rules share: which request of a stage had the last word, and who named its URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import searched, wanted_file
from pxedebug.diagnose.finding import Evidence, Severity, cite
from pxedebug.firmware.programs import Program
from pxedebug.track.dispensable import behind_menu
from pxedebug.track.story import HttpFacts, Transfer, TransferStatus

__all__ = [
    "WebAnswer", "web_answers", "from_uefi", "named_by", "host_and_port", "values", "web_transfers",
    "wire_name",
]  # fmt: skip

_REFUSED_FROM = 400


class WebAnswer(NamedTuple):
    """A request that got an answer, and what the client did then."""

    turn: Turn
    transfer: Transfer
    http: HttpFacts
    status: int
    went_on: bool
    """The client asked for something else afterwards: it can live without this file."""
    behind_menu: bool = False
    """A menu that was delivered before waits on."""

    @property
    def severity(self) -> Severity | None:
        """For `Found`: an answer that the client got over only explains, one that a menu gets over is a warning."""
        if self.went_on:
            return Severity.INFO
        return Severity.WARNING if self.behind_menu else None

    def evidence(self, note: str) -> tuple[Evidence, ...]:
        """The answer, the request and what named the URL."""
        frame = self.http.status_frame or self.transfer.first_frame
        return cite(frame, note) + cite(self.transfer.first_frame, "the request") + named_by(self.turn, self.transfer)


def web_transfers(turn: Turn) -> Iterator[tuple[Transfer, HttpFacts]]:
    """HTTP reads, HEADs and connection attempts of a stage, in order."""
    for transfer in turn.transfers:
        if transfer.protocol == "http" and transfer.http is not None and transfer.operation != "write":
            yield transfer, transfer.http


def web_answers(case: Case, low: int = _REFUSED_FROM, high: int = 600) -> Iterator[WebAnswer]:
    """Requests answered with a status from `low` to below `high`, of files that the boot needs; of several requests
    for one URL the last alone."""
    for turn in case.turns:
        latest: dict[bytes | None, int] | None = None
        for at, transfer in enumerate(turn.transfers):
            http = transfer.http
            if http is None or http.status is None or not low <= http.status < high or transfer.operation == "write":
                continue
            if latest is None:
                latest = {other.file: place for place, other in enumerate(turn.transfers)}
            if latest[transfer.file] == at and not searched(turn, transfer):
                went_on = turn.went_on(transfer.started)
                waits = transfer.file != wanted_file(turn) and behind_menu(turn.transfers, transfer)
                yield WebAnswer(turn, transfer, http, http.status, went_on, waits)


def from_uefi(turn: Turn, transfer: Transfer) -> bool:
    """UEFI's own HTTP client asks, not a program that it loaded."""
    return (transfer.user_agent or b"").startswith(b"UefiHttpBoot") or (
        transfer.user_agent is None and turn.program is Program.EDK2_HTTP
    )


def named_by(turn: Turn, transfer: Transfer) -> tuple[Evidence, ...]:
    """The frame that told the client this URL, where it was DHCP."""
    if turn.boot is None or (transfer.file is not None and transfer.file != wanted_file(turn)):
        return ()
    return cite(turn.boot.source_frame, "names the URL")


def host_and_port(transfer: Transfer) -> str:
    """Address, with the port where it is not HTTP's own: `10.0.0.5 (port 8080)`."""
    port = transfer.server_port
    return str(transfer.server) if port in (None, 80) else f"{transfer.server} (port {port})"


def wire_name(turn: Turn, transfer: Transfer) -> bytes | None:
    """The URL that was asked for, or that the client was about to ask for."""
    if transfer.file is not None:
        return transfer.file
    wanted = wanted_file(turn) or b""
    first = not any(t.status is TransferStatus.COMPLETE for t in turn.transfers)
    return wanted if first and b"://" in wanted else None


def values(transfer: Transfer) -> dict[str, str]:
    """For the remedies' placeholders. The URL itself comes from the wire and stays out of configuration lines."""
    return {"server": str(transfer.server)}
