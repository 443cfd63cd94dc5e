"""UEFI HTTP boot is redirected, and does not follow (RFC 9110 section 15.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import quiet_after
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import from_uefi, host_and_port, values, web_answers
from pxedebug.firmware import pauses

__all__ = ["RULE"]

_REDIRECTS = frozenset((301, 302, 303, 307, 308))


def check(case: Case, network: Network) -> Iterator[Found]:
    """A redirect as the last word to a UEFI client."""
    for found in web_answers(case, 300, 400):
        if found.status not in _REDIRECTS or found.went_on or not from_uefi(found.turn, found.transfer):
            continue
        settled = case.over or quiet_after(found.turn, found.transfer) >= pauses.UEFI_HTTP
        goal = f" to {name(found.http.location)}" if found.http.location else ""
        scheme = (found.http.location or b"").startswith(b"https://")
        yield Found(
            found.turn,
            Confidence.CERTAIN if settled else Confidence.STRONG,
            f"the web server {host_and_port(found.transfer)} redirects {name(found.transfer.file)}{goal},"
            " and UEFI HTTP boot does not follow redirects",
            found.evidence(f"HTTP {found.status}"),
            more="The server wants HTTPS for everything." if scheme else "",
            severity=None if settled else Severity.ERROR,
            server=found.transfer.server,
            values=values(found.transfer),
        )


RULE = Rule(
    id="http-redirect-not-followed",
    title="UEFI HTTP boot was redirected and does not follow",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("HTTP ERROR: Resource Redirected. New Location: ...", EDK2_HTTP),
        Screen("Redirection: 301 Moved Permanently", EDK2_HTTP),
    ),
    causes=(
        "the web server sends everybody from http to https",
        "a mirror or content network sends the client to another host",
        "the URL lacks a trailing slash, or has one too many",
    ),
    remedies=(
        *advice(
            "give the final URL in DHCP: curl -IL URL shows it",
            "serve the boot files without a redirect, at least for the paths that firmware asks for",
        ),
        Remedy(Product.DNSMASQ, "dhcp-boot=tag:http,http://$server/EFI/BOOT/BOOTX64.EFI"),
    ),
    sources=("RFC 9110 section 15.4", "EDK2 HttpBootDxe/HttpBootImpl.c and HttpBootSupport.c"),
    next_measurement="let the capture run for some seconds after the redirect: no further request means it gave up",
)
