"""The way there and the way back lead through different machines."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.track.story import TransferStatus
from pxedebug.wire.batch import frame_source
from pxedebug.wire.packet import format_mac

__all__ = ["RULE"]

_VIRTUAL = (
    bytes.fromhex("00005e0001"), bytes.fromhex("00005e0002"), bytes.fromhex("00000c07ac"), bytes.fromhex("00000c9f"),
    bytes.fromhex("000573a0"), bytes.fromhex("0007b400"),
)  # fmt: skip
"""VRRP for IPv4 and IPv6, HSRP 1 and 2, HSRP for IPv6, GLBP: requests go to the virtual address, answers come from the
router's own."""
_TROUBLE = (TransferStatus.UNANSWERED, TransferStatus.STALLED, TransferStatus.UNREACHABLE)


def check(case: Case, network: Network) -> Iterator[Found]:
    """The request went to one MAC address and the answer came from another, in a transfer that then did not work.

    Where it works, two gateways or a bonded link share the load: nothing is said. Only the first answers are compared;
    hop limits of single packets are not kept.
    """
    for turn, transfer, facts in tftp_reads(case, *_TROUBLE):
        there, back = facts.asked_mac, facts.answered_mac
        if not there or not back or there == back or there[0] & 1 or facts.strangers:
            continue
        if there.startswith(_VIRTUAL) or back.startswith(_VIRTUAL):
            continue
        if frame_source(transfer.first_frame) != frame_source(facts.answers[0]):
            continue
        way = f"through {format_mac(there)} and the answers come through {format_mac(back)}"
        yield Found(
            turn,
            Confidence.STRONG,
            f"requests to {transfer.server} go {way}",
            cite(transfer.first_frame, "the request") + cite_each(facts.answers[:1], "the answer"),
            severity=Severity.ERROR,
            server=transfer.server,
            values=server_values(transfer),
        )


RULE = Rule(
    id="asymmetric-routing",
    title="Requests and answers take different ways",
    severity=Severity.WARNING,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(Screen("PXE-E32, PXE-E18 or another timeout, though ping works"),),
    causes=(
        "the server has several interfaces, and its default route leads out of another one",
        "two gateways, one of which sees only half of the traffic and drops it as a stateful firewall",
    ),
    remedies=(
        Remedy(Product.LINUX, "ip rule add from $server table 5 && ip route add default via $router table 5"),
        *advice("let both directions pass the same firewall, or permit asymmetric traffic there"),
    ),
    sources=("RFC 1812 section 5.2", "RFC 5798 (virtual router addresses)"),
    next_measurement="capture on the server's interfaces: through which one do the answers leave?",
)
