"""Several proxies answer one client with different boot data, or one answers that the user did not allow.

Which of them is wrong the wire does not tell, unless the user named the legitimate servers. Two with the same data are
a redundant pair. One alone is told of where it overrides the DHCP server's boot file and the boot fails on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.boot_info import told_by
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, BAD, EDK2, INTEL, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pxe_suboptions
from pxedebug.track.story import Offer, TransferStatus

__all__ = ["RULE"]

_DISCOVERY = (6, 7, 8, 9)
"""43.6 to 43.9: how the client finds its boot server, and among what it may choose."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """One offer of each proxy, where they differ or one is not allowed."""
    for turn in case.turns:
        proxies = {offer.server: offer for offer in reversed(turn.proxy_offers)}
        if not proxies:
            continue
        if len(proxies) < 2 and not network.allowed_servers:
            yield from _overriding(case, turn, *proxies.values())
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


def _overriding(case: Case, turn: Turn, proxy: Offer) -> Iterator[Found]:
    """The boot failed on the file of the only proxy, where the DHCP server had named another."""
    told, given = told_by(turn), turn.chosen
    if told is None or given is None or not given.boot_file or given.server == proxy.server:
        return
    if told.packet.source != proxy.message.packet.source or wanted_file(turn) in (None, given.boot_file):
        return
    if turn.transfers and _failed_by(case, turn, [proxy]):
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"the proxyDHCP server {proxy.server} names {name(wanted_file(turn))}, and the DHCP server {given.server} "
            f"{name(given.boot_file)}: the client follows the proxy",
            cite(told, "the proxy's file") + cite(given.message, "the DHCP server's file"),
            title="A proxyDHCP server overrides the DHCP server's boot file",
            severity=Severity.ERROR,
            server=proxy.server,
            values={"proxy": str(proxy.server), "server": str(proxy.server)},
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
    if case.outcome not in BAD or not turn.last or not any(offer.chosen for offer in offers):
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
