"""Boot data for multicast TFTP alone (43.1 to 43.5), or a transfer that was to be multicast (RFC 2090) and never came.

EDK2 discards such an offer (its class WfM11a). ROMs of the old days use it; what they then say on the multicast ports
is not followed, so nothing is judged there.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import absent_for_good, plain_name
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase
from pxedebug.firmware.programs import OfferClass, Program
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_FAILED = (TransferStatus.ABORTED, TransferStatus.STALLED, TransferStatus.UNANSWERED)


def check(case: Case, network: Network) -> Iterator[Found]:
    """Offers that UEFI discards, and transfers whose OACK says multicast."""
    turn = case.last
    if turn.transfers:
        yield from _transfers(turn)
    elif turn.program is Program.EDK2:
        yield from _discarded(case, turn)


def _discarded(case: Case, turn: Turn) -> Iterator[Found]:
    offers = [offer for offer in turn.offers if offer.offer_class is OfferClass.WFM11A]
    if not offers or turn.requests or any(_usable(offer.offer_class) for offer in turn.offers):
        return
    if any(offer.boot_file for offer in turn.offers if offer.offer_class is OfferClass.DHCP_ONLY):
        return
    if len(turn.discovers) < 2:
        return
    proved = absent_for_good(case, turn, turn.discovers, Phase.DISCOVER)
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"{offers[0].server} offers nothing but multicast TFTP (43.1 to 43.5), which UEFI machines discard",
        cite(offers[0].message, "option 43 holds 1 to 5 and no boot menu")
        + cite_each(turn.discovers[1:], "DISCOVER again, no REQUEST"),
        severity=Severity.FATAL if proved else None,
        server=offers[0].server,
        values={"server": str(offers[0].server)},
    )


def _usable(offer_class: OfferClass) -> bool:
    return offer_class in (OfferClass.PXE10, OfferClass.BINL, OfferClass.BOOTP)


def _transfers(turn: Turn) -> Iterator[Found]:
    whole = {plain_name(transfer) for transfer in turn.whole()}
    for transfer in turn.transfers:
        multicast = any(option == "multicast" for option, _ in transfer.answered_options or ())
        if not multicast or transfer.status not in _FAILED or transfer.size or plain_name(transfer) in whole:
            continue
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{transfer.server} would send {name(plain_name(transfer))} by multicast, and nothing of it arrived",
            cite(transfer.first_frame, "the request with the option multicast"),
            server=transfer.server,
            values={"server": str(transfer.server)},
            absence=True,
        )


RULE = Rule(
    id="mtftp-not-supported",
    title="The boot data is for multicast TFTP, which does not work here",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.ASKING | Reach.FETCHING,
    screens=(
        Screen("PXE-E7B: Missing MTFTP server IP address", INTEL),
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035)", IPXE),
        Screen("PXE-E7B: Missing MTFTP server IP address"),
    ),
    causes=(
        "options of an old boot server (43.1 to 43.5) were copied into the DHCP server",
        "multicast does not pass the switches (IGMP snooping without a querier)",
    ),
    remedies=(
        Remedy(
            Product.ISC_DHCPD,
            'next-server $server;\nfilename "$file";',
            "and no vendor-encapsulated-options with 1 to 5",
        ),
        Remedy(Product.KEA, '"next-server": "$server", "boot-file-name": "$file"', "and no vendor options 1 to 5"),
        *advice("take sub-options 1 to 5 out of option 43 and use plain TFTP or HTTP"),
    ),
    sources=("PXE 2.1 section 2.3 and table 2-1", "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c", "RFC 2090"),
)
