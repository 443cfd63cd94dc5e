"""The reply is longer than the client said that it takes (option 57, RFC 2132 section 9.10)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.dhcp_facts import ignored, unaccepted
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, Product, Reach, Remedy, Rule, Screen, Step, advice

__all__ = ["RULE"]

_DEFAULT = 548
"""576 bytes of IP datagram less its headers (RFC 2131 section 2)."""
_MOST = 1472
"""What fits into one frame of 1500 bytes; a longer reply is fragmented."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """All offers (or ACKs) that the client passed over are longer than option 57 of its DISCOVER, or than one frame
    holds. The REQUEST's option 57 does not count: UEFI puts 65280 there [measured]."""
    turn = case.last
    if not turn.offers and not turn.acks:
        return
    dropped = [offer.message for offer in ignored(case)] or unaccepted(case)
    limit = _limit(turn)
    if not dropped or any(message.packet.length <= min(limit, _MOST) for message in dropped):
        return
    reply = dropped[0]
    length = reply.packet.length
    why = f"more than the {limit} that the client takes (option 57)" if length > limit else "more than one frame holds"
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the {reply.type} of {reply.packet.source} has {length} bytes, {why}",
        cite_each(dropped, f"{reply.type} of {length} bytes", 4) + cite_each(turn.discovers, "the DISCOVER"),
        server=reply.packet.source,
        values={"dhcp": str(reply.packet.source)},
    )


def _limit(turn: Turn) -> int:
    """Option 57 of the DISCOVERs, else the default."""
    said = [dhcp_of(message).options.get(57, b"") for message in turn.discovers]
    sizes = [int.from_bytes(value, "big") for value in said if len(value) == 2]
    return max(sizes, default=_DEFAULT)


RULE = Rule(
    id="offer-oversize",
    title="The DHCP reply is too long for the client",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen("PXE-E51 or PXE-E53", INTEL),
        Screen("PXE-E16: No valid offer received, or PXE-E18: Server response timeout", EDK2),
        Screen("No DHCP offer received"),
    ),
    causes=(
        "long lists in options 43, 119 or 121",
        "the server may not use `file` and `sname` for options (option 52)",
        "a management tool adds its options for everybody",
    ),
    remedies=(
        *advice("send the long options to the classes that need them only, and file and server in the header's fields"),
        Remedy(
            Product.ISC_DHCPD,
            'if substring(option vendor-class-identifier, 0, 9) = "PXEClient" {\n'
            "  option dhcp-parameter-request-list 1,3,6,54,60,66,67;\n}",
        ),
        Remedy(Product.DNSMASQ, "dhcp-no-override", "the other way round: only where `file` is read as a name"),
    ),
    sources=("RFC 2132 section 9.10", "RFC 2131 section 2", "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c"),
)
