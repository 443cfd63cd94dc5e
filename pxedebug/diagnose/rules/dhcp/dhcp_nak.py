"""The DHCP server refuses the address that the client asks for (RFC 2131 sections 3.1 and 4.3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import (
    EDK2,
    IPXE,
    U_BOOT,
    Product,
    Reach,
    Remedy,
    Rule,
    Screen,
    Step,
    advice,
)
from pxedebug.firmware import server_identity
from pxedebug.track.story import Message
from pxedebug.wire.packet import Address, address

__all__ = ["RULE"]

_TWICE = 2


def check(case: Case, network: Network) -> Iterator[Found]:
    """A NAK to a REQUEST for an offer. Of the chosen server it is fatal when it comes again or ends the attempt; of
    another server a warning when an ACK came as well. One that answers INIT-REBOOT (no option 54) is benign (B-06),
    and one that the client got over by itself is passed over."""
    for turn in case.turns:
        refused = [(asked, nak) for nak in turn.naks if (asked := _asked(turn, nak)) is not None]
        if not refused:
            continue
        asked, nak = refused[-1]
        chosen = address(dhcp_of(asked).options[54])
        server = server_identity(dhcp_of(nak), chosen)
        granted = [ack for ack in turn.acks if ack.packet.time >= asked.packet.time]
        if server == chosen and (granted or not turn.last):
            continue
        yield _found(turn, refused, server, chosen, granted)


def _found(
    turn: Turn, refused: list[tuple[Message, Message]], server: Address, chosen: Address, granted: list[Message]
) -> Found:
    asked, nak = refused[-1]
    lost = server == chosen and (len(refused) >= _TWICE or turn.case.over)
    wanted = dhcp_of(asked).options.get(50, b"")
    about = f"the address {address(wanted)}" if len(wanted) == 4 else "the address"
    often = f" {count(len(refused), 'time')}" if len(refused) > 1 else ""
    says = f"the DHCP server {server} refuses {about} with a NAK{often}"
    if server != chosen:
        says += f", though the client took the offer of {chosen}"
    text = dhcp_of(nak).options.get(56)
    evidence = cite(nak, "NAK") + cite(asked, "the REQUEST that it answers")
    evidence += cite_each([message for pair in refused[:-1] for message in pair], "REQUEST and NAK before")
    evidence += cite_each(granted[:1], "the ACK that came as well")
    return Found(
        turn,
        Confidence.CERTAIN,
        says,
        evidence,
        more=f"The server says: {name(text)}." if text else "",
        severity=Severity.FATAL if lost else Severity.WARNING if granted else Severity.ERROR,
        server=server,
        values={"dhcp": str(server)},
    )


def _asked(turn: Turn, nak: Message) -> Message | None:
    """The REQUEST for an offer that a NAK answers."""
    before = [m for m in turn.requests if m.packet.time <= nak.packet.time and dhcp_of(m).xid == dhcp_of(nak).xid]
    return before[-1] if before and len(dhcp_of(before[-1]).options.get(54, b"")) == 4 else None


RULE = Rule(
    id="dhcp-nak",
    title="The DHCP server refuses the address",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ANYWHERE,
    screens=(
        Screen("PXE-E07: Network device error", EDK2),
        Screen("No configuration methods succeeded (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI)", IPXE),
        Screen("BOOTP broadcast n again and again, then Retry time exceeded; starting again", U_BOOT),
        Screen("the program asks for an address again and again"),
    ),
    causes=(
        "two servers share the network, and one refuses addresses that the other gave",
        "the address was given to another client between OFFER and REQUEST (a race in the pool, failover)",
        "the server takes the client to be in another network than when it made the offer",
        "a reservation contradicts the address that the client asks for",
    ),
    remedies=(
        *advice("let one server only answer for the subnet, or make the two a failover pair"),
        Remedy(Product.ISC_DHCPD, "not authoritative;", "on the server that does not own the subnet"),
        Remedy(Product.KEA, '"authoritative": false', "on the server that does not own the subnet"),
        *advice(
            "with dnsmasq, take `dhcp-authoritative` out on the server that does not own the subnet",
            "update iPXE: builds of March 2021 to February 2023 obey NAKs of servers not asked",
        ),
    ),
    sources=(
        "RFC 2131 sections 3.1(4) and 4.3.2",
        "EDK2 MdeModulePkg or NetworkPkg/Dhcp4Dxe/Dhcp4Io.c, DhcpHandleRequest",
        "ipxe/ipxe issues 66, 798, 879",
    ),
)
