"""Replies come, but the client cannot take them for its own (RFC 2131 section 4.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.replies import misfit
from pxedebug.diagnose.rule import BAD, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.shown import NO_OFFER_BY_PROGRAM
from pxedebug.firmware import server_identity

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """Another transaction id than any of the client's in this stage, another hardware address, op 1, a wrong magic
    cookie or source port, and two DISCOVERs or REQUESTs without a reply that fits.

    Checksums are not looked at: captures on hosts show wrong ones all the time (V5).
    """
    turn = case.last
    if turn.transfers or turn.proxy_requests:
        return
    replies = [m for m in turn.messages if not m.from_client and m.port == 67 and not m.packet.cut]
    wrong = [(message, why) for message in replies if (why := misfit(turn, message)) is not None]
    if not wrong:
        return
    fits = [m.packet.time for m in replies if misfit(turn, m) is None]
    asked = [m for m in (*turn.discovers, *turn.requests) if not fits or m.packet.time > fits[-1]]
    wrong = [pair for pair in wrong if asked and pair[0].packet.time >= asked[0].packet.time]
    if len(asked) < 2 or not wrong:
        return
    reply, why = wrong[0]
    server = server_identity(dhcp_of(reply), reply.packet.source)
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the reply of {server} {why}: the client drops it",
        cite_each([message for message, _ in wrong], "a reply that the client drops", 4)
        + cite_each(asked, "no reply that fits"),
        server=server,
        values={"dhcp": str(server)},
    )


RULE = Rule(
    id="reply-mismatch",
    title="The DHCP server's replies do not fit the client's requests",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    outcomes=BAD,
    screens=(
        *NO_OFFER_BY_PROGRAM,
        Screen("No DHCP offer received, though the server's log says that it answered"),
    ),
    causes=(
        "address translation or a container's network rewrites the source port",
        "the server is home-made and fills in the header wrongly",
        "a relay changes more than it may",
        "two network cards of one machine are bridged, and the reply is for the other one",
    ),
    remedies=(
        Remedy(Product.DOCKER, "network_mode: host", "in the compose file"),
        *advice("let the server copy xid, htype, hlen and chaddr from the request, say op 2 and send from port 67"),
    ),
    sources=("RFC 2131 sections 2, 4.1 and 4.4.1", "iPXE src/net/udp/dhcp.c", "EDK2 NetworkPkg/Dhcp4Dxe/Dhcp4Io.c"),
)
