"""The client looks for the boot server of a menu item (43.71), and none answers.

It asks by broadcast on port 67, by multicast, or the servers of the list (43.8) on port 4011; an answer counts if it
names the same type. A listed server that had made an offer of its own is proxydhcp-4011-blocked's.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import absent_for_good, seconds, spread
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.proxy import item_type, offers_of
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase, pxe_suboptions
from pxedebug.track.story import Message
from pxedebug.wire.dhcp.pxe import boot_server_type_name

__all__ = ["RULE"]

_LOCAL = 0
"""Boot server type of the local disk."""
_SERVERS = 8


def check(case: Case, network: Network) -> Iterator[Found]:
    """The same item asked for again and again, without an answer that names it."""
    for turn in case.turns:
        asked: dict[int, list[Message]] = {}
        for message in turn.messages:
            if message.from_client and message.type == "REQUEST" and 43 in dhcp_of(message).options:
                kind = item_type(message)
                if kind not in (None, _LOCAL):
                    asked.setdefault(kind, []).append(message)
        for kind, sends in asked.items():
            answers = [m for m in turn.messages if _answers(m, sends[0])]
            if len(sends) < 2 or any(item_type(answer) == kind for answer in answers):
                continue
            targets = list(dict.fromkeys(send.packet.destination for send in sends))
            if any(offers_of(turn, target) for target in targets) or turn.went_on(sends[-1].packet.time):
                continue
            proved = absent_for_good(case, turn, sends, Phase.BOOT_SERVER)
            others = dict.fromkeys(boot_server_type_name(k) for a in answers if (k := item_type(a)) is not None)
            more = f"Servers of other types answered: {', '.join(others)}." if others else ""
            yield Found(
                turn,
                Confidence.STRONG,
                f"no boot server of the type asked for ({boot_server_type_name(kind)}) answered "
                f"{count(len(sends), 'request')} to {', '.join(map(str, targets[:4]))} in {seconds(spread(sends))}",
                cite_each(sends, "boot server discovery")
                + _menu(turn)
                + cite_each(answers, "an answer of another type"),
                more,
                severity=None if proved else Severity.ERROR,
                server=targets[0] if len(targets) == 1 and not targets[0].is_multicast else None,
                values={"server": str(targets[0])},
                absence=True,
            )


def _answers(message: Message, first: Message) -> bool:
    """A server's ACK in reply to one of the requests, or unasked to the same client after the first."""
    if message.from_client or message.type != "ACK" or message.packet.time < first.packet.time:
        return False
    return not int(dhcp_of(message).yiaddr)


def _menu(turn: Turn) -> tuple[Evidence, ...]:
    """The offer that lists the servers."""
    for offer in turn.offers:
        if _SERVERS in pxe_suboptions(dhcp_of(offer.message)):
            return cite(offer.message, "the offer with the list of boot servers (43.8)")
    return ()


RULE = Rule(
    id="bootserver-discovery-timeout",
    title="No boot server of the menu's item answers",
    severity=Severity.FATAL,
    step=Step.BOOTSERVER,
    check=check,
    reach=Reach.LEASED,
    screens=(
        Screen("PXE-E78: Could not locate boot server; PXE-E77: Bad or missing discovery server list", INTEL),
        Screen("PXE-E18: Server response timeout; PXE-E53: No boot filename received", EDK2),
        Screen("PXEBS (net0 type n)... Connection timed out (https://ipxe.org/4c106035)", IPXE),
        Screen("PXE-E78: Could not locate boot server"),
    ),
    causes=(
        "the list of boot servers (43.8) has a wrong address",
        "discovery by broadcast does not cross a router",
        "the boot server's answer lacks 43.71, or comes from an address that is not in the list",
        "multicast is filtered (IGMP snooping)",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, 'pxe-service=x86PC,"Boot",pxelinux,$server', "dnsmasq writes 43.8 itself"),
        Remedy(
            Product.ISC_DHCPD,
            "option vendor-encapsulated-options 06:01:08:ff;",
            "no discovery: the client fetches the named file at once",
        ),
        *advice("set 43.8 to the boot server's own address, and 43.6 to 7 (only listed servers)"),
    ),
    sources=(
        "PXE 2.1 section 2.2.4",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c, PxeBcDhcp4Discover",
        "iPXE net/udp/dhcp.c",
    ),
    next_measurement="capture on the boot server and look for the requests: UDP port 4011, or 67 for broadcasts",
)
