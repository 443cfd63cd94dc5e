"""What the DHCPv4 messages of a stage mean: which replies fit, which DISCOVERs stayed alone, which offers were left.

All of it is counted on originals (copies of mirrors and relays are out already) and asks for one stage, the one that
the attempt ended in, unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address
from itertools import islice

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import absent_for_good, seconds, spread
from pxedebug.diagnose.finding import Severity, count, name
from pxedebug.diagnose.network import ClientRecord, Grant, Network
from pxedebug.diagnose.replies import misfit, requests_after
from pxedebug.diagnose.rule import BAD
from pxedebug.firmware import Phase
from pxedebug.firmware.programs import Program
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, Offer
from pxedebug.wire.dhcp import DhcpMessage

__all__ = [
    "BUSY", "UNTIL_IGNORED", "came_after", "fitting", "ignored", "newly_served", "others_served", "rounds",
    "absence_severity", "sent_words", "servers_seen", "unaccepted", "unanswered_discovers", "unlike",
]  # fmt: skip

_ARCHITECTURE, _MACHINE_ID, _GIADDR = "architecture (option 93)", "machine id (option 97)", "relay (giaddr)"
_TRAITS = (_ARCHITECTURE, "vendor class (option 60)", "user class (option 77)", _MACHINE_ID, _GIADDR)
_LATELY = 600 * SECOND
BUSY = 10 * SECOND
"""A server that checks an address for another client keeps everybody waiting, but not so long (B-30)."""
_CASES = 4
"""Cases of which an answer that several rules ask for is remembered."""
_FEW = 5
UNTIL_IGNORED = {Program.EDK2: 2, Program.EDK2_HTTP: 2, Program.IPXE: 3, Program.INTEL_ROM: 3}
"""Rounds of DISCOVER and OFFER without a REQUEST that no program makes by design: iPXE sends two DISCOVERs, a ROM
waits through two windows for a proxy, U-Boot sends four (B-07); others as `_FEW`."""


def fitting(turn: Turn) -> list[Offer]:
    """Offers on port 67 that the client can take for its own, with an address or without."""
    return [offer for offer in turn.offers if offer.message.port == 67 and misfit(turn, offer.message) is None]


def unanswered_discovers(case: Case) -> list[Message]:
    """The DISCOVERs (or BOOTP requests) of the last stage when nothing at all answered them; empty when anything did,
    or when the client shows that something did (it names a server in a REQUEST, asks port 4011 or for a file).

    A NAK to a REQUEST that names no server (INIT-REBOOT, B-06) is no answer to the DISCOVERs that follow it.
    """
    turn = case.last
    discovers = turn.discovers
    if not discovers or turn.transfers:
        return []
    if turn.offers or turn.acks or turn.proxy_requests or any(54 in dhcp_of(asked).options for asked in turn.requests):
        return []
    turned = max((message.packet.time for message in (*turn.requests, *turn.naks)), default=0)
    return [message for message in discovers if message.packet.time > turned]


def absence_severity(case: Case, asked: Sequence[Message]) -> Severity | None:
    """How bad it is that nothing answered these DISCOVERs: fatal when the client sent all that it sends (rule V2),
    an error when it was left waiting, None when it may still be answered [measured: fl4]."""
    if len(asked) > 1 and absent_for_good(case, case.last, asked, Phase.DISCOVER):
        return Severity.FATAL
    return Severity.ERROR if asked and case.outcome in BAD else None


def others_served(case: Case, network: Network, asked: Sequence[Message]) -> list[tuple[ClientRecord, Grant]]:
    """Answers that other clients of the same VLAN had from DHCP servers, from ten minutes before these DISCOVERs to
    the end of their waiting; renewals too, in order of time."""
    since, until = asked[0].packet.time - _LATELY, asked[-1].packet.time + BUSY
    mine = case.client
    return [
        (record, grant)
        for record, grant in network.granted(since, until)
        if record.client.mac != mine.mac and record.client.vlans == mine.vlans
    ]


def newly_served(case: Case, network: Network, asked: Sequence[Message]) -> list[tuple[ClientRecord, Grant]]:
    """Of each other client that `others_served` knows and that asked anew, the first answer."""
    first: dict[int, tuple[ClientRecord, Grant]] = {}
    for record, grant in others_served(case, network, asked):
        if not grant.renewal:
            first.setdefault(id(record), (record, grant))
    return list(first.values())


def came_after(grant: Grant, asked: Sequence[Message]) -> bool:
    """The answer to another client's first DISCOVER came when this client was asking already."""
    return grant.time > asked[0].packet.time + SECOND


