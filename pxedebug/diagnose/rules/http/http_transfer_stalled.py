"""A file over HTTP stopped on the way: closed early, silent, or not taken by the client (RFC 9112 section 8).

The catalogue's condition speaks of bodies. A request to which no answer begins is told here, too: the person sees the
same message, and it is no fault of the connection.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import quiet_after, seconds
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import host_and_port, named_by, values, web_transfers
from pxedebug.track.clocks import SECOND, SILENCE
from pxedebug.track.story import HttpFacts, Transfer, TransferStatus

__all__ = ["RULE"]

_STOPPED = frozenset(
    (TransferStatus.STALLED, TransferStatus.ABORTED, TransferStatus.UNREACHABLE, TransferStatus.UNANSWERED,
     TransferStatus.IN_PROGRESS)
)  # fmt: skip
_PATIENCE = 3 * SECOND
"""Shorter than any client's patience: UEFI waits 5 s for an answer."""
_AGAIN = 3
"""Repeats of the same bytes without progress that show that they do not get through."""

_PATH, _SERVER, _CLIENT = (
    "full-size packets do not get through: a smaller MTU on the way, and the ICMP messages that say so are dropped",
    "the server or a proxy before it closed the connection: a timeout, a limit, or a crash",
    "the client stopped reading: not enough memory for the file, or a network driver that hangs",
)


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last read of a stage, when it got no answer or less than the answer announced."""
    for turn in case.turns:
        asked = list(web_transfers(turn))
        if not asked:
            continue
        transfer, http = asked[-1]
        if transfer.status not in _STOPPED or http.method is None or not _expected(transfer, http):
            continue
        if turn.went_on(transfer.started):
            continue
        found = _cut_short(turn, transfer, http) or _silent(case, turn, transfer, http)
        if found is not None:
            yield found


def _expected(transfer: Transfer, http: HttpFacts) -> bool:
    """Something was still to come; what was refused or has no body is told elsewhere or is no fault."""
    if http.status is None:
        return True
    if http.method != "GET" or http.status not in (200, 206):
        return False
    if transfer.declared_bytes is not None:
        return transfer.size < transfer.declared_bytes
    # A body without a length ends with the connection, and UEFI closes that with a reset.
    return http.closed is None or (http.reset and not http.closed_by_client)


def _cut_short(turn: Turn, transfer: Transfer, http: HttpFacts) -> Found | None:
    """A FIN or RST says that nothing more comes."""
    if http.closed is None:
        return None
    if not http.reset and http.sent is not None and http.sent >= (transfer.declared_bytes or 0):
        return None  # the server had sent all of it: what is missing was lost on the way
    how = "RST" if http.reset else "FIN"
    if http.closed_by_client:
        if not http.reset or _gave_up(transfer, http):
            return None  # a FIN only says that it asks for nothing more, and a late reset that it waited in vain
        says = f"the client broke off {name(transfer.file)} after {_amount(transfer)}"
        causes = (_CLIENT, _SERVER, _PATH)
    elif http.status is None:
        says = f"the web server {host_and_port(transfer)} closed the connection without answering {name(transfer.file)}"
        causes = (_SERVER, _PATH, _CLIENT)
    else:
        says = f"the web server {host_and_port(transfer)} closed the connection after {_amount(transfer)}"
        says += f" of {name(transfer.file)}"
        causes = (_SERVER, _PATH, _CLIENT)
    return _found(turn, transfer, http, Confidence.CERTAIN, says, causes, cite(http.closed, how))


def _gave_up(transfer: Transfer, http: HttpFacts) -> int:
    """Nanoseconds that the client waited before it reset the connection; 0 where it did not wait for anything."""
    if http.closed_time is None or not (http.reset and http.closed_by_client):
        return 0
    waited = http.closed_time - transfer.ended
    return waited if waited >= _PATIENCE else 0


def _silent(case: Case, turn: Turn, transfer: Transfer, http: HttpFacts) -> Found | None:
    """Nothing moved for longer than any client waits within a transfer."""
    gave_up = _gave_up(transfer, http)
    quiet = gave_up or quiet_after(turn, transfer)
    if quiet < SILENCE and not (gave_up or case.over or http.shut >= SILENCE):
        return None
    last = cite(transfer.last_frame, "the last packet that moved it")
    if gave_up and http.closed is not None:
        last += cite(http.closed, "the client gives up")
    waited = f" in {seconds(quiet)}" if gave_up or quiet >= SILENCE else ""
    if http.status is None:
        if http.accepted is None and http.first_down_frame is None:
            return None  # no packet of this server was seen: nothing can be said of its silence
        says = f"the web server {host_and_port(transfer)} took the request for {name(transfer.file)} and sent no answer"
        return _found(turn, transfer, http, Confidence.STRONG, says + waited, (_SERVER, _PATH, _CLIENT), last)
    if http.shut >= SILENCE and http.shut_frame is not None:
        says = f"the client took nothing more of {name(transfer.file)} after {_amount(transfer)}"
        says += f": its window stayed closed for {seconds(http.shut)}"
        evidence = cite(http.shut_frame, "window 0")
        return _found(turn, transfer, http, Confidence.CERTAIN, says, (_CLIENT, _SERVER, _PATH), evidence)
    says = f"{name(transfer.file)} from {host_and_port(transfer)} stopped after {_amount(transfer)}"
    more = ""
    causes = (_SERVER, _PATH, _CLIENT)
    if transfer.retransmissions >= _AGAIN:
        causes = (_PATH, _SERVER, _CLIENT)
        more = f"The server repeated {count(transfer.retransmissions, 'packet')} that the client never acknowledged."
    return _found(turn, transfer, http, Confidence.STRONG, says, causes, last, more)


def _amount(transfer: Transfer) -> str:
    if transfer.declared_bytes is None:
        return count(transfer.size, "byte")
    return f"{transfer.size:,} of {count(transfer.declared_bytes, 'byte')}"


def _found(
    turn: Turn, transfer: Transfer, http: HttpFacts, confidence: Confidence, says: str, causes: tuple[str, ...],
    evidence: tuple[Evidence, ...], more: str = "",
) -> Found:  # fmt: skip
    if http.status_frame is not None and http.status is not None:
        evidence += cite(http.status_frame, f"HTTP {http.status}")
    return Found(
        turn,
        confidence,
        says,
        evidence + cite(transfer.first_frame, "the request") + named_by(turn, transfer),
        more=more,
        server=transfer.server,
        values=values(transfer),
        causes=causes,
        absence=confidence is not Confidence.CERTAIN,
    )


RULE = Rule(
    id="http-transfer-stalled",
    title="A file over HTTP was not delivered whole",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Error: Server response timeout", EDK2_HTTP),
        Screen("Connection timed out (https://ipxe.org/4c0a6035 on BIOS, 4c0a6092 on UEFI)", IPXE),
        Screen("Input/output error (too few bytes: https://ipxe.org/1d0c6239 on BIOS, 1d0c6298 on UEFI)", IPXE),
    ),
    causes=(_SERVER, _PATH, _CLIENT),
    remedies=(
        *advice(
            "fetch the file from the boot subnet and compare its length: curl -o /dev/null -v URL",
            "raise the timeouts of the web server and of a proxy before it",
            "give the machine more memory, or serve a smaller initrd",
            "try another network driver: iPXE snponly.efi instead of ipxe.efi",
        ),
        Remedy(
            Product.NFTABLES,
            "add table inet boot\nadd chain inet boot forward { type filter hook forward priority 0; }\n"
            "add rule inet boot forward tcp flags syn tcp option maxseg size set rt mtu",
            "on the router before the narrower link",
        ),
    ),
    sources=(
        "RFC 9112 section 8", "RFC 9293 section 3.8.6", "RFC 2923 section 2",
        "EDK2 HttpBootDxe (PcdHttpIoTimeout, PcdMaxHttpResumeRetries)", "iPXE net/tcp/httpcore.c",
    ),
    next_measurement="capture on the server and at the client's port at once: which packets are on one side only?",
)  # fmt: skip
