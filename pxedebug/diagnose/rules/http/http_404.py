"""The web server says that it has no such file (RFC 9110 sections 15.5.5 and 15.5.11).

The rule speaks of any file that the boot needs. Files that a script or configuration names have a rule of their own
(`boot-artifact-missing`), which makes this one superfluous.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, GRUB, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import host_and_port, values, web_answers

__all__ = ["RULE"]

_MISSING = (404, 410)


def check(case: Case, network: Network) -> Iterator[Found]:
    """404 or 410 for a URL that the boot needs."""
    for found in web_answers(case):
        if found.status not in _MISSING:
            continue
        path = (found.transfer.file or b"").partition(b"://")[2].partition(b"/")[2]
        empty = b"//" in path.partition(b"?")[0] or path.endswith(b"=") or b"=&" in path
        yield Found(
            found.turn,
            Confidence.CERTAIN,
            f"the web server {host_and_port(found.transfer)} has no {name(found.transfer.file)} (HTTP {found.status})",
            found.evidence(f"HTTP {found.status}"),
            more="Part of the URL is empty: a variable of the script that built it may not be set." if empty else "",
            severity=found.severity,
            server=found.transfer.server,
            values=values(found.transfer),
        )


RULE = Rule(
    id="http-404",
    title="The web server does not have the file",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Client Error: 404 Not Found, then Error: Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
        Screen("No such file or directory (https://ipxe.org/2d0c613b on BIOS, 2d0c618e on UEFI)", IPXE),
        Screen("error: file `...' not found", GRUB),
        Screen("404 Not Found"),
    ),
    causes=(
        "the path is wrong, or differs in upper and lower case",
        "the file was moved, as mirrors of distributions do with every release",
        "the URL names the server by address, and the files belong to a virtual host with a name",
        "a variable in the URL is empty (`//`, `mac=`)",
    ),
    remedies=(
        *advice(
            "fetch the URL as the machine does: curl -I URL",
            "publish the file below the web root, or correct the URL that DHCP or the script gives",
        ),
        Remedy(Product.IPXE, "echo ${net0/mac} ${net0/dhcp-server}", "in the script, to see what its variables hold"),
    ),
    sources=("RFC 9110 sections 15.5.5 and 15.5.11", "iPXE net/tcp/httpcore.c", "EDK2 HttpBootDxe/HttpBootSupport.c"),
)
