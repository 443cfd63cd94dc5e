"""Several proxies answer one client with different boot data, or one answers that the user did not allow.

Which of them is wrong the wire does not tell, unless the user named the legitimate servers. Two with the same data are
a redundant pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, EDK2, INTEL, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pxe_suboptions
from pxedebug.track.story import Offer, Outcome, TransferStatus

__all__ = ["RULE"]

_DISCOVERY = (6, 7, 8, 9)
"""43.6 to 43.9: how the client finds its boot server, and among what it may choose."""
_BAD = (Outcome.FAILED, Outcome.STALLED)


def check(case: Case, network: Network) -> Iterator[Found]:
    """One offer of each proxy, where they differ or one is not allowed."""
    for turn in case.turns:
        proxies = {offer.server: offer for offer in reversed(turn.proxy_offers)}
        if not proxies or (len(proxies) < 2 and not network.allowed_servers):
            continue
        allowed = network.allowed_servers
        intruders = [offer for offer in proxies.values() if allowed and not _allowed(offer, network)]
        offers = sorted(proxies.values(), key=lambda offer: offer.message.packet.frame)
        if intruders:
            intruders.sort(key=lambda offer: offer.message.packet.frame)
            names = " and ".join(str(offer.server) for offer in intruders)
            many = len(intruders) > 1
            verbs = ("answer", "servers and are") if many else ("answers", "server and is")
            article = "" if many else "a "
            says = f"{names} {verbs[0]} as {article}proxyDHCP {verbs[1]} not among the allowed servers"
            blamed: Sequence[Offer] = intruders
        elif not allowed and len({_data(offer) for offer in offers}) > 1:
            listed = " and ".join(f"{offer.server} ({_told(offer)})" for offer in offers)
            says = f"{count(len(offers), 'proxyDHCP server')} answer with different boot data: {listed}"
            blamed = offers
        else:
            continue
        yield Found(
            turn,
            Confidence.CERTAIN,
            says,
            cite_each([offer.message for offer in blamed], "a proxy's offer"),
            severity=Severity.ERROR if _failed_by(case, turn, blamed) else None,
            server=blamed[0].server,
            values={"proxy": str(blamed[0].server), "server": str(blamed[0].server)},
        )


def _allowed(offer: Offer, network: Network) -> bool:
    return offer.server in network.allowed_servers or offer.message.packet.source in network.allowed_servers


def _data(offer: Offer) -> tuple[object, ...]:
    """What the offer makes the client do; a server that names itself does as its twin that does so."""
    inside = pxe_suboptions(dhcp_of(offer.message))
    own = [each for each in (offer.server, offer.message.packet.source) if each is not None]
    other = None if offer.next_server in own else offer.next_server
    lists = [inside.get(code, b"") for code in _DISCOVERY]
    for address in own:
        lists = [data.replace(address.packed, bytes(4)) for data in lists]
    return offer.boot_file, other, *lists


def _told(offer: Offer) -> str:
    return name(offer.boot_file) if offer.boot_file else "its port 4011"


def _failed_by(case: Case, turn: Turn, offers: Sequence[Offer]) -> bool:
    """The attempt ended here, on what one of these proxies said: it was chosen, and nothing was delivered."""
    if case.outcome not in _BAD or not turn.last or not any(offer.chosen for offer in offers):
        return False
    return not any(transfer.status is TransferStatus.COMPLETE for transfer in turn.transfers)


RULE = Rule(
    id="rogue-proxydhcp",
    title="More than one proxyDHCP server answers",
    severity=Severity.WARNING,
    step=Step.PROXYDHCP,
    check=check,
    outcomes=ANY,
    screens=(
        Screen("PXE-E55 or PXE-E32 now and then, or now and then another menu", INTEL),
        Screen("PXE-E16 or PXE-E18 now and then, or now and then another menu", EDK2),
        Screen("Now and then another boot menu"),
    ),
    causes=(
        "a forgotten boot server: WDS, FOG, a ConfigMgr distribution point, a LANDesk representative",
        "a dnsmasq on somebody's machine",
        "several distribution points in one boundary",
    ),
    remedies=(
        *advice("find the switch port of the server's MAC address, and stop its boot service"),
        Remedy(Product.WDS, "wdsutil /Set-Server /ResponseDelay:5", "on the server that shall only help out"),
        Remedy(
            Product.CISCO_IOS, "ip dhcp snooping\nip dhcp snooping vlan $vlan", "trust the right servers' ports only"
        ),
    ),
    sources=("PXE 2.1 section 2.2.3", "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c"),
)
