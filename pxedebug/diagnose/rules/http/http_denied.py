"""The web server refuses the file: 401, 403, 407 or 451 (RFC 9110 section 15.5, RFC 7725)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import host_and_port, values, web_answers

__all__ = ["RULE"]

_WANTS_CREDENTIALS = (401, 407)
_REFUSES = (403, 451)


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last answer for a needed URL is a refusal; a retry with credentials is the same URL's next request."""
    for found in web_answers(case):
        if found.status in _WANTS_CREDENTIALS:
            what = "wants a user name and password for"
        elif found.status in _REFUSES:
            what = "refuses to give out"
        else:
            continue
        more = ""
        if found.http.authenticate:
            more = f"It asks for {name(found.http.authenticate)}."
        elif found.http.method == "HEAD" and found.status in _REFUSES:
            more = "The request was a HEAD: some servers and signed URLs allow GET alone."
        yield Found(
            found.turn,
            Confidence.CERTAIN,
            f"the web server {host_and_port(found.transfer)} {what} {name(found.transfer.file)} (HTTP {found.status})",
            found.evidence(f"HTTP {found.status}"),
            more=more,
            severity=found.severity,
            server=found.transfer.server,
            values=values(found.transfer),
        )


RULE = Rule(
    id="http-denied",
    title="The web server refuses access to the file",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Client Error: 403 Forbidden, then Error: Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
        Screen("Permission denied (HTTP 401: https://ipxe.org/020c613c on BIOS, 020c618f on UEFI)", IPXE),
        Screen("Operation not permitted (HTTP 403: https://ipxe.org/410c613c on BIOS, 410c618f on UEFI)", IPXE),
        Screen("403 Forbidden"),
    ),
    causes=(
        "the server allows other addresses than the one that the machine got",
        "the server wants a user name and password, and boot firmware sends none",
        "the server's process may not read the file (permissions, SELinux)",
        "HEAD is not allowed, as with signed links to object stores",
    ),
    remedies=(
        *advice("allow GET and HEAD from the subnet of the booting machines, without a password"),
        Remedy(Product.LINUX, "restorecon -R /var/www", "where SELinux is enforcing"),
        Remedy(Product.IPXE, "chain http://user:password@$server/boot.ipxe", "where a password must stay"),
    ),
    sources=("RFC 9110 sections 15.5.2, 15.5.4 and 15.5.8", "iPXE net/tcp/httpcore.c"),
)
