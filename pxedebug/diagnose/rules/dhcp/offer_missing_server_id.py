"""OFFER or ACK without server identifier (option 54), which RFC 2131 table 3 demands."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.dhcp_facts import ignored, unaccepted
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, IPXE, UEFI, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Message

__all__ = ["RULE"]

_NONE = (b"", bytes(4))
_UEFI = (Program.EDK2, Program.EDK2_HTTP)


def check(case: Case, network: Network) -> Iterator[Found]:
    """All offers (or all ACKs) that the client passed over lack option 54 or have 0.0.0.0 there. UEFI drops these
    silently: fatal; iPXE takes the source address instead: a warning; of others it is not known: an error."""
    turn = case.last
    if not turn.offers and not turn.acks:
        return
    dropped = [offer.message for offer in ignored(case)] or unaccepted(case)
    if not dropped or not all(_nameless(message) for message in dropped):
        return
    kind = dropped[0].type
    severity = Severity.FATAL if turn.program in _UEFI else Severity.ERROR
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the {kind} of {dropped[0].packet.source} has no server identifier (option 54)",
        cite_each(dropped, f"{kind} without option 54", 4)
        + cite_each([*turn.discovers[1:], *turn.requests[1:]], "the client asks again"),
        severity=Severity.WARNING if turn.program is Program.IPXE else severity,
        server=dropped[0].packet.source,
        values={"dhcp": str(dropped[0].packet.source)},
    )


def _nameless(message: Message) -> bool:
    return dhcp_of(message).options.get(54, b"") in _NONE and not message.packet.cut


RULE = Rule(
    id="offer-missing-server-id",
    title="The DHCP server does not name itself",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen("PXE-E18: Server response timeout", EDK2),
        Screen("the offer is dropped without a word", UEFI),
        Screen("works: the source address is taken instead", IPXE),
        Screen("No DHCP offer received"),
    ),
    causes=(
        "the server is home-made",
        "the options did not fit, and option 54 was left out",
        "the server identifier was set to nothing in the configuration",
    ),
    remedies=(
        Remedy(Product.ISC_DHCPD, "server-identifier $dhcp;"),
        Remedy(Product.KEA, '"option-data": [{"name": "dhcp-server-identifier", "data": "$dhcp"}]'),
        *advice("send option 54 with the server's own address in every OFFER and ACK"),
    ),
    sources=("RFC 2131 table 3", "RFC 2132 section 9.7", "EDK2 NetworkPkg/Dhcp4Dxe/Dhcp4Io.c, DhcpHandleSelect"),
)
