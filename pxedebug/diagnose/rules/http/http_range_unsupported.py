"""The client asks for a part of a file, and the server does not give parts (RFC 9110 section 14)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, GRUB, IPXE, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.web import host_and_port, values, web_answers

__all__ = ["RULE"]

_WHOLE, _NOT_SATISFIABLE = 200, 416


def check(case: Case, network: Network) -> Iterator[Found]:
    """A request for bytes from the middle answered with the whole file, or with 416."""
    for found in web_answers(case, _WHOLE, _NOT_SATISFIABLE + 1):
        asked = found.http.range
        if asked is None or found.status not in (_WHOLE, _NOT_SATISFIABLE) or asked.replace(b" ", b"") == b"bytes=0-":
            continue
        what = "the whole of it" if found.status == _WHOLE else "416"
        yield Found(
            found.turn,
            Confidence.CERTAIN,
            f"the client asked {host_and_port(found.transfer)} for a part ({name(asked)}) of"
            f" {name(found.transfer.file)}, and the server answered with {what}",
            found.evidence(f"HTTP {found.status}"),
            severity=found.severity,
            server=found.transfer.server,
            values=values(found.transfer),
        )


RULE = Rule(
    id="http-range-unsupported",
    title="The web server does not deliver parts of files",
    severity=Severity.ERROR,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Could not open SAN device: Input/output error", IPXE),
        Screen("Error: Server response timeout", EDK2_HTTP),
        Screen("the file is fetched again and again from its start", GRUB),
    ),
    causes=(
        "the file comes from a program that knows no ranges (`python3 -m http.server`, a dynamic back end)",
        "a proxy removes the Range header",
        "the file on the server is shorter than the client thinks (416)",
    ),
    remedies=advice("serve the file as a static one with nginx or Apache httpd: curl -r 1000-1999 URL shows 206"),
    sources=("RFC 9110 sections 14.2 and 15.5.17", "iPXE net/tcp/httpblock.c", "EDK2 HttpBootDxe (resume)"),
)
