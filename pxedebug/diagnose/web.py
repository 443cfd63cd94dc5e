"""Predicates about HTTP that several rules share: which request of a stage had the last word, and who named its URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import wanted_file
from pxedebug.diagnose.finding import Evidence, Severity, cite
from pxedebug.firmware import config_search, module_search, optional_file
from pxedebug.firmware.programs import Program
from pxedebug.track.story import HttpFacts, Transfer, TransferStatus

__all__ = [
    "Answered", "answered", "from_uefi", "named_by", "needed", "quiet_after", "server_words", "values", "web_transfers",
    "went_on", "wire_name",
]  # fmt: skip

_REFUSED_FROM = 400


class Answered(NamedTuple):
    """A request that got an answer, and what the client did then."""

    turn: Turn
    transfer: Transfer
    http: HttpFacts
    status: int
    went_on: bool
    """The client asked for something else afterwards: it can live without this file."""

    @property
    def severity(self) -> Severity | None:
        """For `Found`: an answer that the client got over only explains."""
        return Severity.INFO if self.went_on else None

    def evidence(self, note: str) -> tuple[Evidence, ...]:
        """The answer, the request and what named the URL."""
        frame = self.http.status_frame or self.transfer.first_frame
        return cite(frame, note) + cite(self.transfer.first_frame, "the request") + named_by(self.turn, self.transfer)


def web_transfers(turn: Turn) -> Iterator[tuple[Transfer, HttpFacts]]:
    """HTTP reads, HEADs and connection attempts of a stage, in order."""
    for transfer in turn.transfers:
        if transfer.protocol == "http" and transfer.http is not None and transfer.operation != "write":
            yield transfer, transfer.http


def answered(case: Case, low: int = _REFUSED_FROM, high: int = 600) -> Iterator[Answered]:
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
            if latest[transfer.file] == at and needed(turn, transfer):
                went_on = at < len(turn.transfers) - 1 or not turn.last
                yield Answered(turn, transfer, http, http.status, went_on)


def went_on(turn: Turn, transfer: Transfer) -> bool:
    """The client asked for something else after this transfer began, or another program took over."""
    return not turn.last or any(other.first_frame > transfer.first_frame for other in turn.transfers)


def needed(turn: Turn, transfer: Transfer) -> bool:
    """Not one of the names that loaders try in case they are there (B-04, B-05), unless DHCP named it."""
    file = transfer.file or b""
    return not (optional_file(file) or config_search(file) or module_search(file)) or file == wanted_file(turn)


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


def quiet_after(case: Case, turn: Turn, transfer: Transfer) -> int:
    """Nanoseconds after the transfer's last frame in which the client is known to have asked for nothing else."""
    later = [t.started for t in turn.transfers if t.first_frame > transfer.first_frame and t.started > transfer.ended]
    following = turn.next
    until = case.quiet_until if following is None else following.stage.started
    return min([until, *later]) - transfer.ended


def server_words(transfer: Transfer) -> str:
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
