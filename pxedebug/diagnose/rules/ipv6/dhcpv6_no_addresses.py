"""A DHCPv6 server answers and refuses the client an address (RFC 8415 section 21.13).

EDK2 repeats its REQUEST four times after such a REPLY and gives up [measured]. An ADVERTISE that refuses counts where
no other server offers an address. A single refusal may still be got over, so it is a warning while the client moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp6_of
from pxedebug.diagnose.dhcp6_facts import grants, refused, status_words
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.track.story import Message

__all__ = ["RULE"]

_ENOUGH = 3
"""Refusals after which the same question will not be answered otherwise."""
_MEANINGS = {
    1: "UnspecFail: the server failed for a reason of its own, which its log tells",
    2: "NoAddrsAvail: the pool for this link is used up, or there is none",
    3: "NoBinding: the server knows nothing of the lease that the client speaks of",
    4: "NotOnLink: the address that the client asks for is none of the link that the server puts the client on",
    5: "UseMulticast: the client sent to the server's own address and must not",
}


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last word of the servers is a status that grants nothing."""
    turn = case.last
    if not turn.messages6 or turn.transfers:
        return
    found = refused(turn)
    if not found:
        return
    last = found[-1]
    status = dhcp6_of(last).refusal or (0, b"")
    questions = "REQUEST" if last.type == "REPLY" else "SOLICIT"
    number = sum(message.type == last.type for message in found)
    server = last.packet.source
    evidence = cite_each(found[::-1], "no address granted")
    over = quiet_for(case, pauses.IPV6_REFUSED) or len(found) >= _ENOUGH
    held = _held(turn, found)
    if held is not None:
        evidence += cite(held, "an address that the same client was given before")
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the server {server} gives the client no address: it answered {count(number, questions)} with "
        f"{status_words(status)}",
        evidence,
        _inside(last, status, held),
        severity=None if over else Severity.WARNING,
        server=server,
        values={"dhcp": str(server)},
    )


def _held(turn: Turn, found: Sequence[Message]) -> Message | None:
    """A REPLY before the refusals that gave the same client an address."""
    first = found[0].packet.time
    given = (m for m in turn.messages6 if m.type == "REPLY" and m.packet.time < first and grants(m))
    return next(given, None)


def _inside(message: Message, status: tuple[int, bytes], held: Message | None) -> str:
    """What the other status codes of the message say, and what they mean."""
    others = [other for other in dhcp6_of(message).statuses if other[0] != 0 and other != status]
    sentences = [f"About the address itself it says {status_words(others[0])}."] if others else []
    if status[0] in _MEANINGS:
        sentences.append(f"{_MEANINGS[status[0]]}.")
    if held is not None:
        sentences.append(f"It had given the same client {dhcp6_of(held).addresses[0]} shortly before.")
    return " ".join(sentences)


RULE = Rule(
    id="dhcpv6-no-addresses",
    title="The DHCPv6 server refuses the client an address",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen(">>Start PXE over IPv6, then PXE-E16: No valid offer received", EDK2),
        Screen("Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
        Screen("https://ipxe.org/433b61 to 433b65 and two more digits (433b62: no addresses available)", IPXE),
        Screen("No valid offer received"),
    ),
    causes=(
        "the pool for this link is empty",
        "the stage before, or the firmware's own address configuration, holds the lease under the same DUID",
        "the server has no subnet with a pool for the link that the relay or its interface names",
        "a reservation gives the address to another DUID",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-range=2001:db8::100,2001:db8::fff,64,10m", "a larger pool, short leases"),
        Remedy(Product.ISC_DHCPD, "default-lease-time 600;", "short leases for machines that install"),
        *advice(
            "enlarge the pool, and shorten the lifetimes: firmware, loader and system each take a lease",
            "let the server give the same client a second address, or the same address again: some refuse one that is "
            "in use",
        ),
    ),
    sources=("RFC 8415 sections 18.2.9, 18.2.10 and 21.13", "EDK2 NetworkPkg/Dhcp6Dxe/Dhcp6Io.c", "iPXE dhcpv6.c"),
)
"""The servers' last word is a status that grants nothing."""
