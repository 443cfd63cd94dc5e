"""UEFI HTTP boot got offers, and none of them was made for it (UEFI specification, HTTP boot; EDK2 HttpBootDhcp4.c).

It takes an offer that says `HTTPClient` in option 60 and names an absolute URL. That EDK2 comes here on its walk from a
PXE entry to the next is no fault of its own (B-28): where no offer holds a URL, the PXE attempt's finding stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file, choose_offer
from pxedebug.firmware.programs import Method, Program
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, Offer
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["RULE"]

_WALK = 35 * SECOND
"""EDK2 begins its next boot option within a window of its schedule."""
_PXE = (Method.PXE_V4, Method.PXE_V6)


def check(case: Case, network: Network) -> Iterator[Found]:
    """DISCOVERs go on though offers are there, and no REQUEST follows."""
    turn = case.last
    if turn.program is not Program.EDK2_HTTP or turn.method is not Method.HTTP_V4 or turn.requests or turn.ack:
        return
    offers = turn.offers
    again = _discovers_after(turn, offers)
    if not again or not turn.address_offers:
        return
    if choose_offer([dhcp_of(offer.message) for offer in offers], turn.program) is not None:
        return
    if any(_for_http(dhcp_of(offer.message)) for offer in offers):
        return  # class and URL are right: its host is a name, and no DNS server was given
    with_url = next((offer for offer in offers if _url(dhcp_of(offer.message))), None)
    best = with_url or offers[0]
    dhcp = dhcp_of(best.message)
    if with_url is not None:
        says = f"{best.server} offers the URL {name(boot_file(dhcp))} without the class `HTTPClient` in option 60"
        causes = RULE.causes[2:3] + RULE.causes[:2] + RULE.causes[3:]
    elif dhcp.options.get(60, b"").startswith(b"HTTPClient"):
        says = f"the HTTP boot offer of {best.server} names {name(boot_file(dhcp))}, which is no URL"
        causes = RULE.causes
    else:
        says = f"{_who(offers)} for UEFI HTTP boot: neither the class `HTTPClient` nor a URL"
        causes = RULE.causes
    yield Found(
        turn,
        Confidence.CERTAIN,
        says,
        cite(best.message, "the offer") + cite_each(again, "the client goes on asking"),
        more=f"The firmware passed {count(len(offers), 'offer')} over and sent {count(len(turn.discovers), 'DISCOVER')}"
        f" in {seconds(turn.discovers[-1].packet.time - turn.discovers[0].packet.time)} without a REQUEST.",
        severity=Severity.INFO if with_url is None and _walked_here(case) else None,
        server=best.server,
        values={"dhcp": str(best.server)},
        causes=causes,
    )


def _discovers_after(turn: Turn, offers: Sequence[Offer]) -> list[Message]:
    """DISCOVERs that show that the offers before them were of no use."""
    if not offers:
        return []
    first = offers[0].message.packet
    return [m for m in turn.discovers if (m.packet.time, m.packet.frame) > (first.time, first.frame)]


def _walked_here(case: Case) -> bool:
    """The same machine tried PXE just before, within the same boot."""
    earlier = case.boot.attempts[: case.index]
    ends = [stage.ended for attempt in earlier for stage in attempt.stages if attempt.stages[0].method in _PXE]
    return bool(ends) and case.started - max(ends) <= _WALK


def _for_http(dhcp: DhcpMessage) -> bool:
    return _url(dhcp) and dhcp.options.get(60, b"").startswith(b"HTTPClient")


def _url(dhcp: DhcpMessage) -> bool:
    return (boot_file(dhcp) or b"").lower().startswith((b"http://", b"https://"))


def _who(offers: Sequence[Offer]) -> str:
    servers = list(dict.fromkeys(str(offer.server) for offer in offers))
    return f"the offer of {servers[0]} is not" if len(servers) == 1 else f"no offer ({', '.join(servers[:4])}) is"


RULE = Rule(
    id="http-offer-without-httpclient",
    title="No offer is made for UEFI HTTP boot",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=(
        Screen(
            ">>Start HTTP Boot over IPv4...., then Error: Could not retrieve NBP file size from HTTP server and"
            " Error: Server response timeout",
            EDK2_HTTP,
        ),
    ),
    causes=(
        "the DHCP server has no rule for HTTP boot (class `HTTPClient`, architecture 0x10 on x64, 0x13 on arm64)",
        "a rule for all UEFI machines answers with a TFTP file name",
        "the rule sends the URL but not option 60",
        "a host reservation overrides what the class sets",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            "dhcp-vendorclass=set:http,HTTPClient\n"
            "dhcp-option-force=tag:http,60,HTTPClient\n"
            "dhcp-boot=tag:http,http://$server/EFI/BOOT/BOOTX64.EFI",
        ),
        Remedy(
            Product.KEA,
            '"client-classes": [{"name": "httpclients", "test": "substring(option[60].hex,0,10) == \'HTTPClient\'",'
            ' "option-data": [{"name": "vendor-class-identifier", "data": "HTTPClient"}],'
            ' "boot-file-name": "http://$server/EFI/BOOT/BOOTX64.EFI"}]',
        ),
        Remedy(
            Product.ISC_DHCPD,
            'class "httpclients" { match if substring(option vendor-class-identifier, 0, 10) = "HTTPClient";'
            ' option vendor-class-identifier "HTTPClient"; filename "http://$server/EFI/BOOT/BOOTX64.EFI"; }',
        ),
        *advice("remove the HTTP entry from the machine's boot order where only PXE is meant to be used"),
    ),
    sources=(
        "UEFI specification, section HTTP Boot", "EDK2 HttpBootDxe/HttpBootDhcp4.c", "RFC 4578 section 2.1",
    ),
)  # fmt: skip
