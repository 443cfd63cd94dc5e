"""The proxy's offer does not come through the relay, or the relay does not ask the proxy.

The first needs both sides of the relay in the capture: copies of a message show what went on from one side to the
other. The second needs the relay's far side and another client that hears the proxy. From the client's side alone it
is offer-without-boot-info, with this as a cause.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import given_up
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.track.story import Message, Offer
from pxedebug.wire.packet import Address

__all__ = ["RULE"]


Copies = dict[int, list[Message]]
"""By the frame of an original, what of it was seen again."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """A relayed client that was offered an address and found nothing to boot."""
    if case.client.relay is None:
        return
    turn = case.last
    if turn.transfers or turn.proxy_requests or not turn.address_offers or not given_up(case, turn, pauses.PROGRAM):
        return
    if any(offer.boot_file is not None for offer in turn.address_offers):
        return
    copies = {first: [m for m in seen if m.copy_of is not None] for first, seen in turn.sightings.items()}
    if turn.proxy_offers:
        yield from _dropped(turn, copies)
    else:
        yield from _not_asked(case, turn, copies, network)


def _dropped(turn: Turn, copies: Copies) -> Iterator[Found]:
    """Offers of addresses came through to the client's side, the proxy's did not."""
    through = [offer for offer in turn.address_offers if _reached_client(offer, copies)]
    lost = [offer for offer in turn.proxy_offers if _at_relay(offer) and not _reached_client(offer, copies)]
    if not through or len(lost) < len(turn.proxy_offers):
        return
    proxy, other = lost[0], through[0]
    relay = dhcp_of(proxy.message).giaddr
    yield Found(
        turn,
        Confidence.STRONG,
        f"the offer of the proxyDHCP server {proxy.server} reaches the relay {relay}, but not the client, "
        f"while that of {other.server} comes through",
        cite_each([offer.message for offer in lost], "the proxy's offer on its way to the relay", 4)
        + cite(copies[other.message.packet.frame][0], "the other offer on the client's side"),
        server=proxy.server,
        values=_values(proxy.server, relay),
        absence=True,
    )


def _at_relay(offer: Offer) -> bool:
    """Sent to the relay's address, port 67."""
    packet = offer.message.packet
    return packet.destination == dhcp_of(offer.message).giaddr and packet.destination_port == 67


def _reached_client(offer: Offer, copies: Copies) -> bool:
    later = copies.get(offer.message.packet.frame, ())
    return any(message.packet.destination_port == 68 for message in later)


def _not_asked(case: Case, turn: Turn, copies: Copies, network: Network) -> Iterator[Found]:
    """The relay's own DISCOVERs go to other servers than the proxy that other clients hear."""
    discovers = turn.discovers + [copy for each in turn.discovers for copy in copies.get(each.packet.frame, ())]
    relayed = [m for m in discovers if int(dhcp_of(m).giaddr) and m.packet.source_port == 67]
    asked = list(dict.fromkeys(m.packet.destination for m in relayed))
    if not relayed or any(target.is_multicast or target.packed == b"\xff" * 4 for target in asked):
        return
    known: dict[Address, int] = {}
    for record in network.clients:
        if record.client.mac != case.client.mac:
            known.update({server: frame for server, _, frame in record.proxies if server is not None})
    missed = {server: frame for server, frame in known.items() if server not in asked}
    if not missed or len(missed) < len(known):
        return
    server, frame = next(iter(missed.items()))
    relay = dhcp_of(relayed[0]).giaddr
    yield Found(
        turn,
        Confidence.STRONG,
        f"the relay {relay} sends DISCOVERs to {' and '.join(map(str, asked))} alone, "
        f"not to the proxyDHCP server {server} that other clients hear",
        cite_each(relayed, "the relay passes the DISCOVER on", 4) + cite(frame, "the proxy answers another client"),
        server=server,
        values=_values(server, relay),
        absence=True,
    )


def _values(server: Address | None, relay: Address) -> dict[str, str]:
    return {"proxy": str(server), "server": str(server), "router": str(relay)}


RULE = Rule(
    id="relay-drops-proxy-offer",
    title="The proxyDHCP server is not heard through the relay",
    severity=Severity.FATAL,
    step=Step.PROXYDHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen("PXE-E53: No boot filename received", INTEL),
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("PXE-E53: No boot filename received; fine on the server's own network"),
    ),
    causes=(
        "the relay's helper addresses name the DHCP server only",
        "the relay or a firewall drops replies without an address (yiaddr 0.0.0.0) or without option 82",
        "DHCP snooping knows the DHCP server alone",
        "dnsmasq's proxy range does not name the client's subnet",
        "the proxy broadcasts its reply on its own network instead of sending it to the relay",
    ),
    remedies=(
        Remedy(Product.CISCO_IOS, "interface Vlan$vlan\n ip helper-address $proxy", "beside the DHCP server's"),
        Remedy(Product.DNSMASQ, "dhcp-range=$subnet,proxy,$mask", "one for each remote subnet"),
        *advice("or name boot server and file in the DHCP server's own replies (siaddr, option 67)"),
    ),
    sources=("RFC 2131 section 4.1", "RFC 3046 section 2.1", "Microsoft: WDS deployment guide, IP helpers"),
    next_measurement="capture on the proxy's host: does the relayed DISCOVER arrive, and where does the reply go",
)
