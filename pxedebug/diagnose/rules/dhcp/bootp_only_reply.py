"""A BOOTP server without DHCP answers a DHCP client (RFC 1534)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.replies import misfit
from pxedebug.diagnose.rule import BAD, EDK2, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """A BOOTREPLY without option 53 to a DISCOVER. A warning; an error where the client went on asking as if it had
    not come, nothing else offered an address, and the attempt ended so."""
    for turn in case.turns:
        replies = [message for message in turn.acks if message.type == "BOOTREPLY"]
        asked = turn.sent("DISCOVER")
        if not replies or not asked:
            continue
        replies = [m for m in replies if misfit(turn, m) is None and not m.packet.cut]
        if not replies:
            continue
        first = replies[0]
        others = any(offer.message.type == "OFFER" for offer in turn.offers)
        dropped = turn.last and not turn.transfers and not turn.requests and not others
        dropped &= case.outcome in BAD and sum(m.packet.time > first.packet.time for m in asked) > 0
        file = boot_file(dhcp_of(first))
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{first.packet.source} answers with plain BOOTP, not DHCP"
            + (", and the client goes on asking" if dropped else ""),
            cite_each(replies, "BOOTREPLY without option 53", 4) + cite_each(asked[:1], "the DISCOVER"),
            more="" if file else "The reply names no boot file either; UEFI takes such a reply only with one.",
            severity=Severity.ERROR if dropped else None,
            server=first.packet.source,
            values={"dhcp": str(first.packet.source)},
        )


RULE = Rule(
    id="bootp-only-reply",
    title="A server answers with BOOTP instead of DHCP",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    reach=Reach.ANYWHERE,
    screens=(
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("No DHCP offer received"),
    ),
    causes=(
        "a bootpd or an old lab server is in this network",
        "`range dynamic-bootp` or a host entry makes the DHCP server speak BOOTP",
    ),
    remedies=(
        *advice("switch the BOOTP server off, or let it ignore DHCP clients"),
        Remedy(Product.ISC_DHCPD, "deny bootp;"),
    ),
    sources=("RFC 1534 section 2", "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c, PxeBcParseDhcp4Packet"),
)
