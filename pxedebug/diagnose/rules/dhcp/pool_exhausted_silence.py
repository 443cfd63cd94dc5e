"""The DHCP server has no address left: it lives and says nothing to newcomers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.dhcp_facts import (
    BUSY,
    absence_severity,
    came_after,
    newly_served,
    others_served,
    sent_words,
    unanswered_discovers,
    unlike,
)
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import ClientRecord, Grant, Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Step, advice
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.firmware import server_identity
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message
from pxedebug.wire.packet import Address, format_mac

__all__ = ["RULE"]

_SAME_TIME = 60 * SECOND


class _Proof(NamedTuple):
    server: Address | None
    confidence: Confidence
    says: str
    evidence: tuple[Evidence, ...]
    more: str


def check(case: Case, network: Network) -> Iterator[Found]:
    """Three forms: the server refuses the old address and then offers none; it serves others while several newcomers
    like them get nothing; it served a client of the same kind shortly before (inferred: a list of known clients
    looks the same).

    A renewal alone shows that the server lives, not that a newcomer's broadcast reaches it: with it the second form
    is inferred only.
    """
    asked = unanswered_discovers(case)
    severity = absence_severity(case, asked) if asked else None
    if severity is None:
        return
    proof = _refused(case, asked) or _compared(case, network, asked)
    if proof is None:
        return
    yield Found(
        case.last,
        proof.confidence,
        proof.says,
        proof.evidence + cite_each(asked, "no answer to this"),
        more=proof.more,
        severity=severity,
        server=proof.server,
        values={"dhcp": str(proof.server)} if proof.server is not None else {},
        absence=True,
    )


def _refused(case: Case, asked: Sequence[Message]) -> _Proof | None:
    """A NAK to the address of old, then nothing to the DISCOVERs."""
    naks = case.last.naks
    if not naks or asked[0].packet.time < naks[-1].packet.time or len(asked) < 2:
        return None
    server = server_identity(dhcp_of(naks[-1]), naks[-1].packet.source)
    says = f"the DHCP server {server} refuses the client's old address and answers none of {sent_words(asked)}"
    return _Proof(server, Confidence.STRONG, says, cite(naks[-1], "NAK: the server lives"), "")


def _compared(case: Case, network: Network, asked: Sequence[Message]) -> _Proof | None:
    answered = others_served(case, network, asked)
    mine = dhcp_of(asked[0])
    alike = [(r, g) for r, g in answered if r.first_discover is not None and not unlike(mine, r.first_discover)]
    new = [(record, grant) for record, grant in alike if not grant.renewal]
    living = [(r, g) for r, g in answered if g.renewal and g.time >= asked[0].packet.time]
    waiting = _also_waiting(case, network, asked) if new or living else 0
    if new and waiting:
        return _several(new[-1], Confidence.STRONG, asked, waiting)
    if living and waiting and all(grant.renewal for _, grant in answered):
        return _several(living[-1], Confidence.INFERRED, asked, waiting)
    served = [each for each in newly_served(case, network, asked) if each in new]
    shown = quiet_for(case, BUSY, asked[0].packet.time)
    return _one(served[-1], asked) if served and shown and not any(came_after(g, asked) for _, g in served) else None


def _several(living: tuple[ClientRecord, Grant], sure: Confidence, asked: Sequence[Message], waiting: int) -> _Proof:
    record, grant = living
    says = (
        f"the DHCP server {grant.server} serves {format_mac(record.client.mac)} but answers neither this client's "
        f"{sent_words(asked)} nor {count(waiting, 'other newcomer')}"
    )
    return _Proof(grant.server, sure, says, cite(grant.frame, f"{grant.type}: the server lives"), "")


def _one(served: tuple[ClientRecord, Grant], asked: Sequence[Message]) -> _Proof:
    record, grant = served
    says = (
        f"the DHCP server {grant.server} gave {format_mac(record.client.mac)} the address {grant.address} and then "
        f"answered none of this client's {sent_words(asked)}"
    )
    more = (
        "Both clients ask alike, so the pool may be empty; a server that only answers clients it knows looks the same."
    )
    return _Proof(grant.server, Confidence.INFERRED, says, cite(grant.frame, f"{grant.type} to the other"), more)


def _also_waiting(case: Case, network: Network, asked: Sequence[Message]) -> int:
    """Other clients of this kind that asked twice or more about the same time and got nothing."""
    since, until = asked[0].packet.time - _SAME_TIME, asked[-1].packet.time + _SAME_TIME
    mine = dhcp_of(asked[0])
    return sum(
        record.client.mac != case.client.mac
        and record.client.vlans == case.client.vlans
        and record.first_discover is not None
        and not unlike(mine, record.first_discover)
        for record in network.unserved(since, until)
    )


RULE = Rule(
    id="pool-exhausted-silence",
    title="The DHCP server has no free address",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=NO_OFFER,
    causes=(
        "firmware, iPXE and the operating system identify themselves differently and take three leases for one machine",
        "leases are long, and many machines pass through this network",
        "the range is closed to unknown clients",
        "addresses are set aside after a conflict (declined, abandoned, BAD_ADDRESS)",
        "the subnet is declared without a pool",
    ),
    remedies=(
        *advice(
            "read the server's log: ISC dhcpd says `no free leases`, dnsmasq `no address available`, Kea "
            "`ALLOC_ENGINE_V4_ALLOC_FAIL`"
        ),
        Remedy(Product.DNSMASQ, "dhcp-range=10.0.0.100,10.0.0.250,10m", "a larger range, shorter leases"),
        Remedy(Product.DNSMASQ, "dhcp-ignore-clid", "one lease a machine, whatever option 61 says"),
        Remedy(Product.KEA, '"match-client-id": false, "valid-lifetime": 600'),
        Remedy(Product.ISC_DHCPD, "ignore-client-uids true;\ndefault-lease-time 600;\nmax-lease-time 600;"),
        Remedy(Product.WINDOWS_DHCP, "Get-DhcpServerv4Lease -ScopeId 10.0.0.0 -BadLeases | Remove-DhcpServerv4Lease"),
    ),
    sources=("RFC 2131 section 4.3.1", "dnsmasq src/rfc2131.c", "Kea ALLOC_ENGINE_V4_ALLOC_FAIL"),
    next_measurement="look at the server's lease list and log at the time of the DISCOVERs",
)
