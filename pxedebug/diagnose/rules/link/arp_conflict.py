"""Two machines claim one IP address that the boot depends on: the client's, its server's, or the router's.

That an address was at one machine and later at another is no conflict by itself (a failover, a service that moved), and
a bonded server with adaptive load balancing (`balance-alb`) tells each host another of its own addresses. So two claims
count only if both went to this client, or to all, and came together or by turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.claims import Claim, answers_for_many, claims, is_virtual
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, INTEL, UEFI, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.track.clocks import SECOND, SILENCE
from pxedebug.wire.packet import Address, format_mac

__all__ = ["RULE"]

_TOGETHER = 2 * SECOND
_LEASE_REUSED = 600 * SECOND
_ROUTER = 3


def check(case: Case, network: Network) -> Iterator[Found]:
    """Claims by two machines within a turn."""
    told: set[Address] = set()
    for turn in case.turns:
        for address, whose in () if network.no_claims else _addresses(turn):
            if address not in told and (found := _contested(turn, network, address, whose)) is not None:
                told.add(address)
                yield found
        if turn.transfers and not turn.requests and not turn.acks:
            yield from _lease_reused(turn, network)


def _addresses(turn: Turn) -> Iterator[tuple[Address, str]]:
    """What the boot depends on, and in words."""
    if turn.ack is not None:
        ack = dhcp_of(turn.ack)
        if int(ack.yiaddr):
            yield ack.yiaddr, "the client's address"
        router = ack.options.get(_ROUTER, b"")[:4]
        if len(router) == 4 and any(router):
            yield IPv4Address(router), "the router's address"
    servers = [turn.boot.server] if turn.boot is not None else []
    for server in dict.fromkeys([*servers, *(transfer.server for transfer in turn.transfers)]):
        if isinstance(server, IPv4Address) and int(server):
            yield server, "the server's address"


def _contested(turn: Turn, network: Network, address: Address, whose: str) -> Found | None:
    own = {turn.case.client.mac} | {message.packet.source_mac for message in turn.discovers[:1]}
    mine = turn.ack is not None and address == dhcp_of(turn.ack).yiaddr
    since = turn.ack.packet.time if mine and turn.ack is not None else turn.stage.started
    until = turn.stage.ended if turn.next is not None else min(turn.stage.ended + SILENCE, turn.case.quiet_until)
    found = claims(network, address, since, until)
    if not found or any(is_virtual(claim.mac) for claim in found):
        return None
    if mine:
        if turn.sent("DECLINE"):
            return None
        rival = [claim for claim in found if claim.mac not in own and not _same_machine(turn, network, claim.mac)]
        first = [claim for claim in found if claim.mac in own]
    else:
        found = [claim for claim in found if not claim.to or claim.to in own]
        pair = _rivals(found)
        first, rival = pair if pair is not None else ([], [])
    if not rival or any(answers_for_many(network, claim.mac) for claim in (rival[0], *first[:1])):
        return None
    holder = first[0].mac if first else turn.case.client.mac
    says = f"two machines claim {whose} {address}: {format_mac(holder)} and {format_mac(rival[0].mac)}"
    evidence = cite(rival[0].frame, f"{format_mac(rival[0].mac)} says that it has {address}")
    evidence += cite_each([claim.frame for claim in first], f"{format_mac(holder)} says the same", 2)
    evidence += cite_each([claim.frame for claim in rival[1:]], "and again", 2)
    evidence += _assignment(turn, address)
    return Found(turn, Confidence.CERTAIN, says, evidence, values={"address": str(address)})


def _rivals(found: Sequence[Claim]) -> tuple[list[Claim], list[Claim]] | None:
    """The claims of two machines that came together, or by turns; those of the first machine first."""
    macs = list(dict.fromkeys(claim.mac for claim in found))
    for other in macs[1:]:
        first = [claim for claim in found if claim.mac == macs[0]]
        rival = [claim for claim in found if claim.mac == other]
        if first[-1].time > rival[0].time or any(abs(a.time - b.time) <= _TOGETHER for a in first for b in rival):
            return first, rival
    return None


def _same_machine(turn: Turn, network: Network, mac: bytes) -> bool:
    """Another port of the client itself, by the UUID that both announce."""
    uuid = turn.case.client.uuid
    return uuid is not None and any(r.client.mac == mac and r.client.uuid == uuid for r in network.clients)


def _assignment(turn: Turn, address: Address) -> tuple[Evidence, ...]:
    if turn.ack is not None and dhcp_of(turn.ack).yiaddr == address:
        return cite(turn.ack, "the ACK that gives the client this address")
    if turn.boot is not None and turn.boot.server == address:
        return cite(turn.boot.source_frame, "names this server")
    return ()


def _lease_reused(turn: Turn, network: Network) -> Iterator[Found]:
    """A client that never REQUESTs its lease (early Raspberry Pi ROMs), and another that got the same address."""
    for offer in turn.address_offers:
        time = offer.message.packet.time
        for record, grant in network.by_server.get(offer.server, ()) if offer.server is not None else ():
            if grant.address != offer.address or record.client.mac == turn.case.client.mac:
                continue
            if not record.fetched or abs(grant.time - time) > _LEASE_REUSED:
                continue
            other = format_mac(record.client.mac)
            says = f"two machines use {offer.address}: this one, which never sent a REQUEST for it, and {other}"
            evidence = cite(offer.message, "the offer that the client uses without a REQUEST")
            evidence += cite(grant.frame, f"the same address for {other}")
            more = "A server is free to give away an address that nobody REQUESTs."
            yield Found(turn, Confidence.STRONG, says, evidence, more, values={"address": str(offer.address)})
            return


RULE = Rule(
    id="arp-conflict",
    title="Two machines claim the same IP address",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    outcomes=ANY,
    screens=(
        Screen("PXE-E11: ARP timeout", INTEL),
        Screen("PXE-E35: TFTP read timeout, at a different place every time", INTEL),
        Screen("PXE-E18: Server response timeout, now and then", UEFI),
        Screen("0xc0000001"),
    ),
    causes=(
        "a machine has a fixed address that belongs to another or lies in the pool",
        "a virtual machine was cloned with its MAC address",
        "the pools of two DHCP servers overlap",
        "a client uses an address without a REQUEST, and the server gives it to another (Raspberry Pi 3)",
    ),
    remedies=(
        Remedy(Product.CISCO_IOS, "show mac address-table address $mac", "finds the switch port of a MAC address"),
        Remedy(Product.LINUX, "arping -D -I $interface $address", "asks who has the address"),
        *advice(
            "take fixed addresses out of the pool, and give every virtual machine a MAC address of its own",
            "see that the ranges of all DHCP servers on this network are apart",
        ),
    ),
    sources=("RFC 5227 section 2.4", "RFC 826"),
    next_measurement=(
        "ask for the address from another machine of this network (`arping -I eth0 ADDRESS`): do two answer"
    ),
)
