"""The client declines the lease because the ACK is not what was offered, or lacks a subnet mask."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, UEFI, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import server_identity
from pxedebug.track.story import Message

__all__ = ["RULE"]

_EDK2_SAYS = (b"isn't the same", b"upon entering bound", b"upon received ack")
"""Parts of the texts in option 56 by which EDK2 says that it did not like the ACK (Dhcp4Io.c)."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """A DECLINE whose text says so, or one after an ACK with another address than was offered. Any other DECLINE is
    an address conflict: `duplicate-ip-decline`."""
    for turn in case.turns:
        if not turn.naks and not turn.acks:
            continue
        declines = turn.sent("DECLINE")
        if not declines:
            continue
        decline = declines[-1]
        before = [ack for ack in turn.acks if ack.packet.time <= decline.packet.time]
        later = [ack for ack in turn.acks if ack.packet.time > decline.packet.time]
        if not before or later or not turn.last:
            continue
        ack, offer = before[-1], _offer_of(turn, before[-1])
        text = dhcp_of(decline).options.get(56, b"")
        differs = offer is not None and dhcp_of(offer).yiaddr != dhcp_of(ack).yiaddr
        said = any(part in text.lower() for part in _EDK2_SAYS)
        if not differs and not said:
            continue
        yield _found(turn, decline, ack, offer if differs else None, text)


def _found(turn: Turn, decline: Message, ack: Message, offer: Message | None, text: bytes) -> Found:
    given, server = dhcp_of(ack).yiaddr, server_identity(dhcp_of(ack), ack.packet.source)
    if offer is not None:
        why = f"the DHCP server {server} offered {dhcp_of(offer).yiaddr} and then confirmed {given}"
    elif 1 not in dhcp_of(ack).options:
        why = f"the ACK of the DHCP server {server} has no subnet mask (option 1)"
    elif int(given) & 0xFF in (0, 255):
        why = (
            f"the DHCP server {server} gives {given}, which old UEFI takes for the address of a network, not of a host"
        )
    else:
        why = f"the client does not accept the ACK of the DHCP server {server}"
    evidence = cite(decline, "DECLINE") + cite(ack, "the ACK that it rejects")
    if offer is not None:
        evidence += cite(offer, "the offer, with another address")
    return Found(
        turn,
        Confidence.CERTAIN,
        f"{why}, and the client declines the lease",
        evidence,
        more=f"The client says: {name(text)}." if text else "",
        server=server,
        values={"dhcp": str(server)},
    )


def _offer_of(turn: Turn, ack: Message) -> Message | None:
    """The last offer of an address by the server of this ACK."""
    server = server_identity(dhcp_of(ack), ack.packet.source)
    made = [o.message for o in turn.offers if o.server == server and o.address is not None]
    made = [message for message in made if message.packet.time <= ack.packet.time]
    taken = {dhcp_of(message).options.get(50) for message in turn.requests}
    named = [message for message in made if dhcp_of(message).yiaddr.packed in taken]
    return (named or made)[-1] if made else None


RULE = Rule(
    id="ack-rejected-by-client",
    title="The client does not accept the lease that the server confirms",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ANYWHERE,
    screens=(
        Screen("PXE-E07: Network device error (another address than offered)", EDK2),
        Screen("PXE-E21: Remote boot cancelled (no subnet mask)", EDK2),
        Screen("the program declines the address and asks again", UEFI),
    ),
    causes=(
        "the ACK has no subnet mask (option 1), which UEFI insists on",
        "the server gives another address with the ACK than it offered",
        "the address ends in .0 or .255: legal under a mask shorter than /24, but old UEFI builds go by its class",
        "two network cards use the same transaction id",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-option=option:netmask,$mask"),
        Remedy(
            Product.KEA, '"option-data": [{"name": "subnet-mask", "code": 1, "data": "$mask", "always-send": true}]'
        ),
        Remedy(Product.ISC_DHCPD, "option subnet-mask $mask;"),
        *advice("keep addresses that end in .0 or .255 out of the range"),
    ),
    sources=(
        "RFC 2131 section 3.1(5)",
        "EDK2 NetworkPkg/Dhcp4Dxe/Dhcp4Io.c, DhcpLeaseAcquired and DhcpHandleRequest",
        "tianocore/edk2 #6669 (an address that ends in .0)",
    ),
)
