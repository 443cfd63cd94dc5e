"""The web server fails to answer the request: 5xx, 429 and the rest of 4xx (RFC 9110 sections 15.5 and 15.6)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.web import host_and_port, values, web_answers

__all__ = ["RULE"]

_SAID_ELSEWHERE = frozenset((401, 403, 404, 407, 410, 451))
"""`http-404` and `http-denied`."""
_RANGE = 416
"""`http-range-unsupported`."""
_TOO_MANY = 429


def check(case: Case, network: Network) -> Iterator[Found]:
    """An error status that says nothing of the file, as the last answer for a needed URL."""
    for found in web_answers(case):
        if found.status in _SAID_ELSEWHERE or (found.status == _RANGE and found.http.range is not None):
            continue
        whose = "fails at" if found.status >= 500 else "does not accept the request for"
        if found.status == _TOO_MANY:
            whose = "has too many requests to answer that for"
        reason = f" {name(found.http.reason)}" if found.http.reason else ""
        begun = found.transfer.head[:80]
        told = [f"It begins its explanation with {name(begun)}."] if begun.strip() else []
        if found.http.retry_after:
            told.append(f"It asks to try again after {name(found.http.retry_after)}.")
        yield Found(
            found.turn,
            Confidence.CERTAIN,
            f"the web server {host_and_port(found.transfer)} {whose} {name(found.transfer.file)}"
            f" (HTTP {found.status}{reason})",
            found.evidence(f"HTTP {found.status}"),
            more=" ".join(told),
            severity=found.severity,
            server=found.transfer.server,
            values=values(found.transfer),
        )


RULE = Rule(
    id="http-server-error",
    title="The web server answers with an error",
    severity=Severity.ERROR,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Server Error: 500 Internal Server Error, then Error: Could not retrieve NBP file size", EDK2_HTTP),
        Screen("Input/output error (HTTP 4xx: https://ipxe.org/1d0c6439 on BIOS, 1d0c6498 on UEFI)", IPXE),
        Screen("Input/output error (HTTP 5xx: https://ipxe.org/1d0c6539 on BIOS, 1d0c6598 on UEFI)", IPXE),
        Screen("500 Internal Server Error"),
    ),
    causes=(
        "the program behind the web server (MAAS, Foreman, Smee, a script) fails, often at a template for this machine",
        "the web server's back end is down (502, 503, 504)",
        "the server is overloaded or limits the rate of requests",
        "the request lacks what the server wants (400, 405, 411)",
    ),
    remedies=advice(
        "read the web server's error log at the time of the request",
        "fetch the URL as the machine does: curl -v URL",
    ),
    sources=("RFC 9110 sections 15.5 and 15.6", "RFC 6585 section 4", "iPXE net/tcp/httpcore.c"),
)
