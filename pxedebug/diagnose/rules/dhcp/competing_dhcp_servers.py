"""Two DHCP servers answer the same DISCOVER, or one that the user does not know of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.dhcp_facts import fitting
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, BAD, EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file
from pxedebug.track.story import Offer
from pxedebug.wire.packet import Address, format_mac

__all__ = ["RULE"]


_INTRUDER = "A DHCP server answers that is not among the allowed ones"


def check(case: Case, network: Network) -> Iterator[Found]:
    """Offers of an address from servers with different identities (option 54, else the source) in one stage; relays'
    copies of one server's offer have the same. Same subnet, router and boot data is a pair by design (B-14): info.

    An error only where the boot failed on the data of the server that the client chose and another offered other
    boot data. With a list of legitimate servers, one outside it is an intruder, alone or not.
    """
    allowed = network.allowed_servers
    for turn in case.turns:
        if len(turn.offers) < 2 and not (allowed and turn.offers):
            continue
        first = _by_server(turn)
        intruders = [server for server in first if allowed and server not in allowed]
        intruders = [s for s in intruders if first[s].message.packet.source not in allowed]
        if len(first) < 2 and not intruders:
            continue
        yield _found(turn, first, intruders)


def _by_server(turn: Turn) -> dict[Address, Offer]:
    """Each server's offer of an address: the chosen one, else its first."""
    first: dict[Address, Offer] = {}
    for offer in fitting(turn):
        if offer.server is None or offer.address is None or offer.message.type != "OFFER":
            continue
        if offer.server not in first and any(_lease(offer) == _lease(other) for other in first.values()):
            continue
        if offer.server not in first or offer.chosen:
            first[offer.server] = offer
    return first


def _lease(offer: Offer) -> tuple[object, ...]:
    """The same address and boot data under two identities: one server through two relays that put themselves into
    option 54 (RFC 5107), or a pair that shares its leases."""
    return offer.address, offer.boot_file, offer.next_server


def _found(turn: Turn, first: Mapping[Address, Offer], intruders: Sequence[Address]) -> Found:
    offers = sorted(first.values(), key=lambda offer: offer.message.packet.time)
    chosen = next((offer for offer in offers if offer.chosen), None)
    differ = _differences(offers)
    blamed = chosen is not None and turn.case.outcome in BAD and turn.last
    better = blamed and chosen is not None and any(_better(other, chosen) for other in offers if other is not chosen)
    taken = chosen is not None and chosen.server in intruders
    if better or (blamed and taken):
        severity = Severity.ERROR
    else:
        severity = Severity.WARNING if differ or intruders else Severity.INFO
    if intruders:
        words = " and ".join(map(str, intruders))
        one = len(intruders) == 1
        says = f"the DHCP server{'' if one else 's'} {words} {'is' if one else 'are'} not among the allowed ones"
        if taken:
            says += f", and the client took {'its offer' if one else 'the offer of one'}"
    else:
        says = f"{len(offers)} DHCP servers answer this client: {_listed(offers)}"
        if chosen is not None:
            says += f"; it took the offer of {chosen.server}"
            if better and not chosen.boot_file:
                says += ", which names no boot file"
    fault = intruders[0] if intruders else chosen.server if chosen is not None and better else None
    return Found(
        turn,
        Confidence.CERTAIN,
        says,
        _evidence(offers, chosen),
        title=_INTRUDER if intruders else None,
        more=f"They differ in {', '.join(differ)}." if differ else "They offer the same." if len(offers) > 1 else "",
        severity=severity,
        server=fault,
        values={"dhcp": str(fault or offers[0].server)},
    )


def _listed(offers: Sequence[Offer]) -> str:
    """The servers of two offers or more: `10.0.0.2, 10.0.0.3 and 10.0.0.4`."""
    return f"{', '.join(str(offer.server) for offer in offers[:-1])} and {offers[-1].server}"


def _better(other: Offer, chosen: Offer) -> bool:
    """The offer that was not taken has boot data, and other data."""
    same_file = other.boot_file == chosen.boot_file
    return bool(other.boot_file) and not (same_file and _same_boot_server(other, chosen))


def _same_boot_server(one: Offer, other: Offer) -> bool:
    """The same next-server, or a pair whose members each name themselves."""
    own = one.next_server == one.server and other.next_server == other.server
    return own or one.next_server == other.next_server


def _differences(offers: Sequence[Offer]) -> list[str]:
    """What the servers disagree on, in words."""
    found = []
    if len({_network(offer) for offer in offers}) > 1:
        found.append("the subnet")
    if len({offer.boot_file for offer in offers}) > 1:
        found.append("the boot file")
    elif offers[0].boot_file and not all(_same_boot_server(offers[0], other) for other in offers[1:]):
        found.append("the boot server")
    for code, words in ((3, "the router"), (6, "the DNS servers")):
        if len({dhcp_of(offer.message).options.get(code) for offer in offers}) > 1:
            found.append(words)
    return found


def _network(offer: Offer) -> int:
    """The offered address under its mask; under /24 where there is none."""
    mask = dhcp_of(offer.message).options.get(1, b"")
    bits = int.from_bytes(mask, "big") if len(mask) == 4 else 0xFFFFFF00
    return int(dhcp_of(offer.message).yiaddr) & bits


def _evidence(offers: Sequence[Offer], chosen: Offer | None) -> tuple[Evidence, ...]:
    begin = offers[0].message.packet.time
    evidence: tuple[Evidence, ...] = ()
    for offer in sorted(offers, key=lambda offer: offer is not chosen)[:8]:
        file = boot_file(dhcp_of(offer.message))
        after = offer.message.packet.time - begin
        note = f"{offer.server} ({format_mac(offer.server_mac) or 'no MAC'}) offers {offer.address}, "
        note += f"file {name(file)}" if file else "no boot file"
        note += f", {seconds(after)} after the first" if after else ", the first"
        evidence += cite(offer.message, note + (": chosen" if offer is chosen else ""))
    return evidence


RULE = Rule(
    id="competing-dhcp-servers",
    title="More than one DHCP server answers",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    reach=Reach.ANYWHERE,
    outcomes=ANY,
    screens=(
        Screen("PXE-E53: No boot filename received, now and then", INTEL),
        Screen("PXE-E99: Unexpected network error, now and then", EDK2),
        Screen("Nothing to boot (https://ipxe.org/2d03e13b on BIOS, 2d03e18e on UEFI), now and then", IPXE),
        Screen("some boots work and some do not, by which server is quicker"),
    ),
    causes=(
        "the DHCP server of a home router or of a hypervisor's NAT (VirtualBox, libvirt, Docker) is in this network",
        "a second administrator runs a server",
        "an old router was left in the network",
    ),
    remedies=(
        *advice(
            "switch the other server off; find its switch port by the MAC address in the evidence",
            "let the switches pass DHCP answers from the server's port only (DHCP snooping, trusted ports)",
        ),
        Remedy(Product.DNSMASQ, "dhcp-range=$subnet,proxy", "if the other server must stay: be a proxyDHCP beside it"),
        Remedy(Product.ISC_DHCPD, 'option vendor-class-identifier "PXEClient";', "iPXE prefers such an offer"),
        Remedy(
            Product.CISCO_IOS,
            "ip dhcp snooping\nip dhcp snooping vlan $vlan",
            "and `ip dhcp snooping trust` on the server's port",
        ),
    ),
    sources=(
        "RFC 2131 sections 3.1(2) and 4.4.1",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c (two DHCP servers), PxeBcDhcp4.c PxeBcSelectDhcp4Offer",
        "iPXE src/net/udp/dhcp.c",
    ),
)
