"""The first OFFER takes long, or comes when the client has given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.dhcp_facts import fitting
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, BAD, EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase, gives_up_after_ns, schedule
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, Offer

__all__ = ["RULE"]

_SLOW = SECOND
_PING_CHECK = (900_000_000, 1_300_000_000), (2_500_000_000, 3_600_000_000)
"""How long ISC dhcpd (1 s) and dnsmasq (3 s) wait for an answer to their ping before they offer an address."""
_TURNS_OF_A_QUEUE = 7 * SECOND
"""A server that checks two other clients' addresses first answers within (B-30)."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """More than a second from the DISCOVER that the server answers to its OFFER. A ping check (3 s of dnsmasq, 1 s of
    ISC dhcpd, known by that time or by the server's ARP for the address) is explanation only.

    Which DISCOVER the OFFER answers is told by `secs` where the server copies it, else by count: the first OFFER
    answers the first DISCOVER when there are as many OFFERs as DISCOVERs, else lost DISCOVERs came before it
    [measured: fl4].
    """
    for turn in case.turns:
        if not any(e.offers and _slow(e.messages[0], e.offers[0].message) for e in turn.stage.exchanges):
            continue
        offers = fitting(turn)
        asked = turn.discovers
        if not offers or not asked or asked[0].packet.time > offers[0].message.packet.time:
            continue
        offer = offers[0]
        if case.outcome in BAD and _too_late(case, turn, offer):
            yield _found(turn, offer, asked[0], "after the client had given up", Severity.ERROR)
            continue
        question = _question(turn, offers, asked)
        if not _slow(question, offer.message):
            continue
        checked = _ping_check(network, question, offer)
        severity = Severity.INFO if checked else Severity.WARNING
        yield _found(turn, offer, question, "a check that the address is free" if checked else "", severity)


def _slow(asked: Message, offer: Message) -> bool:
    return offer.packet.time - asked.packet.time > _SLOW


def _found(turn: Turn, offer: Offer, asked: Message, why: str, severity: Severity) -> Found:
    took = seconds(offer.message.packet.time - asked.packet.time)
    says = f"the DHCP server {offer.server} takes {took} for its OFFER"
    if severity is Severity.ERROR:
        says = f"the OFFER of {offer.server} comes {took} after the first DISCOVER, {why}"
    return Found(
        turn,
        Confidence.CERTAIN,
        says,
        cite(offer.message, "OFFER") + cite(asked, "the DISCOVER that it answers"),
        more=f"It looks like {why}." if severity is Severity.INFO else "",
        severity=severity,
        server=offer.server,
        values={"dhcp": str(offer.server)},
    )


def _too_late(case: Case, turn: Turn, offer: Offer) -> bool:
    """The client was not listening any more, and went nowhere with it."""
    if not turn.last or turn.requests or turn.transfers or turn.acks:
        return False
    end = gives_up_after_ns(schedule(turn.program, Phase.DISCOVER))
    waited = offer.message.packet.time - turn.discovers[0].packet.time
    gone = case.attempt.followed and offer.message.packet.time > case.quiet_until
    return gone or (end is not None and waited > end)


def _question(turn: Turn, offers: Sequence[Offer], asked: Sequence[Message]) -> Message:
    """The DISCOVER that the first offer answers."""
    offer = offers[0].message
    before = [message for message in asked if message.packet.time <= offer.packet.time]
    answered = dhcp_of(offer)
    same = [m for m in before if dhcp_of(m).xid == answered.xid]
    echoed = [m for m in same if answered.secs and dhcp_of(m).secs == answered.secs]
    if echoed:
        return echoed[-1]
    own = sum(each.server == offers[0].server for each in offers)
    return (same or before)[0 if own >= len(asked) else -1]


def _ping_check(network: Network, asked: Message, offer: Offer) -> bool:
    """The server looks whether the address is free, for this client or for those before it in the queue."""
    begin, end = asked.packet.time, offer.message.packet.time
    if any(low <= end - begin <= high for low, high in _PING_CHECK):
        return True
    looked = offer.address is not None and bool(network.asked(offer.address, begin, end))
    return looked and end - begin <= _TURNS_OF_A_QUEUE


RULE = Rule(
    id="slow-dhcp-offer",
    title="The DHCP server answers late",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    reach=Reach.ANYWHERE,
    outcomes=ANY,
    screens=(
        Screen("PXE-E51: No DHCP or proxyDHCP offers were received, now and then", INTEL),
        Screen("PXE-E18: Server response timeout, now and then", EDK2),
        Screen(
            "No configuration methods succeeded (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI), now and then",
            IPXE,
        ),
        Screen("the program waits for its address"),
    ),
    causes=(
        "the server checks each new address with a ping first (ISC dhcpd 1 s, dnsmasq 3 s), one client after the other",
        "a PXE response delay is configured (WDS), or the server asks Active Directory",
        "the server waits for DNS updates, hooks or a database",
        "a failover partner does not answer",
        "the relay reaches the server over a slow line",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "no-ping"),
        Remedy(Product.ISC_DHCPD, "ping-check off;"),
        Remedy(Product.WDS, "wdsutil /Set-Server /ResponseDelay:0"),
        *advice("shorten the server's hooks and DNS updates"),
    ),
    sources=("RFC 2131 sections 2.2 and 4.4.1", "dnsmasq src/dhcp.c (ping check)", "dhcpd.conf(5), ping-check"),
)
