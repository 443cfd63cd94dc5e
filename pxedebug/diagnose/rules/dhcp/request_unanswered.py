"""The client takes an offer, and the server that made it says nothing more."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import seconds, spread
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import BAD, EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import server_identity
from pxedebug.track.story import Message, Outcome
from pxedebug.wire.packet import Address, address

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """REQUESTs that name a server and get neither ACK nor NAK from it. Their repeats show that no ACK reached the
    client, wherever this capture was taken; of a single one only the silence after it does (inferred)."""
    turn = case.last
    if not turn.requests or turn.transfers or turn.proxy_requests:
        return
    asked = [message for message in turn.requests if len(dhcp_of(message).options.get(54, b"")) == 4]
    if not asked:
        return
    server = address(dhcp_of(asked[-1]).options[54])
    answers = [m.packet.time for m in (*turn.acks, *turn.naks) if server_identity(dhcp_of(m), server) == server]
    asked = [m for m in asked if not answers or m.packet.time > max(answers)]
    if not asked or (len(asked) == 1 and case.outcome not in BAD):
        return
    others = [m for m in turn.acks if m.packet.time >= asked[0].packet.time]
    if others and others[0].packet.time >= asked[-1].packet.time:
        return  # the client may well have taken that ACK: it did not ask again
    offers = [offer.message for offer in turn.offers if offer.server == server]
    times = f"{count(len(asked), 'REQUEST')} in {seconds(spread(asked))}" if len(asked) > 1 else "the REQUEST"
    yield Found(
        turn,
        Confidence.STRONG if len(asked) > 1 else Confidence.INFERRED,
        f"the DHCP server {server} made an offer and never confirmed it: {times} stayed unanswered",
        cite_each(asked, "no answer to this")
        + cite_each(offers[-1:], "the offer that the client took")
        + cite_each(others[:1], "an ACK of another server, which the client passed over"),
        more=_rewritten(turn, server) or (f"Another server, {_identity(others[0])}, did answer." if others else ""),
        server=server,
        values={"dhcp": str(server)},
        absence=True,
    )


def _rewritten(turn: Turn, server: Address) -> str:
    """Option 54 names another host than the offer came from: the server may think that it was not chosen."""
    sources = {
        offer.message.packet.source
        for offer in turn.offers
        if offer.server == server and not int(dhcp_of(offer.message).giaddr)
    }
    if not sources or server in sources:
        return ""
    return f"The offer came from {min(map(str, sources))} but names {server} as its server (option 54)."


def _identity(message: Message) -> Address:
    return server_identity(dhcp_of(message), message.packet.source)


RULE = Rule(
    id="request-unanswered",
    title="The DHCP server offers an address and does not confirm it",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    outcomes=BAD | {Outcome.INCONCLUSIVE},
    screens=(
        Screen("PXE-E51: No DHCP or proxyDHCP offers were received", INTEL),
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("No configuration methods succeeded (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI)", IPXE),
        Screen("BOOTP broadcast n again and again, then Retry time exceeded; starting again", U_BOOT),
        Screen("the program asks for an address again and again"),
    ),
    causes=(
        "option 54 is wrong or was rewritten (relay, VRRP pair): the server thinks that another one was chosen",
        "the relay passes REQUESTs on to some of the servers only",
        "a failover partner does not agree to the lease",
        "a proxy answers with the address of the real server",
        "the server stopped, or its ACK is lost on the way back",
    ),
    remedies=(
        *advice("read the server's log for the REQUEST: was it ignored, and why"),
        Remedy(Product.ISC_DHCPD, "server-identifier $dhcp;", "the address that clients and relays reach it by"),
        Remedy(Product.KEA, '"option-data": [{"name": "dhcp-server-identifier", "data": "$dhcp"}]'),
        Remedy(Product.CISCO_IOS, "ip helper-address $dhcp", "one line for each server, failover partners too"),
    ),
    sources=("RFC 2131 sections 3.1(3) and 4.3.2", "EDK2 NetworkPkg/Dhcp4Dxe/Dhcp4Io.c", "iPXE src/net/udp/dhcp.c"),
    next_measurement="capture on the DHCP server at the same time: does the REQUEST arrive, and does an ACK leave",
)
