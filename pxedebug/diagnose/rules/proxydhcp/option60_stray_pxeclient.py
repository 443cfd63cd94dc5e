"""A DHCP server says PXEClient (option 60) in an offer of an address, and has no boot service.

To UEFI that means: ask port 4011, even where the offer names a file (EDK2 takes the offer for one of class BINL). BIOS
machines on the same network take the file and boot.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import absent_for_good
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.proxy import Question, offers_of, questions
from pxedebug.diagnose.rule import EDK2, INTEL, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase
from pxedebug.firmware.programs import OfferClass, Program
from pxedebug.track.story import Offer

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """A question to port 4011 that only such an offer caused, without an answer."""
    for turn in case.turns:
        if turn.program is not Program.EDK2 or not turn.proxy_requests:
            continue
        for question in questions(turn):
            offer = _stray(turn, question)
            if offer is None or turn.went_on(question.sends[0].packet.time):
                continue
            proved = absent_for_good(case, turn, question.sends, Phase.PROXY) and len(question.sends) > 1
            yield Found(
                turn,
                Confidence.CERTAIN if proved else Confidence.STRONG,
                f"the DHCP server {offer.server} says `PXEClient` (option 60), which sends UEFI machines to port 4011 "
                f"of {question.server}, and nobody answers there",
                cite(offer.message, "an address, class PXEClient, and no boot menu (43.6 to 43.10)")
                + cite_each(question.sends, "REQUEST to port 4011"),
                more="" if offer.boot_file is None else "The boot file that the offer names is not asked for.",
                severity=None if proved else Severity.ERROR,
                server=offer.server,
                values={"dhcp": str(offer.server), "server": str(question.server)},
                absence=True,
            )


def _stray(turn: Turn, question: Question) -> Offer | None:
    """The offer of an address that led to the question, where no proxy did."""
    if question.answers or question.misdirected or question.discovery or len(question.sends) < 2:
        return None
    offers = offers_of(turn, question.server)
    if any(offer.proxy or offer.offer_class is OfferClass.PXE10 for offer in offers):
        return None
    return next((offer for offer in offers if offer.offer_class is OfferClass.BINL), None)


RULE = Rule(
    id="option60-stray-pxeclient",
    title="The DHCP server says PXEClient, but has no boot service",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED | Reach.LOADED | Reach.FETCHING,
    screens=(
        Screen(">>Start PXE over IPv4, then PXE-E16: No valid offer received", EDK2),
        Screen("PXE-E55: ProxyDHCP service did not reply to request on port 4011", INTEL),
        Screen("PXE-E16: No valid offer received"),
    ),
    causes=(
        "option 60 was left on the DHCP server when WDS moved away or was removed",
        "a guide said to set options 60, 66 and 67: option 60 belongs there only where port 4011 answers on that host",
        "dnsmasq's pxe-service for one EFI architecture leaves out the menu and sends the client to port 4011",
        "the boot service on this host is down",
    ),
    remedies=(
        Remedy(
            Product.WINDOWS_DHCP,
            "Remove-DhcpServerv4OptionValue -ScopeId $subnet -OptionId 60",
            "look at server, scope and policies: each may have it",
        ),
        Remedy(Product.DNSMASQ, "dhcp-option=vendor:PXEClient,6,8", "says to use the file without asking"),
        Remedy(
            Product.ISC_DHCPD,
            "option vendor-encapsulated-options 06:01:08:ff;",
            "beside the class, or leave vendor-class-identifier out of the replies to UEFI machines",
        ),
        *advice("or start the boot service on that host, if it is meant to be there"),
    ),
    sources=("EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c", "Microsoft KB 259670", "PXE 2.1 section 2.4"),
    next_measurement="capture on the DHCP server's host and look for UDP port 4011",
)
