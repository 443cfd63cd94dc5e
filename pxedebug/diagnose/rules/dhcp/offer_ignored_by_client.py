"""Offers come, and the client takes none of them: the generic finding, where nothing says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.dhcp_facts import fitting, ignored, rounds
from pxedebug.diagnose.facts import seconds, spread
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.track.story import Offer

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """Rounds of DISCOVER and OFFER without a REQUEST, more than the program makes by design (B-02, B-07)."""
    offers = ignored(case)
    if not offers:
        return
    turn = case.last
    server = offers[0].server
    yield Found(
        turn,
        Confidence.STRONG,
        f"the client takes none of the offers that answer {count(rounds(turn, offers), 'DISCOVER')} "
        f"in {seconds(spread(turn.discovers))}",
        _offers(offers) + cite_each(turn.discovers, "DISCOVER"),
        more=_proxies(fitting(turn)),
        server=server,
        values={"dhcp": str(server)},
    )


def _offers(offers: Sequence[Offer]) -> tuple[Evidence, ...]:
    evidence: tuple[Evidence, ...] = ()
    for offer in offers[:4]:
        file = f"file {name(offer.boot_file)}" if offer.boot_file else "no boot file"
        evidence += cite(offer.message, f"OFFER of {offer.server}, class {offer.offer_class}, {file}")
    return evidence


def _proxies(offers: Sequence[Offer]) -> str:
    proxies = sorted({str(offer.server) for offer in offers if offer.proxy})
    return f"A proxyDHCP server answers as well: {', '.join(proxies)}." if proxies else ""


RULE = Rule(
    id="offer-ignored-by-client",
    title="The client takes none of the offers",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=(
        Screen("PXE-E16: No valid offer received (old builds: No offer received)", EDK2),
        Screen("PXE-E51, PXE-E52 or PXE-E53", INTEL),
        Screen("No configuration methods succeeded (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI)", IPXE),
        Screen("No DHCP offer received"),
    ),
    causes=(
        "the offer lacks what this program looks for: boot file, class, server",
        "the offer is lost between this capture point and the client",
        "the offer comes so quickly that the firmware is not listening yet (Raspberry Pi 3)",
        "the firmware trips over one of the options",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-reply-delay=2", "for firmware that misses quick answers"),
        *advice("compare the offer with one that a machine of the same make takes"),
    ),
    sources=(
        "EDK2 NetworkPkg/Dhcp4Dxe/Dhcp4Io.c (an offer that is not chosen leads to another DISCOVER)",
        "dnsmasq CHANGELOG 2.76, dhcp-reply-delay",
    ),
    next_measurement="capture at the client's switch port: does the OFFER arrive there, byte by byte the same",
)
