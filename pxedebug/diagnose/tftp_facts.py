"""Predicates that the rules about TFTP share: which transfers they look at, and when silence about one is final."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import (
    delivered_after,
    plain_name,
    quiet_after,
    recovered_after,
    refusal,
    says_missing,
    searched,
    wanted_file,
)
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.firmware import Phase, exhausted, gives_up_after_ns, schedule
from pxedebug.track.clocks import SECOND, SILENCE
from pxedebug.track.dispensable import behind_menu
from pxedebug.track.story import SeenEvent, TftpFacts, Transfer, TransferStatus
from pxedebug.wire.neighbours import IcmpError

__all__ = [
    "about_the_data", "about_the_request", "error_kind", "final", "got_over", "icmp_of", "refusals", "refused_with",
    "request_evidence", "server_values", "tftp_reads", "unanswered", "whole_tries",
]  # fmt: skip

_DENIED = (b"denied", b"permission", b"access violation", b"only absolute", b"not permitted", b"forbidden")
_OPTIONS_REFUSED, _UNKNOWN_TID, _ACCESS = 8, 5, 2
_NOTHING_TAKEN = (
    TransferStatus.UNANSWERED, TransferStatus.STALLED, TransferStatus.UNREACHABLE, TransferStatus.IN_PROGRESS,
)  # fmt: skip
_LATE = 2 * SECOND
"""An ICMP error comes within the round trip of the packet that it is about."""
_UNKNOWN_TRIES = 3

Read = tuple[Turn, Transfer, TftpFacts]


def tftp_reads(case: Case, *statuses: TransferStatus) -> Iterator[Read]:
    """The TFTP reads of the attempt, in order, with their turns; of these statuses, or all."""
    for turn in case.turns:
        for transfer in turn.transfers:
            facts = transfer.tftp
            if facts is None or transfer.operation != "read":
                continue
            if not statuses or transfer.status in statuses:
                yield turn, transfer, facts


def error_kind(transfer: Transfer) -> str:
    """What the ERROR of a refused transfer says by its code and words: `denied`, `missing`, `options`, `tid`, `other`.

    Words decide before codes: tftpd-hpa says "Permission denied" with code 0 [measured], others with code 1.
    """
    text = (transfer.error_message or b"").lower()
    if transfer.error_code == _ACCESS or any(word in text for word in _DENIED):
        return "denied"
    if says_missing(transfer):
        return "missing"
    return {_OPTIONS_REFUSED: "options", _UNKNOWN_TID: "tid"}.get(transfer.error_code or 0, "other")


def got_over(turn: Turn, transfer: Transfer) -> Severity | None:
    """How grave a refused file is where the program had another way to go on: explanation only when a file came
    after it, a warning while one is coming; None where nothing softens the rule's own severity."""
    if searched(turn, transfer) or delivered_after(turn, transfer):
        return Severity.INFO
    if plain_name(transfer) == wanted_file(turn):
        return None
    if recovered_after(turn, transfer) or behind_menu(turn.transfers, transfer):
        return Severity.WARNING
    return None


def refusals(case: Case, kind: str) -> Iterator[tuple[Turn, Transfer]]:
    """The TFTP reads that the server refused with an ERROR of this `error_kind`."""
    return ((turn, each) for turn, each, _ in tftp_reads(case, TransferStatus.REFUSED) if error_kind(each) == kind)


def refused_with(
    turn: Turn, transfer: Transfer, confidence: Confidence, says: str, more: tuple[Evidence, ...] = ()
) -> Found:
    """The finding about such a read: the server's own word, as grave as what the program did then (`got_over`)."""
    return Found(
        turn,
        confidence,
        says,
        refusal(transfer) + more,
        severity=got_over(turn, transfer),
        server=transfer.server,
        values=server_values(transfer),
    )


