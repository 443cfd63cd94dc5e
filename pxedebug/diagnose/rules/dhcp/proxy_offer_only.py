"""A proxyDHCP server offers boot data, and nobody offers an address (PXE 2.1 section 2.2.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.dhcp_facts import absence_severity, fitting, sent_words
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """Nothing but proxy offers for all DISCOVERs of the stage. An offer of an address that passed this capture point
    unseen would show in the client's REQUEST, which is broadcast."""
    turn = case.last
    if not turn.proxy_offers or turn.requests or turn.acks or turn.transfers or turn.proxy_requests:
        return
    offers = fitting(turn)
    if len(offers) != len(turn.offers) or not all(offer.proxy for offer in offers):
        return
    severity = absence_severity(case, turn.discovers)
    if severity is None or len(turn.discovers) < 2:
        return
    server = offers[0].server
    yield Found(
        turn,
        Confidence.STRONG,
        f"only the proxyDHCP server {server} answers {sent_words(turn.discovers)}: nobody offers an address",
        cite_each([offer.message for offer in offers], "proxy offer: boot data, no address", 4)
        + cite_each(turn.discovers, "no offer of an address to this"),
        severity=severity,
        values={"proxy": str(server)},
        absence=True,
    )


RULE = Rule(
    id="proxy-offer-only",
    title="A proxyDHCP server answers, but no DHCP server",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=(
        Screen("PXE-E52: proxyDHCP offers were received. No DHCP offers were received", INTEL),
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("No configuration methods succeeded (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI)", IPXE),
        Screen("No DHCP offer received"),
    ),
    causes=(
        "dnsmasq or WDS runs as a proxy, and there is no DHCP server beside it",
        "the DHCP server is down, its pool is empty, or no relay reaches it",
        "the network of a virtual machine has its DHCP switched off",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            "dhcp-range=10.0.0.100,10.0.0.199,12h",
            "instead of `dhcp-range=...,proxy` if dnsmasq is the only server",
        ),
        Remedy(Product.CISCO_IOS, "ip helper-address $dhcp\nip helper-address $proxy", "relay to both"),
        *advice("start the DHCP server of this network, and look at its pool"),
    ),
    sources=("PXE 2.1 section 2.2.3", "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c"),
    next_measurement="capture on the DHCP server at the same time: do the DISCOVERs arrive, and does an OFFER leave",
)
