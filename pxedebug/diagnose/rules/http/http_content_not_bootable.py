"""The web server delivered something that the client cannot run (EDK2 HttpBootCheckImageType; iPXE image probing)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import quiet_after
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import WebAnswer, from_uefi, host_and_port, values, web_answers
from pxedebug.firmware import pauses
from pxedebug.firmware.programs import Program
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_TYPES = frozenset((b"application/efi", b"application/vnd.efi-iso", b"application/vnd.efi-img"))
_ENDINGS = (b".efi", b".iso", b".img")
_SCRIPTS = (b".ipxe", b".gpxe")
_PROGRAMS = (*_ENDINGS, *_SCRIPTS)
_HTML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", re.IGNORECASE)
_FIRST_LINE = re.compile(rb"\A#!(?:ipxe|gpxe)\s")
_GZIP = b"\x1f\x8b"
_PRINTABLE = frozenset((*range(0x20, 0x7F), 9, 10, 13))
_LOOKED_AT = 64


def check(case: Case, network: Network) -> Iterator[Found]:
    """A good answer with a type, a body or an encoding that ends the boot."""
    for found in web_answers(case, 200, 201):
        if found.went_on:
            continue
        fault = _fault(found)
        if fault is None:
            continue
        settled = case.over or quiet_after(found.turn, found.transfer) >= pauses.WEB_PROGRAM
        if found.http.method == "HEAD" and not settled:
            continue  # the GET may follow
        yield Found(
            found.turn,
            Confidence.CERTAIN,
            f"the web server {host_and_port(found.transfer)} answers {name(found.transfer.file)} with {fault}",
            found.evidence(f"HTTP {found.status}"),
            severity=Severity.FATAL if settled else None,
            server=found.transfer.server,
            values=values(found.transfer),
        )


def _fault(found: WebAnswer) -> str | None:
    """What is wrong with the answer, as the end of a sentence."""
    path = (found.transfer.file or b"").lower().partition(b"?")[0].partition(b"#")[0]
    kind = (found.http.content_type or b"").partition(b";")[0].strip().lower()
    uefi = from_uefi(found.turn, found.transfer)
    if found.http.method == "HEAD":
        firmware = uefi and not any(turn.whole() for turn in found.turn.case.turns)  # GRUB asks through it, too
        if firmware and not path.endswith(_ENDINGS) and kind not in _TYPES:
            return f"the type {name(kind)}, which UEFI does not take for a boot image" if kind else "no Content-Type"
        return None
    body = found.transfer.head
    if found.transfer.status is not TransferStatus.COMPLETE or not body:
        return None
    if _HTML.match(body) and (uefi or found.turn.program is Program.IPXE):
        return "a web page (HTML)"
    if body.startswith(_GZIP) and path.endswith(_PROGRAMS) and found.http.content_encoding:
        return f"a compressed body (Content-Encoding {name(found.http.content_encoding)})"
    if path.endswith(_SCRIPTS) and not _FIRST_LINE.match(body + b"\n") and _PRINTABLE.issuperset(_text(body)):
        first_line = body.partition(b"\n")[0]
        return f"a script whose first line is not `#!ipxe` but {name(first_line)}"
    return None


def _text(body: bytes) -> bytes:
    """The start of a script, without the mark that some editors put before it."""
    return body.removeprefix(b"\xef\xbb\xbf")[:_LOOKED_AT]


RULE = Rule(
    id="http-content-not-bootable",
    title="What the web server delivered cannot be booted",
    severity=Severity.ERROR,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Error: Unexpected network error", EDK2_HTTP),
        Screen("Exec format error (https://ipxe.org/2e008001 on BIOS, 2e008081 on UEFI)", IPXE),
        Screen("Failed to load image: Unsupported (0x1a) from shim"),
    ),
    causes=(
        "the server answers unknown paths with a web page (a start page, a login, a captive portal)",
        "the server does not know the type of `.efi` files, or the URL does not end with it",
        "the script begins with a byte order mark, an empty line or anything else than `#!ipxe`",
        "the server compresses what it sends",
    ),
    remedies=(
        *advice(
            "look at what the machine gets: curl -i URL | head -c 400",
            "switch fallback pages and compression off for the boot paths",
        ),
        Remedy(Product.OTHER, "types { application/efi efi; }", "nginx, in the location of the boot files"),
        Remedy(Product.OTHER, "AddType application/efi .efi", "Apache httpd"),
    ),
    sources=("EDK2 HttpBootDxe/HttpBootSupport.c (HttpBootCheckImageType)", "iPXE image/script.c"),
)
