"""The system that was loaded asks for an address and does not get one.

A boot whose system speaks counts as booted, so this is a warning there; it explains why an installer stops.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import seconds, spread
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import server_identity
from pxedebug.firmware.programs import StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Outcome

__all__ = ["RULE"]

_PATIENCE = 60 * SECOND
"""An initramfs asks for this long at least, and often twice."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """An OS stage without an ACK, a minute after its first DISCOVER."""
    turn = case.last
    if turn.kind is not StageKind.OS or turn.ack is not None:
        return
    asked = turn.discovers or turn.requests
    if not asked or case.quiet_until - asked[0].packet.time < _PATIENCE:
        return
    if turn.naks:
        by = server_identity(dhcp_of(turn.naks[-1]), turn.naks[-1].packet.source)
        yield Found(
            turn,
            Confidence.STRONG,
            f"the system that was loaded asked for an address, and {by} refused it {count(len(turn.naks), 'time')}",
            cite_each(reversed(turn.naks), "NAK") + _last_answer(case, turn),
            server=by,
        )
        return
    if turn.offers or len(asked) < 2:
        return
    times, span = count(len(asked), "time"), seconds(spread(asked))
    yield Found(
        turn,
        Confidence.STRONG if network.sees_unicast and not network.relay_side else Confidence.INFERRED,
        f"the system that was loaded asked for an address {times} in {span}, and nobody answered",
        cite_each(asked, f"{asked[0].type} of the system") + _last_answer(case, turn),
        more=_identity(case, turn),
        absence=True,
    )


def _last_answer(case: Case, turn: Turn) -> tuple[Evidence, ...]:
    """The loader before it got an address from the same network."""
    acks = [before.ack for before in case.turns[: turn.index] if before.ack is not None]
    return cite(acks[-1], "the loader before it was given an address") if acks else ()


def _identity(case: Case, turn: Turn) -> str:
    """A server that keeps leases by client identifier (option 61) sees another client."""
    before = [m for each in case.turns[: turn.index] for m in each.discovers]
    own = turn.discovers
    if before and own and dhcp_of(before[-1]).options.get(61) != dhcp_of(own[0]).options.get(61):
        return "Its client identifier (option 61) is not the one of the loader before it."
    return ""


RULE = Rule(
    id="os-dhcp-failure-after-kernel",
    title="The loaded system gets no address",
    severity=Severity.ERROR,
    step=Step.POST_NBP,
    check=check,
    outcomes=ANY - {Outcome.LOCAL},
    screens=(Screen("dracut-initqueue timeout, an emergency shell, or cloud-init waiting for the network"),),
    causes=(
        "the system's driver reset the link, and the switch port was not forwarding yet (spanning tree)",
        "the DHCP server answers only clients of class PXEClient",
        "the pool is empty: firmware, loader and system each took a lease",
        "the machine has several network cards, and the system asks on another",
    ),
    remedies=(
        Remedy(Product.LINUX, "rd.net.dhcp.retry=3 rd.net.timeout.carrier=30", "among the kernel's arguments (dracut)"),
        Remedy(Product.OTHER, "IPAPPEND 2", "in PXELINUX's configuration: passes BOOTIF, the card that booted"),
        Remedy(Product.ISC_DHCPD, "ignore-client-uids true;", "one lease for a machine, whatever it calls itself"),
        Remedy(Product.KEA, '"match-client-id": false', "one lease for a machine, whatever it calls itself"),
        Remedy(Product.DNSMASQ, "dhcp-ignore-clid", "one lease for a machine, whatever it calls itself"),
        *advice("make the switch port an edge port (spanning-tree portfast)"),
    ),
    sources=("dracut.cmdline(7)", "RFC 2131 section 4.4.1", "RFC 4361"),
    next_measurement="capture at the client's switch port, with spanning tree's own frames, while the system starts",
)