def server_values(transfer: Transfer) -> dict[str, str]:
    """For the remedies' placeholders; a name that is no plain text does not get into a configuration line."""
    values = {"server": str(transfer.server)}
    file = plain_name(transfer).decode("ascii", "replace")
    if file and file.isascii() and file.isprintable():
        values["file"] = file
    return values


def unanswered(transfer: Transfer, facts: TftpFacts) -> bool:
    """The client asked and took no answer, whether one came or not."""
    return transfer.status in _NOTHING_TAKEN and transfer.server_port is None and facts.highest_block == 0


def whole_tries(turn: Turn, transfer: Transfer) -> list[Transfer]:
    """The unanswered reads of the same file from the same server up to this one: some programs take a new port for
    every try."""
    same = [t for t in turn.transfers if t.protocol == "tftp" and t.first_frame <= transfer.first_frame]
    run: list[Transfer] = []
    for other in reversed(same):
        same_file = (other.file, other.server) == (transfer.file, transfer.server)
        if not same_file or other.tftp is None or not unanswered(other, other.tftp):
            break
        run.append(other)
    return run[::-1]


def final(case: Case, turn: Turn, transfer: Transfer, phase: Phase) -> bool:
    """The client's tries are over (catalogue 1.3, rule V2): it sent all that its schedule holds, waited to its end, or
    went on to something else after at least two tries."""
    run = whole_tries(turn, transfer) if phase is Phase.TFTP_REQUEST else [transfer]
    tries = sum(t.unanswered_tries for t in run)
    last = turn.last and transfer is turn.transfers[-1]
    if not last or case.over:
        return tries > 1 or quiet_after(turn, transfer) > SILENCE
    plan = schedule(turn.program, phase)
    begun = run[0].started if phase is Phase.TFTP_REQUEST else transfer.ended
    if not plan.sends and plan.gives_up is None:
        waited = max(transfer.ended - begun, case.quiet_until - transfer.ended)
        return tries >= _UNKNOWN_TRIES and waited >= SILENCE
    if plan.sends and tries >= len(plan.sends):
        return True
    if phase is Phase.TFTP_REQUEST:
        return exhausted(plan, [begun], case.quiet_until)
    end = gives_up_after_ns(plan)
    return end is not None and case.quiet_until - transfer.ended >= end


def icmp_of(network: Network, transfer: Transfer) -> Iterator[tuple[SeenEvent, IcmpError]]:
    """ICMP errors about packets of the transfer, either way, from its beginning until shortly after its end."""
    ends = {transfer.client, transfer.server}
    for seen in network.icmp(transfer.started, transfer.ended + _LATE):
        event = seen.event
        if isinstance(event, IcmpError) and event.quoted and {event.quoted.source, event.quoted.destination} == ends:
            yield seen, event


def about_the_request(network: Network, transfer: Transfer) -> Iterator[tuple[SeenEvent, IcmpError]]:
    """ICMP errors about the client's request: not about packets to a server port that answered it."""
    asked = transfer.tftp.request_port if transfer.tftp else None
    for seen, event in icmp_of(network, transfer):
        quoted = event.quoted
        if quoted is None or quoted.destination_port != asked:
            continue
        if (quoted.source, quoted.source_port) == (transfer.client, transfer.client_port):
            yield seen, event


def about_the_data(network: Network, transfer: Transfer) -> Iterator[tuple[SeenEvent, IcmpError]]:
    """ICMP errors about the server's packets to this client, its own complaints about late packets left out (B-12)."""
    for seen, event in icmp_of(network, transfer):
        quoted = event.quoted
        if quoted is None or quoted.source != transfer.server or quoted.destination_port != transfer.client_port:
            continue
        if not (event.source == transfer.client and event.unreachable):
            yield seen, event


def request_evidence(transfers: Sequence[Transfer]) -> tuple[Evidence, ...]:
    """The request and its repeats."""
    frames = [frame for transfer in transfers for frame in transfer.requests]
    return cite(frames[0], "the request") + cite_each(frames[1:], "the request again") if frames else ()