def unlike(asked: DhcpMessage, answered: DhcpMessage) -> dict[str, tuple[str, str]]:
    """What tells two clients' DISCOVERs apart besides the machine itself (chaddr, options 61 and 97): the trait, and
    both values in words, the first client's first."""
    mine, theirs = _traits(asked), _traits(answered)
    if mine == theirs:
        return {}
    return {
        trait: (_in_words(trait, own), _in_words(trait, other))
        for trait, own, other in zip(_TRAITS, mine, theirs, strict=True)
        if own != other
    }


def _traits(message: DhcpMessage) -> tuple[bytes | None, ...]:
    option = message.options.get
    vendor_class = option(60)
    if vendor_class is not None:
        vendor_class = vendor_class.partition(b":UNDI")[0]
    machine_id = b"" if 97 in message.options else None
    return (option(93, b"")[:2] or None, vendor_class, option(77), machine_id, message.giaddr.packed)


def _in_words(trait: str, value: bytes | None) -> str:
    if value is None:
        return "absent"
    if trait == _MACHINE_ID:
        return "present"
    if trait == _GIADDR:
        return str(IPv4Address(value))
    return str(int.from_bytes(value, "big")) if trait == _ARCHITECTURE else name(value)


@lru_cache(maxsize=_CASES)
def ignored(case: Case) -> list[Offer]:
    """The offers in the last stage that fit (proxies' aside), when the client never asked for one of them and its own
    repeats show that it will not: two rounds or more of its schedule (`UNTIL_IGNORED`), or all of it."""
    turn = case.last
    if not turn.discovers or turn.requests or turn.transfers or turn.proxy_requests or turn.ack is not None:
        return []
    offers = [offer for offer in fitting(turn) if not offer.proxy and offer.message.type == "OFFER"]
    enough = UNTIL_IGNORED.get(turn.program, _FEW)
    repeated = rounds(turn, offers)
    if repeated < 2 or (repeated < enough and not absent_for_good(case, turn, turn.discovers, Phase.DISCOVER)):
        return []
    return offers


@lru_cache(maxsize=_CASES)
def unaccepted(case: Case) -> list[Message]:
    """The ACKs of the last stage that fit and that the client passed over: it sent its REQUEST again afterwards,
    twice or until the attempt ended, and did nothing with the address."""
    turn = case.last
    if len(turn.requests) < 2:
        return []
    acks = [message for message in turn.acks if message.type == "ACK" and misfit(turn, message) is None]
    again = requests_after(turn, acks[0]) if acks else ()
    return acks if len(again) > 1 or (again and case.outcome in BAD) else []


def rounds(turn: Turn, offers: Sequence[Offer]) -> int:
    """DISCOVERs that were followed by one of these offers before the client sent the next."""
    times = [message.packet.time for message in turn.discovers]
    ends = [*times[1:], turn.stage.ended + SECOND]
    told = [offer.message.packet.time for offer in offers]
    return sum(any(sent <= time < end for time in told) for sent, end in zip(times, ends, strict=True))


def sent_words(messages: Sequence[Message]) -> str:
    """`4 DISCOVERs in 28 s`, `its only DISCOVER`, `3 BOOTP requests in 10 s`."""
    noun = "BOOTP request" if messages and messages[0].type == "BOOTREQUEST" else "DISCOVER"
    if len(messages) == 1:
        return f"its only {noun}"
    return f"{count(len(messages), noun)} in {seconds(spread(messages))}"


def servers_seen(case: Case, network: Network, asked: Sequence[Message]) -> str:
    """On the DHCP servers that the capture shows: what this client heard at another time, and who answered other
    clients; asked for in trouble only (it builds the index)."""
    mine, begin = case.client.mac, asked[0].packet.time
    words = []
    earlier, later = network.grants_around(mine, begin)
    own = earlier or later
    if own is not None:
        when = f"{seconds(abs(begin - own.time))} {'earlier' if own is earlier else 'later'}"
        words.append(f"{own.server or 'A DHCP server'} answered this client {when}.")
    others = (server for server, clients in network.dhcp_servers.items() if len(clients) > (mine in clients))
    servers = sorted(map(str, islice(others, 5)))
    if servers:
        named = ", ".join(servers[:4]) + (" and others" if len(servers) > 4 else "")
        words.append(f"DHCP servers that answered other clients in this capture: {named}.")
    return " ".join(words) or "No DHCP server gave anybody an address in this capture."
