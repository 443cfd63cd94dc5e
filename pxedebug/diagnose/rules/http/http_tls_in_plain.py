"""One side speaks TLS and the other plain HTTP: scheme and port do not go together (RFC 9110 section 4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.web import named_by, values, web_transfers
from pxedebug.track.story import HttpFacts, Transfer
from pxedebug.wire.tls import is_tls

__all__ = ["RULE"]

_BAD_REQUEST = 400
_COMPLAINTS = (
    b"plain http request was sent to https port",
    b"speaking plain http to an ssl-enabled",
    b"sent an http request to an https server",
    b"requires tls",
)
"""nginx, Apache httpd and Go; in lower case."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """The first bytes of each direction disagree, or the server says so; the last attempt of a stage counts."""
    for turn in case.turns:
        attempts = list(web_transfers(turn))
        if not attempts or turn.went_on(attempts[-1][0].started):
            continue
        transfer, http = attempts[-1]
        asks_tls = _asks_tls(http)
        if not asks_tls and not _answers_tls(transfer, http):
            continue
        port = f"{transfer.server}, TCP port {transfer.server_port}"
        answer = http.first_down_frame if http.first_down_frame is not None else transfer.last_frame
        if asks_tls:
            says = f"the client speaks TLS (https) to {port}, which answers in plain HTTP"
            notes = "an answer in plain HTTP", "TLS ClientHello"
        else:
            says = f"the client sends a plain HTTP request to {port}, which speaks TLS (https)"
            notes = "the answer", "a plain HTTP request"
        asked = http.tls.hello if asks_tls and http.tls is not None and http.tls.hello else transfer.first_frame
        yield Found(
            turn,
            Confidence.CERTAIN,
            says,
            cite(answer, notes[0]) + cite(asked, notes[1]) + named_by(turn, transfer),
            server=transfer.server,
            values=values(transfer),
        )


def _asks_tls(http: HttpFacts) -> bool:
    return is_tls(http.first_up) and http.first_down.startswith(b"HTTP/")


def _answers_tls(transfer: Transfer, http: HttpFacts) -> bool:
    if http.method in (None, "CONNECT"):
        return False
    text = transfer.head.lower()
    complains = http.status == _BAD_REQUEST and any(words in text for words in _COMPLAINTS)
    return is_tls(http.first_down) or complains


RULE = Rule(
    id="http-tls-in-plain",
    title="One side speaks HTTPS, the other plain HTTP",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Protocol error (invalid status line: https://ipxe.org/1c0c61xx), or a TLS error", IPXE),
        Screen("TLS session connection failed, or Error: Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
    ),
    causes=(
        "the URL says https and names the port of plain HTTP",
        "the URL says http and names the port of HTTPS (443, 8443)",
        "a proxy before the web server ends TLS on another port",
    ),
    remedies=advice("make scheme and port of the URL agree: http with 80, https with 443"),
    sources=("RFC 9110 section 4.2", "RFC 8446 section 5.1"),
)
